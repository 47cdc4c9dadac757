#include "store/packages/tag_text.h"

#include <iconv.h>

#include <algorithm>
#include <memory>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return small(x) == small(y);
  });
}

/// What a name of an encoding may hold: never a switch of the converter, such as "//IGNORE".
bool is_encoding_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == '.' || c == ':';
  });
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<std::string> tag_text(std::string_view bytes, const std::string& encoding) {
  if (!is_encoding_name(encoding)) return std::nullopt;
  std::string text;
  if (same_letters(encoding, "UTF-8") || same_letters(encoding, "UTF8")) {
    if (!is_utf8(bytes)) return std::nullopt;
    text = bytes;
  } else {
    const iconv_t converter = iconv_open("UTF-8", encoding.c_str());
    if (converter == iconv_t(-1)) return std::nullopt;
    const std::unique_ptr<void, int (*)(iconv_t)> closing(converter, &iconv_close);
    std::string input(bytes);
    text.resize(bytes.size() * 4 + 4);  // the most that a byte becomes
    char* in = input.data();
    std::size_t in_left = input.size();
    char* out = text.data();
    std::size_t out_left = text.size();
    if (iconv(converter, &in, &in_left, &out, &out_left) == std::size_t(-1)) return std::nullopt;
    text.resize(text.size() - out_left);
  }
  if (text.starts_with(kUtf8Mark)) text.erase(0, kUtf8Mark.size());
  return text;
}

std::vector<std::string> tag_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n");
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    const bool both = text.substr(end).starts_with("\r\n");
    text.remove_prefix(end + (both ? 2 : 1));
  }
  return lines;
}

std::optional<std::vector<TagElement>> tag_elements(std::string_view text) {
  std::vector<TagElement> elements;
  for (const std::string& line : tag_lines(text)) {
    if (without_blanks(line).empty()) continue;
    if (line.front() == ' ' || line.front() == '\t') {
      if (elements.empty()) return std::nullopt;
      elements.back().value += " " + std::string(without_blanks(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    elements.push_back({std::string(without_blanks(std::string_view(line).substr(0, colon))),
                        std::string(without_blanks(std::string_view(line).substr(colon + 1)))});
  }
  return elements;
}

std::string tag_element_text(const TagElement& element) {
  // A value is one line to whoever reads it: what would end it becomes a blank.
  std::string value = element.value;
  std::ranges::replace_if(
      value, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return element.label + ": " + value + "\n";
}

}  // namespace archive
