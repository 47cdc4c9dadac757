// What a PDF would do by itself. Poppler is asked for plain objects alone.

#include "ingest/sources/pdf_actions.h"

#include <Object.h>
#include <PDFDoc.h>
#include <XRef.h>

#include <algorithm>
#include <string_view>

namespace archive {
namespace {

constexpr int kObjectsMax = 200'000;
constexpr int kDepthMax = 20;  // direct objects inside each other; ours need four

class ActionSearch {
 public:
  void look(const Object& object, int depth = 0) {
    if (depth > kDepthMax) return;
    if (object.isDict()) {
      look_into(*object.getDict(), depth);
    } else if (object.isStream()) {
      look_into(*object.streamGetDict(), depth);
    } else if (object.isArray()) {
      for (int i = 0; i < object.arrayGetLength(); ++i) look(object.arrayGetNF(i), depth + 1);
    }
  }
  bool script() const { return script_; }
  bool launch() const { return launch_; }

 private:
  void look_into(const Dict& dict, int depth) {
    // An action names its kind under S; a script may also hang in a name tree without one.
    for (int i = 0; i < dict.getLength(); ++i) {
      const std::string_view key = dict.getKey(i);
      const Object& value = dict.getValNF(i);
      if (key == "JS" || (key == "S" && value.isName("JavaScript"))) script_ = true;
      if (key == "S" && value.isName("Launch")) launch_ = true;
      look(value, depth + 1);
    }
  }

  bool script_ = false;
  bool launch_ = false;
};

}  // namespace

std::vector<std::string> look_for_actions(PDFDoc& document) {
  std::vector<std::string> told;
  if (document.isEncrypted()) told.emplace_back("encrypted: opens without a password");
  XRef* table = document.getXRef();
  ActionSearch search;
  const int objects = table->getNumObjects();
  for (int i = 0; i < std::min(objects, kObjectsMax); ++i) {
    const XRefEntry* entry = table->getEntry(i);
    if (entry == nullptr) continue;
    if (entry->type != xrefEntryUncompressed && entry->type != xrefEntryCompressed) continue;
    search.look(table->fetch(i, entry->type == xrefEntryCompressed ? 0 : entry->gen));
    if (search.script() && search.launch()) break;
  }
  if (search.script()) told.emplace_back("active: JavaScript");
  if (search.launch()) told.emplace_back("active: launch");
  if (objects > kObjectsMax) told.emplace_back("partly searched: very many objects");
  return told;
}

}  // namespace archive
