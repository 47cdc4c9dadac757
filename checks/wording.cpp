#include "checks/wording.h"

#include <algorithm>
#include <utility>

namespace archive {

Wording& Wording::paper(std::string_view doc_type) {
  const DocumentType* type = tables_.forms.type(doc_type);
  words_["paper_zh"] = type == nullptr ? std::string(doc_type) : type->name_zh;
  words_["paper_en"] = type == nullptr ? std::string(doc_type) : type->name_en;
  return *this;
}

Wording& Wording::field(std::string_view doc_type, std::string_view field) {
  paper(doc_type);
  words_["field_zh"] = words_["field_en"] = field;
  const FormDescription* form = tables_.forms.form(doc_type);
  if (form == nullptr) return *this;
  const auto found = std::ranges::find(form->fields, field, &FieldDescription::id);
  if (found == form->fields.end()) return *this;
  words_["field_zh"] = found->label_zh;
  words_["field_en"] = found->name_en;
  return *this;
}

Wording& Wording::word(std::string_view blank, std::string text) {
  words_[std::string(blank)] = std::move(text);
  return *this;
}

std::map<std::string, std::string> words_for(const CheckTables& tables, const PageFact& page,
                                             std::string_view field) {
  return Wording(tables).field(page.doc_type, field).take();
}

}  // namespace archive
