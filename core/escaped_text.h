#pragma once

#include <string>
#include <string_view>

namespace archive {

/// Adds a text as the formats of docs/STORE_FORMAT.md keep it in one column of one line: `\\` `\t`
/// `\n`
/// `\r` `\xHH` stand for a backslash, a tab, a newline, a return and other control characters.
void append_escaped(std::string& out, std::string_view text);

inline std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

}  // namespace archive
