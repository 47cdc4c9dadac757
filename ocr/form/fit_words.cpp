#include <algorithm>

#include "core/money.h"
#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fit_parts.h"
#include "ocr/form/fold.h"

namespace archive::form {

std::optional<Fitted> fit_name(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, false);
  std::size_t begin = 0;
  while (begin < text.size() && !is_hanzi(text[begin]) && !is_latin(text[begin])) ++begin;
  std::size_t end = begin;
  while (end < text.size() && (is_hanzi(text[end]) || text[end] == 0xB7 || is_latin(text[end]))) {
    ++end;
  }
  while (end > begin && text[end - 1] == 0xB7) --end;
  const std::size_t length = end - begin;
  const bool dotted = text.find(0xB7) != std::u32string::npos;
  const bool latin = std::ranges::any_of(text.substr(begin, length), is_latin);
  if (length == 0 || (length > 4 && !dotted && !latin)) return std::nullopt;
  const double quality = length >= 2 && length <= 4 ? 1 : length <= 1 ? 0.3 : 0.5;
  const std::vector<Sign> own = part(signs, begin, end);
  return fitted(signs, begin, end, printed_text(own), end < text.size() ? quality * 0.9 : quality);
}

namespace {

bool is_filler(char32_t c) { return is_one_of(U":;,.。、*□☐口√✓", c); }

/// Without what belongs to the label in front and the specks behind.
Run trimmed(const std::vector<Sign>& signs) {
  std::size_t begin = 0, end = signs.size();
  while (begin < end && is_one_of(U":;,.。、|·'`", signs[begin].c)) ++begin;
  while (end > begin && is_one_of(U":;,、|", signs[end - 1].c)) --end;
  while (end > begin + 1 && is_one_of(U".·?'`^~*", signs[end - 1].c) &&
         is_hanzi(signs[end - 2].c)) {
    --end;
  }
  return {begin, end};
}

/// The numbers of papers are written in one way, X人社工认〔2020〕905号, however the
/// brackets were read; between digits a letter is a digit.
std::string paper_number(const std::vector<Sign>& signs) {
  std::u32string text;
  for (std::size_t i = 0; i < signs.size(); ++i) {
    char32_t c = signs[i].printed;
    const bool after_digit = i > 0 && is_digit(signs[i - 1].c);
    const bool before_digit = i + 1 < signs.size() && is_digit(signs[i + 1].c);
    if (after_digit && before_digit) c = digit_alike(c);
    if (!is_one_of(U".·,", c)) text += c;
  }
  for (std::size_t i = 0; i + 5 < text.size(); ++i) {
    const bool year = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                  text.begin() + static_cast<std::ptrdiff_t>(i) + 5, is_digit);
    if (year && is_one_of(U"([〔（［【", text[i]) && is_one_of(U")]〕）］】", text[i + 5])) {
      text[i] = U'〔';
      text[i + 5] = U'〕';
    }
  }
  return utf8(text);
}

}  // namespace

std::optional<Fitted> fit_text(const FieldDescription& field, const std::vector<Sign>& signs) {
  if (std::ranges::all_of(signs, [](const Sign& s) { return is_filler(s.c); })) {
    return std::nullopt;
  }
  const Run run = trimmed(signs);
  if (run.size() == 0) return std::nullopt;
  const std::vector<Sign> own = part(signs, run.begin, run.end);
  const bool opened = own.front().c == U'(';
  if (opened && std::ranges::none_of(own, [](const Sign& s) { return s.c == U')'; })) {
    return std::nullopt;
  }
  const bool letters =
      std::ranges::any_of(own, [](const Sign& s) { return is_digit(s.c) || is_latin(s.c); });
  const bool number_wanted = field.id.ends_with("_no") || field.id.ends_with("number");
  std::string value = number_wanted ? paper_number(own) : printed_text(own);
  double quality = 0.7;
  if (number_wanted) quality = letters ? 0.9 : 0.2;
  if (field.type == ValueType::address) quality = own.size() >= 4 ? 0.85 : 0.4;
  return fitted(signs, run.begin, run.end, std::move(value), quality);
}

/// The longest word of the list inside a text that is more than it: what else stands there was
/// stamped over it.
std::optional<Fitted> fit_stamped_choice(const FieldDescription& field,
                                         const std::vector<Sign>& signs, std::u32string_view text) {
  constexpr std::size_t kWordMin = 2;
  std::u32string longest;
  for (const std::string& choice : field.choices) {
    std::u32string word = folded(choice);
    const bool longer = word.size() >= kWordMin && word.size() > longest.size();
    if (longer && text.find(word) != std::u32string_view::npos) longest = std::move(word);
  }
  if (longest.empty()) return std::nullopt;
  const std::size_t at = text.find(longest);
  Fitted result = fitted(signs, at, at + longest.size(), utf8(longest), 0.5);
  result.validity = FieldValidity::suspicious;
  result.problem = "choice unclear";
  return result;
}

/// A word of the list, with noise behind it; or whatever is printed.
std::optional<Fitted> fit_choice(const FieldDescription& field, const std::vector<Sign>& signs) {
  Run run = trimmed(signs);
  // The box before the word, or what it was read as.
  while (run.size() > 1 && is_one_of(U"□☐☑■口√✓", signs[run.begin].c)) ++run.begin;
  const std::vector<Sign> own = part(signs, run.begin, run.end);
  if (own.empty()) return std::nullopt;
  std::u32string text;
  for (const Sign& sign : own) text += sign.c;
  for (const std::string& choice : field.choices) {
    const std::u32string word = folded(choice);
    if (!text.starts_with(word)) continue;
    const std::size_t rest = text.size() - word.size();
    return fitted(signs, run.begin, run.begin + word.size(), utf8(word),
                  rest == 0   ? 1
                  : rest <= 4 ? 0.75
                              : 0.5);
  }
  if (auto stamped = fit_stamped_choice(field, own, text)) return stamped;
  const auto hanzi = std::ranges::count_if(text, is_hanzi);
  if (hanzi * 2 < static_cast<std::ptrdiff_t>(text.size())) return std::nullopt;
  return fitted(signs, run.begin, run.end, printed_text(own), own.size() <= 8 ? 0.6 : 0.35);
}

/// Letters and digits that stand together; a number with words in front is kept whole.
std::optional<Fitted> fit_code(const FieldDescription& field, const std::vector<Sign>& signs) {
  const Run all = trimmed(signs);
  const std::u32string text = text_of(signs, true);
  std::size_t end = all.begin;
  while (end < all.end && (is_digit(text[end]) || is_latin(text[end]) || text[end] == U'-')) ++end;
  const std::size_t length = end - all.begin;
  if (length < 2) {
    auto whole = fit_text(field, signs);
    if (whole) whole->fit = std::min(whole->fit, 0.4);
    return whole;
  }
  return fitted(signs, all.begin, end, narrow(std::u32string_view(text).substr(all.begin, length)),
                length >= 4 ? 1 : 0.7);
}

std::optional<Fitted> fit_capitals(const std::vector<Sign>& signs) {
  constexpr std::u32string_view kCapitals =
      U"零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正"
      U"〇一二三四五六七八九十百千貳參陸萬億圓";
  const std::u32string text = text_of(signs, false);
  const Run run = longest_run(text, [&](char32_t c) { return is_one_of(kCapitals, c); });
  if (run.size() < 2) return std::nullopt;
  const Run whole = trimmed(signs);
  const auto money = Money::parse(utf8(text.substr(run.begin, run.size())));
  // A character that is no numeral was misread: the amount is kept as it was read.
  const bool clean = money.has_value() || run.size() * 2 < whole.size();
  const Run& own = clean ? run : whole;
  Fitted result = fitted(signs, own.begin, own.end, printed_text(part(signs, own.begin, own.end)),
                         money ? 1 : 0.6);
  if (!money) {
    result.validity = FieldValidity::suspicious;
    result.problem = "money " + std::string(name_of(money.error()));
  }
  return result;
}

}  // namespace archive::form
