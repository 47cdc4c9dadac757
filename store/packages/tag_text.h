#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The texts of a bag: tag files (RFC 8493, sections 2.1 to 2.2).

namespace archive {

/// The bytes of a tag file as UTF-8, without a byte order mark. `encoding` is a name that the bag
/// declared. Nothing when nobody knows the encoding, or the bytes are not in it.
std::optional<std::string> tag_text(std::string_view bytes, const std::string& encoding);

/// Lines end with LF, CR or CRLF; the last one needs no end.
std::vector<std::string> tag_lines(std::string_view text);

/// "Label: value"; a line that begins with a blank goes on with the value before.
struct TagElement {
  std::string label;
  std::string value;
};
/// Nothing where a line has no label.
std::optional<std::vector<TagElement>> tag_elements(std::string_view text);

/// The lines of an element, wrapped as section 2.2.2 asks.
std::string tag_element_text(const TagElement& element);

}  // namespace archive
