#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace archive {

/// How an office makes the number 档号 of an item from that of its volume and its sequence 件号:
///
///     {volume}-{item:4}     SB1-2017-ZJ-6649-0001
///     {volume}·{item:03}    SB1-2017-ZJ-6649·001
///     {volume}/{item}       SB1-2017-ZJ-6649/1
///
/// {item:N} has N digits at least, with zeros in front. Both stand in it once, and a sign that is
/// no digit parts them, so that no two items have one number.
class ItemNumberPattern {
 public:
  static constexpr std::string_view kUsual = "{volume}-{item:4}";
  static constexpr int kDigitsMax = 9;

  ItemNumberPattern();  ///< kUsual

  /// The failure says what is wrong with the text, and names the nearest part where one is not
  /// known.
  static Result<ItemNumberPattern, std::string> parse(std::string_view text);

  /// REQUIRES: sequence > 0.
  std::string number(std::string_view volume, int sequence) const;
  const std::string& text() const { return text_; }

 private:
  struct Part {
    enum class Kind { literal, volume, item };
    Kind kind = Kind::literal;
    std::string literal;
    int digits = 0;
  };
  struct Empty {};
  explicit ItemNumberPattern(Empty) {}
  static Result<Part, std::string> part_named(std::string_view name);
  std::string fault() const;  // of the parts as a whole; empty when there is none

  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace archive
