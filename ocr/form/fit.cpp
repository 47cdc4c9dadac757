#include "ocr/form/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "config/pattern.h"
#include "core/calendar.h"
#include "core/citizen_id.h"
#include "core/credit_code.h"
#include "core/money.h"
#include "core/page_range.h"
#include "core/utf8.h"
#include "core/width.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

// Below this the recogniser may have taken a letter for a digit.
constexpr double kSureCharacter = 0.9;
constexpr std::size_t kSignsMax = 400;

bool in(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }

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

/// The folded text of signs; with `digits`, unsure letters as the digits they resemble.
/// One character a sign.
std::u32string text_of(const std::vector<Sign>& signs, bool digits) {
  std::u32string text;
  for (const Sign& sign : signs) {
    const bool unsure = sign.confidence < kSureCharacter;
    text += digits && unsure ? digit_alike(sign.c) : sign.c;
  }
  return text;
}

/// A text in UTF-8 that remembers which sign each byte came from.
struct Bytes {
  std::string text;
  std::vector<std::size_t> sign_of;  // for each byte, and one past the end

  explicit Bytes(std::u32string_view points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::string c = utf8(points[i]);
      text += c;
      sign_of.insert(sign_of.end(), c.size(), i);
    }
    sign_of.push_back(points.size());
  }
};

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

/// A stretch of a text, in characters.
struct Run {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

/// The longest stretch whose characters all belong.
template <class Belongs>
Run longest_run(std::u32string_view text, Belongs belongs) {
  Run best;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) ++end;
    if (end - at > best.size()) best = {at, end};
    at = std::max(end, at + 1);
  }
  return best;
}

std::string narrow(std::u32string_view text) {
  std::string result;
  for (char32_t c : text) result += c < 0x80 ? static_cast<char>(c) : '?';
  return result;
}

std::optional<Fitted> fit_id(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  const Run run = longest_run(text, [](char32_t c) { return is_digit(c) || in(U"Xx*", c); });
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
  }
  return result;
}

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

struct DatePatterns {
  Pattern spaced, packed, spelled, month, packed_month, spelled_month;
};

const DatePatterns& date_patterns() {
  static const DatePatterns patterns = {
      Pattern::of(
          "((?:1[89]|20)[0-9]{2})[-./年,]([0-9]{1,2})[-./月,]([0-9]{1,2})[日号目曰]?"),
      Pattern::of("((?:1[89]|20)[0-9]{2})([01][0-9])([0-3][0-9])"),
      Pattern::of("[一二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月"
                        "[一二三四五六七八九十廿卅]{1,3}日"),
      Pattern::of("((?:1[89]|20)[0-9]{2})[-./年,]([0-9]{1,2})月?"),
      Pattern::of("((?:1[89]|20)[0-9]{2})([01][0-9])"),
      Pattern::of("[一二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月"),
  };
  return patterns;
}

struct FoundDate {
  Run run;  // in signs
  std::optional<Date> date;
  std::optional<YearMonth> month;
  bool sound = true;  // in the calendar
  bool packed = false;
};

int number_of(const std::string& text, const Pattern::Span& span) {
  return std::stoi(text.substr(span.begin, span.end - span.begin));
}

/// Every date or month of a text from left to right.
class DateFinder {
 public:
  explicit DateFinder(const Bytes& bytes) : bytes_(bytes) {}

  std::vector<FoundDate> all() {
    std::vector<FoundDate> found;
    for (std::size_t from = 0; from < bytes_.text.size();) {
      std::optional<FoundDate> next = first(from);
      if (!next) break;
      found.push_back(*next);
      from = end_;
    }
    return found;
  }

 private:
  std::optional<FoundDate> first(std::size_t from) {
    const DatePatterns& p = date_patterns();
    std::optional<FoundDate> best;
    std::size_t best_begin = 0;
    const auto consider = [&](const Pattern& pattern, auto read) {
      const auto spans = pattern.first_in(bytes_.text, from);
      if (spans.empty() || (best && spans[0].begin >= best_begin)) return;
      best = FoundDate{{bytes_.sign_of[spans[0].begin], bytes_.sign_of[spans[0].end]}, {}, {}};
      best_begin = spans[0].begin;
      end_ = spans[0].end;
      read(spans, *best);
    };
    const auto day = [&](const auto& spans, FoundDate& found) {
      found.date = Date::of(number_of(bytes_.text, spans[1]),
                            static_cast<unsigned>(number_of(bytes_.text, spans[2])),
                            static_cast<unsigned>(number_of(bytes_.text, spans[3])));
      found.sound = found.date.has_value();
    };
    const auto packed_day = [&](const auto& spans, FoundDate& found) {
      day(spans, found);
      found.packed = true;
    };
    const auto month = [&](const auto& spans, FoundDate& found) {
      found.month = YearMonth::of(number_of(bytes_.text, spans[1]),
                                  static_cast<unsigned>(number_of(bytes_.text, spans[2])));
      found.sound = found.month.has_value();
    };
    const auto spelled = [&](const auto& spans, FoundDate& found) {
      const std::string text = bytes_.text.substr(spans[0].begin, spans[0].end - spans[0].begin);
      if (const auto date = Date::parse(text)) found.date = *date;
      if (const auto value = YearMonth::parse(text)) found.month = *value;
      found.sound = found.date || found.month;
    };
    consider(p.spaced, day);
    consider(p.packed, packed_day);
    consider(p.spelled, spelled);
    consider(p.month, month);
    consider(p.packed_month, month);
    consider(p.spelled_month, spelled);
    return best;
  }

  const Bytes& bytes_;
  std::size_t end_ = 0;
};

std::optional<Fitted> fit_without_end(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, false);
  const auto at = text.find(U"长期");
  if (at == std::u32string::npos) return std::nullopt;
  return fitted(signs, at, at + 2, "长期", 1);
}

std::optional<Fitted> fit_date(const FieldDescription& field, const std::vector<Sign>& signs) {
  const bool wants_month = field.type == ValueType::year_month;
  if (field.pick == Pick::last) {
    if (auto open = fit_without_end(signs)) return open;
  }
  const Bytes bytes(text_of(signs, true));
  std::vector<FoundDate> found = DateFinder(bytes).all();
  if (found.empty()) return std::nullopt;
  // A full date where a date is wanted is believed before a month beside it.
  if (!wants_month && std::ranges::any_of(found, [](const FoundDate& f) { return f.date.has_value(); })) {
    std::erase_if(found, [](const FoundDate& f) { return !f.date && f.sound; });
  }
  const FoundDate& chosen = field.pick == Pick::last ? found.back() : found.front();
  const std::vector<Sign> own = part(signs, chosen.run.begin, chosen.run.end);
  std::string value;
  double quality = 1;
  if (wants_month) {
    if (chosen.month) value = chosen.month->text();
    if (chosen.date) value = chosen.date->year_month().text();
    if (chosen.date) quality = 0.8;
  } else {
    if (chosen.date) value = chosen.date->text();
    if (chosen.month && !chosen.date) {
      value = chosen.month->text();
      quality = 0.6;
    }
  }
  if (field.pick != Pick::best && found.size() < 2) quality *= 0.9;
  if (value.empty()) value = printed_text(own);
  Fitted result = fitted(signs, chosen.run.begin, chosen.run.end, std::move(value), quality);
  if (!chosen.sound) {
    result.validity = FieldValidity::invalid;
    result.problem = "date calendar";
    result.fit = 0.6;
  }
  return result;
}

/// Figures with separators that may have been misread: the last one before exactly two
/// digits is the point, all others part groups.
std::string plain_figures(std::u32string_view text) {
  std::string plain;
  const auto last = text.find_last_of(U".,。、:");
  const bool point =
      last != std::u32string_view::npos && (text.size() - last - 1 <= 2 || text[last] == U'.');
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i]) || (text[i] == U'-' && i == 0)) plain += static_cast<char>(text[i]);
    if (point && i == last && i + 1 < text.size()) plain += '.';
  }
  return plain;
}

std::optional<Fitted> fit_money(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  const auto belongs = [](char32_t c) { return is_digit(c) || in(U".,。、:", c); };
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
    const bool percent = end < text.size() && in(U"%‰", text[end]);
    if (digits > most && !percent) {
      best = {at, end};
      most = digits;
    }
    at = std::max(end, at + 1);
  }
  if (most == 0) return std::nullopt;
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
  const auto rest = static_cast<double>(text.size() - best.size());
  if (rest > 4) result.fit *= 0.8;
  return result;
}

std::optional<Fitted> fit_integer(const FieldDescription& field, const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  static const Pattern years = Pattern::of("([0-9]{1,2})年零?([0-9]{1,2})个?月");
  const Bytes bytes(text);
  if (field.id.find("months") != std::string::npos) {
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
  if (end < text.size() && in(U".,/", text[end]) && end + 1 < text.size()) quality *= 0.5;
  return fitted(signs, begin, end, std::move(value), quality);
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
  const Run run = longest_run(text, [&](char32_t c) { return is_digit(c) || in(also, c); });
  if (run.size() < 3) return std::nullopt;
  const bool right = run.size() >= least && run.size() <= most;
  return fitted(signs, run.begin, run.end,
                narrow(std::u32string_view(text).substr(run.begin, run.size())), right ? 1 : 0.3);
}

std::optional<Fitted> fit_page_range(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, true);
  const Run run =
      longest_run(text, [](char32_t c) { return is_digit(c) || in(U"-~至到第页一", c); });
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

std::optional<Fitted> fit_name(const std::vector<Sign>& signs) {
  const std::u32string text = text_of(signs, false);
  std::size_t begin = 0;
  while (begin < text.size() && !is_hanzi(text[begin]) && !is_latin(text[begin])) ++begin;
  std::size_t end = begin;
  while (end < text.size() && (is_hanzi(text[end]) || text[end] == 0xB7 || is_latin(text[end]))) {
    ++end;
  }
  const std::size_t length = end - begin;
  if (length == 0) return std::nullopt;
  const double quality = length >= 2 && length <= 4 ? 1
                         : length <= 1              ? 0.3
                         : length <= 8              ? 0.5
                                                    : 0.2;
  const std::vector<Sign> own = part(signs, begin, end);
  return fitted(signs, begin, end, printed_text(own), end < text.size() ? quality * 0.9 : quality);
}

bool is_filler(char32_t c) { return in(U":;,.。、*□☐口√✓", c); }

std::optional<Fitted> fit_text(const FieldDescription& field, const std::vector<Sign>& signs) {
  std::size_t begin = 0, end = signs.size();
  while (begin < end && in(U":;,.。、|", signs[begin].c)) ++begin;
  while (end > begin && in(U":;,、|", signs[end - 1].c)) --end;
  if (begin == end) return std::nullopt;
  double quality = 0.7;
  const bool letters = std::any_of(signs.begin() + static_cast<std::ptrdiff_t>(begin),
                                   signs.begin() + static_cast<std::ptrdiff_t>(end),
                                   [](const Sign& s) { return is_digit(s.c) || is_latin(s.c); });
  const bool number_wanted = field.id.ends_with("_no") || field.id.ends_with("number");
  if (number_wanted) quality = letters ? 0.9 : 0.2;
  if (field.type == ValueType::address) quality = end - begin >= 4 ? 0.85 : 0.4;
  if (field.type == ValueType::choice) quality = end - begin <= 8 ? 0.7 : 0.5;
  if (std::all_of(signs.begin(), signs.end(), [](const Sign& s) { return is_filler(s.c); })) {
    return std::nullopt;
  }
  const std::vector<Sign> own = part(signs, begin, end);
  return fitted(signs, begin, end, printed_text(own), quality);
}

}  // namespace

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

std::optional<Fitted> fit(const FieldDescription& field, const std::vector<Sign>& all) {
  const std::vector<Sign> signs = all.size() > kSignsMax ? part(all, 0, kSignsMax) : all;
  if (signs.empty()) return std::nullopt;
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
    case ValueType::text:
    case ValueType::choice:
    case ValueType::address:
      return fit_text(field, signs);
    case ValueType::page_stamp:
    case ValueType::mark:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string normalised(const FieldDescription& field, const std::string& text) {
  std::vector<Sign> signs;
  for (char32_t c : code_points(text)) {
    Sign sign;
    sign.c = folded(c);
    sign.printed = c;
    sign.confidence = 1;
    if (sign.c != 0) signs.push_back(sign);
  }
  const auto value = fit(field, signs);
  return value ? value->value : std::string();
}

}  // namespace archive::form
