#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// A regular expression over UTF-8 (RE2 syntax: no look-around, no back-references).
/// Time grows with the length of the text only, so that a page cannot be made that
/// keeps it busy. Cheap to copy; safe to use from several threads.
class Pattern {
 public:
  /// A part of a text, in bytes.
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// Nothing when the expression is wrong; `fault` then says why.
  static std::optional<Pattern> compile(std::string_view expression, std::string* fault = nullptr);

  /// For expressions that stand in the program: a wrong one throws std::logic_error.
  static Pattern of(std::string_view expression);

  /// True when it matches anywhere in the text.
  bool found_in(std::string_view text) const;

  /// The first match: the whole of it, then each group. A group that took no part has
  /// begin == end == 0. Empty when there is no match.
  std::vector<Span> first_in(std::string_view text, std::size_t from = 0) const;

  int groups() const;
  const std::string& expression() const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;  // shared by the copies; immutable
};

}  // namespace archive
