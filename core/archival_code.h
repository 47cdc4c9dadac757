#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace archive {

/// Why a text is not an archive number: the first check that failed.
enum class ArchivalCodeFault { empty, length, character, grouping };
std::string_view name_of(ArchivalCodeFault fault);

/// An archive number 档号 (DA/T 13): groups between hyphens, from the fonds down to
/// the item, such as A182-WS·2022-Y-XZ-0001 (fonds, category and year, retention,
/// office, item). Which groups there are is each archive's own rule, so this type
/// keeps the shape only: two groups or more, none empty, at least one with a digit.
///
/// One number has one text: full-width signs are narrowed, long dashes become
/// hyphens, the signs • and ・ become the middle dot, letters become capitals.
class ArchivalCode {
 public:
  static constexpr std::size_t kLengthMax = 64;  ///< characters

  static Result<ArchivalCode, ArchivalCodeFault> parse(std::string_view text);

  const std::string& text() const { return text_; }

  auto operator<=>(const ArchivalCode&) const = default;

 private:
  explicit ArchivalCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace archive
