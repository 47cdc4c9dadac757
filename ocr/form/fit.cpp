#include "ocr/form/fit.h"

#include <algorithm>

#include "core/utf8.h"
#include "ocr/form/fit_parts.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

// Below this the recogniser may have taken a letter for a digit.
constexpr double kSureCharacter = 0.9;
constexpr std::size_t kSignsMax = 400;

}  // namespace

bool is_one_of(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}

char32_t digit_alike(char32_t c) {
  switch (c) {
    case U'O':
    case U'o':
    case U'D':
    case U'Q':
    case U'〇':
    case U'○':
      return U'0';
    case U'l':
    case U'I':
    case U'i':
    case U'|':
    case U'!':
    case U'丨':
      return U'1';
    case U'Z':
    case U'z':
      return U'2';
    case U'S':
    case U's':
      return U'5';
    case U'b':
      return U'6';
    case U'B':
      return U'8';
    case U'g':
    case U'q':
      return U'9';
    default:
      return c;
  }
}

std::u32string text_of(const std::vector<Sign>& signs, bool digits) {
  std::u32string text;
  for (const Sign& sign : signs) {
    const bool unsure = sign.confidence < kSureCharacter;
    text += digits && unsure ? digit_alike(sign.c) : sign.c;
  }
  return text;
}

std::vector<Sign> part(const std::vector<Sign>& signs, std::size_t begin, std::size_t end) {
  return {signs.begin() + static_cast<std::ptrdiff_t>(begin),
          signs.begin() + static_cast<std::ptrdiff_t>(end)};
}

Fitted fitted(const std::vector<Sign>& signs, std::size_t begin, std::size_t end, std::string value,
              double quality) {
  Fitted result;
  result.signs = part(signs, begin, end);
  result.raw = printed_text(result.signs);
  result.value = std::move(value);
  result.fit = quality;
  return result;
}

std::string narrow(std::u32string_view text) {
  std::string result;
  for (char32_t c : text) result += c < 0x80 ? static_cast<char>(c) : '?';
  return result;
}

int number_of(const std::string& text, const Pattern::Span& span) {
  return std::stoi(text.substr(span.begin, span.end - span.begin));
}

std::string printed_text(const std::vector<Sign>& signs) {
  std::string text;
  for (std::size_t i = 0; i < signs.size(); ++i) {
    // Words of Latin letters keep the space between them; hanzi need none.
    const bool between_words =
        i > 0 && signs[i].gap_before && is_latin(signs[i].c) && is_latin(signs[i - 1].c);
    if (between_words) text += ' ';
    text += utf8(signs[i].printed);
  }
  return text;
}

namespace {

std::optional<Fitted> fit_of_type(const FieldDescription& field, const std::vector<Sign>& signs) {
  switch (field.type) {
    case ValueType::id18:
      return fit_id(signs);
    case ValueType::credit_code:
      return fit_credit_code(signs);
    case ValueType::date:
    case ValueType::year_month:
      return fit_date(field, signs);
    case ValueType::money:
      return fit_money(signs);
    case ValueType::integer:
      return fit_integer(field, signs);
    case ValueType::rate:
      return fit_rate(signs);
    case ValueType::phone:
      return fit_figures(signs, 7, 13, U"-");
    case ValueType::bank_account:
      return fit_figures(signs, 8, 32, U"-");
    case ValueType::page_range:
      return fit_page_range(signs);
    case ValueType::name:
      return fit_name(signs);
    case ValueType::choice:
      return fit_choice(field, signs);
    case ValueType::code:
      return fit_code(field, signs);
    case ValueType::capitals:
      return fit_capitals(signs);
    case ValueType::text:
    case ValueType::address:
      return fit_text(field, signs);
    case ValueType::page_stamp:
    case ValueType::mark:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fitted> fit(const FieldDescription& field, const std::vector<Sign>& all) {
  const std::vector<Sign> signs = all.size() > kSignsMax ? part(all, 0, kSignsMax) : all;
  if (signs.empty()) return std::nullopt;
  std::optional<Fitted> value = fit_of_type(field, signs);
  if (value && value->signs.size() < field.length_min) return std::nullopt;
  return value;
}

std::vector<Sign> certain_signs(std::string_view text) {
  std::vector<Sign> signs;
  for (char32_t c : code_points(text)) {
    Sign sign;
    sign.c = folded(c);
    sign.printed = c;
    sign.confidence = 1;
    if (sign.c != 0) signs.push_back(sign);
  }
  return signs;
}

std::string normalised(const FieldDescription& field, const std::string& text) {
  const auto value = fit(field, certain_signs(text));
  return value ? value->value : std::string();
}

}  // namespace archive::form
