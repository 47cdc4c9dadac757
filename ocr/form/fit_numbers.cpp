#include <algorithm>

#include "core/citizen_id.h"
#include "core/credit_code.h"
#include "core/digits.h"
#include "core/money.h"
#include "core/page_range.h"
#include "core/utf8.h"
#include "ocr/form/fit_parts.h"
#include "ocr/form/fold.h"
#include "ocr/form/id_decoder.h"

namespace archive::form {

namespace {

bool is_id_character(char32_t c) { return is_digit(c) || is_one_of(U"Xx*", c); }

/// The signs without specks that were read as points between two digits.
std::vector<Sign> without_specks(const std::vector<Sign>& signs, const std::u32string& text) {
  std::vector<Sign> kept;
  for (std::size_t i = 0; i < signs.size(); ++i) {
    const bool speck = is_one_of(U".,·、:'`", text[i]) && i > 0 && i + 1 < signs.size() &&
                       is_digit(text[i - 1]) && is_id_character(text[i + 1]);
    if (!speck) kept.push_back(signs[i]);
  }
  return kept;
}

std::optional<Fitted> id_in(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  const Run run = longest_run(text, is_id_character);
  if (run.size() < 8) return std::nullopt;
  std::string value = narrow(std::u32string_view(text).substr(run.begin, run.size()));
  if (value.back() == 'x') value.back() = 'X';
  const auto id = CitizenId::parse(value);
  double quality = run.size() == 18 || run.size() == 15 ? 0.95 : run.size() >= 14 ? 0.5 : 0.2;
  if (id) quality = 1;
  Fitted result = fitted(signs, run.begin, run.end, value, quality);
  if (!id) {
    result.validity = FieldValidity::invalid;
    result.problem = "V01 " + std::string(name_of(id.error()));
    if (auto guess = likeliest_id(result.signs, value)) {
      result.value = std::move(*guess);
      result.validity = FieldValidity::suspicious;
    }
  }
  return result;
}

}  // namespace

std::optional<Fitted> fit_id(const std::vector<Sign>& signs) {
  const std::optional<Fitted> as_read = id_in(signs);
  if (as_read && as_read->fit >= 0.95) return as_read;
  const std::optional<Fitted> cleaned = id_in(without_specks(signs, text_of(signs, true)));
  const auto fit = [](const std::optional<Fitted>& id) { return id ? id->fit : 0; };
  return fit(cleaned) > fit(as_read) ? cleaned : as_read;
}

namespace {

/// The alphabet of credit codes has no I, O, S, V, Z: such a letter is a digit misread.
char32_t credit_sign(char32_t c) {
  if (c >= U'a' && c <= U'z') c = c - U'a' + U'A';
  switch (c) {
    case U'O':
    case U'o':
      return U'0';
    case U'I':
    case U'l':
    case U'|':
      return U'1';
    case U'S':
      return U'5';
    case U'Z':
      return U'2';
    default:
      return c;
  }
}

}  // namespace

std::optional<Fitted> fit_credit_code(const std::vector<Sign>& signs) {
  std::u32string text = text_of(signs, false);
  const Run run = longest_run(
      text, [](char32_t c) { return is_digit(c) || is_latin(c) || c == U'-' || c == U'|'; });
  if (run.size() < 8) return std::nullopt;
  std::u32string code = text.substr(run.begin, run.size());
  const bool organisation = run.size() <= 10;
  if (!organisation) std::ranges::transform(code, code.begin(), credit_sign);
  std::erase(code, U'-');
  const std::string value = narrow(code);
  const auto whole = CreditCode::parse(value);
  const auto old = OrganisationCode::parse(value);
  const double quality = whole || old ? 1 : run.size() == 18 ? 0.9 : 0.4;
  Fitted result = fitted(signs, run.begin, run.end, value, quality);
  if (!whole && !old) {
    result.validity = FieldValidity::invalid;
    result.problem = (organisation ? "V04 " : "V03 ") +
                     std::string(name_of(organisation ? old.error() : whole.error()));
  }
  return result;
}

namespace {

constexpr std::u32string_view kSeparators = U".,。、:";

/// 6,81200 and 6.53952: one separator before three digits of a group and two more, whose point
/// was not read.
bool lost_point(std::u32string_view text) {
  const auto first = text.find_first_of(kSeparators);
  return first != std::u32string_view::npos && first >= 1 && first <= 3 &&
         first == text.find_last_of(kSeparators) && text.size() - first == 6;
}

/// Figures with separators that may have been misread: the last one before exactly two
/// digits is the point, all others part groups.
std::string plain_figures(std::u32string_view text) {
  std::string plain;
  const auto last = text.find_last_of(kSeparators);
  const bool point =
      last != std::u32string_view::npos && (text.size() - last - 1 <= 2 || text[last] == U'.');
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i]) || (text[i] == U'-' && i == 0)) plain += static_cast<char>(text[i]);
    if (point && !lost_point(text) && i == last && i + 1 < text.size()) plain += '.';
  }
  if (lost_point(text)) plain.insert(plain.size() - 2, ".");
  return plain;
}

}  // namespace

std::optional<Fitted> fit_money(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  const auto belongs = [](char32_t c) { return is_digit(c) || is_one_of(U".,。、:", c); };
  Run best;
  std::size_t most = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) {
      // Two numbers a gap apart are two numbers, unless the gap is the OCR's own.
      if (end > at && signs[end].gap_before &&
          signs[end].x0 - signs[end - 1].x1 > signs[end].height * 0.6) {
        break;
      }
      ++end;
    }
    const auto digits = static_cast<std::size_t>(
        std::count_if(text.begin() + static_cast<std::ptrdiff_t>(at),
                      text.begin() + static_cast<std::ptrdiff_t>(end), is_digit));
    const bool percent = end < text.size() && is_one_of(U"%‰", text[end]);
    if (digits > most && !percent) {
      best = {at, end};
      most = digits;
    }
    at = std::max(end, at + 1);
  }
  if (most == 0) return std::nullopt;
  // A letter in front is what became of the currency sign.
  while (best.size() > 0 && is_one_of(U"YyZz", signs[best.begin].c)) ++best.begin;
  while (best.size() > 0 && !is_digit(text[best.begin])) ++best.begin;
  while (best.size() > 0 && !is_digit(text[best.end - 1])) --best.end;
  if (best.begin > 0 && text[best.begin - 1] == U'-') --best.begin;
  const std::u32string_view own = std::u32string_view(text).substr(best.begin, best.size());
  const auto money = Money::parse(plain_figures(own));
  const bool cents = own.size() > 3 && own[own.size() - 3] == U'.';
  Fitted result =
      fitted(signs, best.begin, best.end, money ? money->text() : narrow(own), cents ? 1 : 0.8);
  if (!money) {
    result.validity = FieldValidity::suspicious;
    result.problem = "money " + std::string(name_of(money.error()));
    result.fit = 0.4;
  }
  if (money && lost_point(own)) {
    result.validity = FieldValidity::suspicious;
    result.problem = "money decimals";
  }
  // A comma or point in front: a digit before it was lost.
  if (money && best.begin > 0 && is_one_of(U",.", text[best.begin - 1])) {
    result.validity = FieldValidity::suspicious;
    result.problem = "money begins with a separator";
  }
  const auto rest = static_cast<double>(text.size() - best.size());
  if (rest > 4) result.fit *= 0.8;
  return result;
}

std::optional<Fitted> fit_integer(const FieldDescription& field, const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  static const Pattern years = Pattern::of("([0-9]{1,2})年零?([0-9]{1,2})个?月");
  const Bytes bytes(text);
  constexpr std::size_t kMonthsDigits = 3;
  const bool counts_months = field.id.find("months") != std::string::npos;
  if (counts_months) {
    if (const auto spans = years.first_in(bytes.text); !spans.empty()) {
      const int months = number_of(bytes.text, spans[1]) * 12 + number_of(bytes.text, spans[2]);
      return fitted(signs, bytes.sign_of[spans[0].begin], bytes.sign_of[spans[0].end],
                    std::to_string(months), 1);
    }
  }
  static const Pattern number = Pattern::of("[0-9]+");
  const auto spans = number.first_in(bytes.text);
  if (spans.empty()) return std::nullopt;
  const std::size_t begin = bytes.sign_of[spans[0].begin], end = bytes.sign_of[spans[0].end];
  std::string value = bytes.text.substr(spans[0].begin, spans[0].end - spans[0].begin);
  while (value.size() > 1 && value.front() == '0') value.erase(0, 1);
  const auto rest = static_cast<double>(text.size() - (end - begin));
  double quality = rest <= 2 ? 1 : rest <= 5 ? 0.7 : 0.35;
  if (value.size() > 9) quality *= 0.3;
  if (end < text.size() && is_one_of(U".,/", text[end]) && end + 1 < text.size()) quality *= 0.5;
  // Nobody pays for a thousand months: two columns were read as one.
  const bool too_many = counts_months && value.size() > kMonthsDigits;
  Fitted result = fitted(signs, begin, end, std::move(value), quality);
  if (too_many) {
    result.validity = FieldValidity::suspicious;
    result.problem = "months too many";
  }
  return result;
}

std::optional<Fitted> fit_rate(const std::vector<Sign>& signs) {
  const Bytes bytes(text_of(signs, true));
  static const Pattern rate = Pattern::of("[0-9]+(?:[.][0-9]+)?[%‰]?");
  const auto spans = rate.first_in(bytes.text);
  if (spans.empty()) return std::nullopt;
  const std::size_t begin = bytes.sign_of[spans[0].begin], end = bytes.sign_of[spans[0].end];
  const double rest = static_cast<double>(signs.size() - (end - begin));
  return fitted(signs, begin, end, bytes.text.substr(spans[0].begin, spans[0].end - spans[0].begin),
                rest <= 2 ? 1 : 0.5);
}

std::optional<Fitted> fit_figures(const std::vector<Sign>& signs, std::size_t least,
                                  std::size_t most, std::u32string_view also) {
  const std::u32string text = text_of(signs, true);
  const Run run = longest_run(text, [&](char32_t c) { return is_digit(c) || is_one_of(also, c); });
  if (run.size() < 3) return std::nullopt;
  const bool right = run.size() >= least && run.size() <= most;
  return fitted(signs, run.begin, run.end,
                narrow(std::u32string_view(text).substr(run.begin, run.size())), right ? 1 : 0.3);
}

std::optional<Fitted> fit_page_range(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  const Run run =
      longest_run(text, [](char32_t c) { return is_digit(c) || is_one_of(U"-~至到第页一", c); });
  if (run.size() == 0) return std::nullopt;
  std::u32string own = text.substr(run.begin, run.size());
  // 一 between two numbers is a dash.
  std::ranges::replace(own, U'一', U'-');
  const auto range = PageRange::parse(utf8(own));
  Fitted result = fitted(signs, run.begin, run.end, range ? range->text() : utf8(own),
                         range && run.size() + 2 >= text.size() ? 1 : 0.4);
  if (!range) {
    result.validity = FieldValidity::suspicious;
    result.problem = "page_range " + std::string(name_of(range.error()));
  }
  return result;
}

}  // namespace archive::form
