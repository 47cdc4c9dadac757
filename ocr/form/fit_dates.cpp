#include <algorithm>
#include <utility>

#include "core/calendar.h"
#include "ocr/form/fit_parts.h"

namespace archive::form {
namespace {

struct DatePatterns {
  Pattern spaced, packed, spelled, month, packed_month, spelled_month;
};

const DatePatterns& date_patterns() {
  static const DatePatterns patterns = {
      Pattern::of("((?:1[89]|20)[0-9]{2})[-./年,]([0-9]{1,2})[-./月,]([0-9]{1,2})[日号目曰]?"),
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

/// Of two dates with a dash between them only one could be read, and not the wanted one.
bool other_end_is_lost(const FieldDescription& field, std::u32string_view text, const Run& run) {
  constexpr std::u32string_view kBetween = U"-~至到";
  if (field.pick == Pick::first) return run.begin > 2 && is_one_of(kBetween, text[run.begin - 1]);
  if (field.pick == Pick::last)
    return run.end + 2 < text.size() && is_one_of(kBetween, text[run.end]);
  return false;
}

}  // namespace

std::optional<Fitted> fit_date(const FieldDescription& field, const std::vector<Sign>& signs) {
  const bool wants_month = field.type == ValueType::year_month;
  if (field.pick == Pick::last) {
    if (auto open = fit_without_end(signs)) return open;
  }
  const std::u32string text = text_of(signs, true);
  const Bytes bytes(text);
  std::vector<FoundDate> found = DateFinder(bytes).all();
  if (found.empty()) return std::nullopt;
  // 2098.66 is an amount, not a month that does not exist.
  std::erase_if(found, [&](const FoundDate& f) {
    const std::u32string_view own = std::u32string_view(text).substr(f.run.begin, f.run.size());
    return !f.sound && own.find(U'年') == std::u32string_view::npos;
  });
  if (found.empty()) return std::nullopt;
  // A full date where a date is wanted is believed before a month beside it.
  if (!wants_month &&
      std::ranges::any_of(found, [](const FoundDate& f) { return f.date.has_value(); })) {
    std::erase_if(found, [](const FoundDate& f) { return !f.date && f.sound; });
  }
  const FoundDate& chosen = field.pick == Pick::last ? found.back() : found.front();
  if (found.size() == 1 && other_end_is_lost(field, text, chosen.run)) return std::nullopt;
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
  if (!wants_month && chosen.sound && !chosen.date) {
    result.validity = FieldValidity::suspicious;
    result.problem = "date incomplete";
  }
  if (!chosen.sound) {
    result.validity = FieldValidity::invalid;
    result.problem = "date calendar";
    result.fit = 0.6;
  }
  return result;
}

}  // namespace archive::form
