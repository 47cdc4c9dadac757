#include "ingest/spreadsheet/xml_stream.h"

#include <expat.h>

#include <exception>
#include <utility>

#include "core/error.h"

namespace archive {
namespace {

constexpr char kNamespaceEnd = '\n';  // cannot stand in a name

std::string_view local(std::string_view name) {
  const std::size_t end = name.rfind(kNamespaceEnd);
  return end == std::string_view::npos ? name : name.substr(end + 1);
}

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (local(*pair) == name) return pair[1];
  }
  return {};
}

struct XmlStream::State {
  std::string where;
  XmlListener& listener;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser;
  std::exception_ptr failure = nullptr;

  State(std::string name, XmlListener& to)
      : where(std::move(name)),
        listener(to),
        parser(XML_ParserCreateNS("UTF-8", kNamespaceEnd), &XML_ParserFree) {}

  // No exception may pass through the library, which is C.
  template <class Call>
  static void guarded(void* self, Call call) {
    auto& state = *static_cast<State*>(self);
    if (state.failure != nullptr) return;
    try {
      call(state);
    } catch (...) {
      state.failure = std::current_exception();
      XML_StopParser(state.parser.get(), XML_FALSE);
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw ArchiveError(ErrorKind::input_missing, where, what,
                       "save it again as .xlsx, or as CSV in UTF-8");
  }

  void parse(std::string_view bytes, bool last) {
    const XML_Status status = XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()),
                                        last ? XML_TRUE : XML_FALSE);
    if (failure != nullptr) std::rethrow_exception(std::exchange(failure, nullptr));
    if (status != XML_STATUS_OK) refuse("the part is no XML as a workbook has it");
  }
};

XmlStream::XmlStream(std::string where, XmlListener& listener)
    : state_(std::make_unique<State>(std::move(where), listener)) {
  XML_Parser parser = state_->parser.get();
  if (parser == nullptr) throw std::bad_alloc();
  XML_SetUserData(parser, state_.get());
  XML_SetElementHandler(
      parser,
      [](void* self, const XML_Char* name, const XML_Char** attributes) {
        State::guarded(self, [&](State& state) {
          state.listener.begin(local(name), XmlAttributes(attributes));
        });
      },
      [](void* self, const XML_Char* name) {
        State::guarded(self, [&](State& state) { state.listener.end(local(name)); });
      });
  XML_SetCharacterDataHandler(parser, [](void* self, const XML_Char* piece, int length) {
    State::guarded(self, [&](State& state) {
      state.listener.text({piece, static_cast<std::size_t>(length)});
    });
  });
  XML_SetStartDoctypeDeclHandler(
      parser, [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        State::guarded(self, [](State& state) {
          state.refuse("the part declares a document type, which no workbook does");
        });
      });
}

XmlStream::~XmlStream() = default;

void XmlStream::feed(std::string_view bytes) { state_->parse(bytes, false); }

void XmlStream::finish() { state_->parse({}, true); }

}  // namespace archive
