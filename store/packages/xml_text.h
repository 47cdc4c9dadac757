#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace archive {

/// Text that XML 1.0 can hold: control characters and what is no UTF-8 become U+FFFD.
std::string xml_text(std::string_view text);

/// Adds an element with text; nothing where the text is empty.
void add_text(pugi::xml_node parent, const char* name, std::string_view text);
/// The same, with an empty element where the text is.
pugi::xml_node add_element(pugi::xml_node parent, const char* name, std::string_view text);

std::string xml_bytes(const pugi::xml_document& document);
/// The same for a browser: no declaration, and every element has an end.
std::string html_bytes(const pugi::xml_document& document);

}  // namespace archive
