#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace archive {

/// Why a text is not a credit code or an organisation code: the first check that failed.
enum class CreditCodeFault { length, character, check_character };
std::string_view name_of(CreditCodeFault fault);

/// A unified social credit code 统一社会信用代码 (GB 32100-2015) whose check holds.
///
///     9 1 350100 M000100Y4 3
///     | | region subject   check
///     | kind of the organisation
///     department that registered it
///
/// parse() is the only way to get one. Digits and capital letters except I, O, S, V, Z.
class CreditCode {
 public:
  static Result<CreditCode, CreditCodeFault> parse(std::string_view text);

  /// The check character after 17 characters: weights 3^i modulo 31.
  /// REQUIRES: `body` is 17 characters of the alphabet.
  static char check_character(std::string_view body);

  const std::string& text() const { return text_; }
  std::string region() const { return text_.substr(2, 6); }        ///< GB/T 2260
  std::string organisation() const { return text_.substr(8, 9); }  ///< the old organisation code

  auto operator<=>(const CreditCode&) const = default;

 private:
  explicit CreditCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// An organisation code 组织机构代码 (GB 11714), used until 2015: 8 digits or capital
/// letters and a check character, printed with or without a hyphen: D2143569-X.
class OrganisationCode {
 public:
  static Result<OrganisationCode, CreditCodeFault> parse(std::string_view text);

  /// REQUIRES: `body` is 8 digits or capital letters.
  static char check_character(std::string_view body);

  const std::string& text() const { return text_; }  ///< 9 characters, no hyphen

  auto operator<=>(const OrganisationCode&) const = default;

 private:
  explicit OrganisationCode(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace archive
