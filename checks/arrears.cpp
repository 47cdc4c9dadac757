#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/contribution_rows.h"
#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"

// X18, X28: late fees and back-payments.

namespace archive {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr int kDaysMost = 100 * 366;

std::optional<Date> date_at(sys_days day) {
  const std::chrono::year_month_day parts(day);
  return Date::of(static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                  static_cast<unsigned>(parts.day()));
}

class ArrearsRules {
 public:
  ArrearsRules(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void run() {
    for (const PageFact* page : subject_.pages_of("DT16")) {
      fee_of_back_payment(*page);
      too_old(*page);
    }
    for (const PageFact* page : subject_.pages_of("DT18")) fee_of_notice(*page);
  }

 private:
  void report(const char* rule, const char* variant, std::vector<FindingPlace> places,
              std::string expected, const PageFact& page, std::string_view field, Wording words) {
    findings_.add(rule, variant, std::move(places), std::move(expected),
                  words.field(page.doc_type, field).take(), subject_.persons());
  }

  /// Principal x rate of each day from the day after `from` to `to`: two rates when the law changed
  /// in between. Nothing where a rate is not known.
  std::optional<Money> by_the_day(Money principal, sys_days from, sys_days to) const {
    if (to <= from) return Money();
    const auto millionths = sum_of_rates(from + days{1}, to);
    if (!millionths) return std::nullopt;
    return scaled(principal, *millionths, Decimal::kOne);
  }

  /// The rates of all days from `first` to `last`. A rate that is the same on both is taken for
  /// that of the days between; else the span is halved until it is.
  std::optional<std::int64_t> sum_of_rates(sys_days first, sys_days last) const {
    const auto begin = date_at(first), end = date_at(last);
    if (!begin || !end) return std::nullopt;
    const auto at_begin = tables_.parameters.on(*begin, {"late_fee_rate"});
    const auto at_end = tables_.parameters.on(*end, {"late_fee_rate"});
    if (!at_begin || !at_end) return std::nullopt;
    if (*at_begin == *at_end) return at_begin->millionths() * ((last - first).count() + 1);
    const sys_days middle = first + (last - first) / 2;
    const auto before = sum_of_rates(first, middle);
    const auto after = sum_of_rates(middle + days{1}, last);
    if (!before || !after) return std::nullopt;
    return *before + *after;
  }

  /// Many offices apply the rate of the day of assessment to all days.
  std::optional<Money> by_one_rate(Money principal, std::int64_t count, Date assessed) const {
    const auto rate = tables_.parameters.on(assessed, {"late_fee_rate"});
    if (!rate) return std::nullopt;
    return scaled(principal, rate->millionths() * count, Decimal::kOne);
  }

  void fee_of_back_payment(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto unit = values.money("unit_amount"), person = values.money("person_amount");
    const auto fee = values.money("late_fee");
    const auto late = values.count("late_days");
    if (!unit || !person || !fee || !late || *late > kDaysMost) return;
    const Money principal = *unit + *person;
    std::optional<Money> expected;
    for (const char* field : {"handle_date", "doc_date"}) {
      const auto assessed = values.date(field);
      if (!assessed || !assessed->day) continue;
      const sys_days end = assessed->day->days();
      for (const auto& due : {by_one_rate(principal, *late, *assessed->day),
                              by_the_day(principal, end - days{*late}, end)}) {
        if (!due) continue;
        if (within(*fee, *due, tolerance_of(tables_, "X18"))) return;
        if (!expected) expected = due;
      }
    }
    if (!expected || one_sign_explains(*fee.fact, *late.fact, principal, *fee, *expected)) return;
    if (!is_beyond_doubt(*unit.fact, tables_) || !is_beyond_doubt(*person.fact, tables_)) return;
    report(
        "X18", "", {place_of(page, *fee.fact), place_of(page, *late.fact)}, expected->text(), page,
        "late_fee",
        Wording(tables_).word("principal", principal.text()).word("days", std::to_string(*late)));
  }

  bool one_sign_explains(const FieldFact& fee, const FieldFact& late, Money principal,
                         Money printed, Money expected) const {
    if (likelier_misread(fee, expected.text(), tables_)) return true;
    if (principal.cents() <= 0 || expected.cents() <= 0) return false;
    const auto count = Money::parse(late.value);
    if (!count) return false;
    // The number of days that would have led to the printed fee.
    const Money days_needed = scaled(*count, printed.cents(), expected.cents());
    const std::string whole = std::to_string((days_needed.cents() + 50) / 100);
    return likelier_misread(late, whole, tables_);
  }

  /// A notice does not say from which day it counts: the fee must lie between what the latest and
  /// the earliest start give.
  void fee_of_notice(const PageFact& page) {
    const PageValues& values = view_.values(page);
    auto principal = values.money("arrears");
    if (!principal) principal = values.money("amount_num");
    const auto fee = values.money("late_fee");
    const auto from = values.month("period_from"), to = values.month("period_to");
    const auto written = values.date("doc_date"), until = values.date("late_fee_to");
    if (!principal || !fee || !from || !written || !written->day) return;
    const YearMonth last = to ? *to : *from;
    const auto earliest = Date::of(from->year(), from->month(), 1);
    const YearMonth after = last.plus_months(2);
    const auto latest = Date::of(after.year(), after.month(), 1);
    if (!earliest || !latest) return;
    Date end = *written->day;
    if (until && until->day && *until->day > end) end = *until->day;
    const std::int64_t days_most = (end.days() - earliest->days()).count();
    const std::int64_t days_least =
        std::max<std::int64_t>(0, (written->day->days() - latest->days()).count());
    if (days_most < 0 || days_most > kDaysMost) return;
    const auto most = by_the_day(*principal, earliest->days(), end.days());
    const auto flat_most = by_one_rate(*principal, days_most, *written->day);
    const auto least = by_one_rate(*principal, days_least, *written->day);
    if (!most || !flat_most || !least) return;
    const Money ceiling = std::max(*most, *flat_most);
    if (*fee >= *least && *fee <= ceiling) return;
    const Money nearest = *fee < *least ? *least : ceiling;
    if (likelier_misread(*fee.fact, nearest.text(), tables_) ||
        !is_beyond_doubt(*principal.fact, tables_)) {
      return;
    }
    const auto in_range = [&](const std::string& text) {
      const auto other = Money::parse(text);
      return other && *other >= *least && *other <= ceiling;
    };
    if (a_digit_would_mend(*fee.fact, tables_, in_range)) return;
    report("X18", "range", {place_of(page, *fee.fact), place_of(page, *principal.fact)},
           least->text() + ".." + ceiling.text(), page, "late_fee",
           Wording(tables_).word("principal", principal->text()));
  }

  /// X28: months that lie further back than may be made up, unless a court or an arbitration says
  /// so.
  void too_old(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto from = values.month("period_from");
    auto applied = values.month("handle_date");
    if (!applied) applied = values.month("doc_date");
    if (!from || !applied) return;
    const auto limit = tables_.parameters.in(*applied, {"back_payment_months"});
    if (!limit || *applied - *from <= limit->whole()) return;
    const FieldFact* reason = values.any("reason");
    if (reason != nullptr && tables_.words.names("legal_instrument", reason->raw + reason->value)) {
      return;
    }
    const YearMonth oldest = applied->plus_months(-static_cast<int>(limit->whole()));
    if (may_be_in_time(from, applied, static_cast<int>(limit->whole()))) return;
    report("X28", "", {place_of(page, *from.fact), place_of(page, *applied.fact)}, oldest.text(),
           page, "period_from",
           Wording(tables_)
               .word("limit", std::to_string(limit->whole()))
               .word("age", std::to_string(*applied - *from)));
  }

  /// True when a digit of one of the two dates may be all that puts them so far near.
  bool may_be_in_time(const Read<YearMonth>& from, const Read<YearMonth>& applied,
                      int limit) const {
    const auto near = [limit](YearMonth first, YearMonth last) {
      return last >= first && last - first <= limit;
    };
    return a_digit_would_mend(*from.fact, tables_,
                              [&](const std::string& text) {
                                const auto date = printed_date(text);
                                return date && near(date->month, *applied);
                              }) ||
           a_digit_would_mend(*applied.fact, tables_, [&](const std::string& text) {
             const auto date = printed_date(text);
             return date && near(*from, date->month);
           });
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

}  // namespace

void check_arrears(const Subject& subject, Findings& findings) {
  ArrearsRules(subject, findings).run();
}

}  // namespace archive
