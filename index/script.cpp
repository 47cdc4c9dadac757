#include "index/script.h"

#include <cassert>
#include <opencc/SimpleConverter.hpp>
#include <string>

#include "core/error.h"
#include "core/utf8.h"

namespace archive {
namespace {

std::string converted(const std::string& text) {
  try {
    static const opencc::SimpleConverter to_simplified("t2s.json");
    return to_simplified.Convert(text);
  } catch (const std::exception& error) {
    throw ArchiveError(ErrorKind::index, "script conversion",
                       std::string("the tables of OpenCC cannot be used: ") + error.what(),
                       "install the package libopencc-data");
  }
}

}  // namespace

std::u32string simplified_each(std::u32string_view text) {
  // A line break between any two keeps OpenCC from seeing words.
  std::u32string lines;
  lines.reserve(text.size() * 2);
  for (char32_t c : text) {
    lines += c;
    lines += U'\n';
  }
  const std::u32string answer = code_points(converted(utf8(lines)));
  std::u32string simple(text);
  std::size_t at = 0;
  for (char32_t& c : simple) {
    const std::size_t end = answer.find(U'\n', at);
    if (end == at + 1) c = answer[at];
    at = end + 1;
  }
  return simple;
}

}  // namespace archive
