#include "store/packages/xml_text.h"

#include <sstream>

#include "core/utf8.h"

namespace archive {

std::string xml_text(std::string_view text) {
  std::u32string points = code_points(text);
  for (char32_t& c : points) {
    const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (control || c == 0xFFFE || c == 0xFFFF) c = 0xFFFD;
  }
  return utf8(points);
}

void add_text(pugi::xml_node parent, const char* name, std::string_view text) {
  if (!text.empty()) add_element(parent, name, text);
}

pugi::xml_node add_element(pugi::xml_node parent, const char* name, std::string_view text) {
  pugi::xml_node node = parent.append_child(name);
  node.text().set(xml_text(text).c_str());
  return node;
}

std::string xml_bytes(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

std::string html_bytes(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(
      out, " ",
      pugi::format_indent | pugi::format_no_declaration | pugi::format_no_empty_element_tags,
      pugi::encoding_utf8);
  return out.str();
}

}  // namespace archive
