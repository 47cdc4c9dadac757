#include "core/credit_code.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/digits.h"

namespace archive {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

bool in_alphabet(char c) { return kAlphabet.find(c) != std::string_view::npos; }

bool is_organisation_sign(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string_view name_of(CreditCodeFault fault) {
  switch (fault) {
    case CreditCodeFault::length:
      return "length";
    case CreditCodeFault::character:
      return "character";
    case CreditCodeFault::check_character:
      return "check_character";
  }
  return "unknown";
}

Result<CreditCode, CreditCodeFault> CreditCode::parse(std::string_view text) {
  if (text.size() != 18) return Failure{CreditCodeFault::length};
  if (!std::ranges::all_of(text, in_alphabet)) return Failure{CreditCodeFault::character};
  if (text.back() != check_character(text.substr(0, 17))) {
    return Failure{CreditCodeFault::check_character};
  }
  return CreditCode(std::string(text));
}

char CreditCode::check_character(std::string_view body) {
  assert(body.size() == 17);
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (char c : body) {
    assert(in_alphabet(c));
    sum += kAlphabet.find(c) * weight;
    weight = weight * 3 % 31;
  }
  return kAlphabet[(31 - sum % 31) % 31];
}

Result<OrganisationCode, CreditCodeFault> OrganisationCode::parse(std::string_view text) {
  std::string bare(text);
  if (bare.size() == 10 && bare[8] == '-') bare.erase(8, 1);
  if (bare.size() != 9) return Failure{CreditCodeFault::length};
  if (!std::ranges::all_of(bare, is_organisation_sign)) {
    return Failure{CreditCodeFault::character};
  }
  if (bare.back() != check_character(std::string_view(bare).substr(0, 8))) {
    return Failure{CreditCodeFault::check_character};
  }
  return OrganisationCode(std::move(bare));
}

char OrganisationCode::check_character(std::string_view body) {
  assert(body.size() == 8);
  constexpr std::array kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const int value = is_digit(body[i]) ? body[i] - '0' : body[i] - 'A' + 10;
    sum += value * kWeights[i];
  }
  return "0X987654321"[sum % 11];
}

}  // namespace archive
