#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/contribution_rows.h"
#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"

// X30-X35: retirement and the parts of a pension. The sum of the parts is in sums.csv.

namespace archive {
namespace {

class PensionRules {
 public:
  PensionRules(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void run() {
    for (const PageFact* page : subject_.pages_of("DT19")) {
      retirement_month(*page, true);
      post_of_a_woman(*page);
      minimum_months(*page);
    }
    for (const PageFact* page : subject_.pages_of("DT20")) {
      base_pension(*page);
      account_pension(*page);
      // Who died early is assessed at any age, for what the account is worth.
      if (!view_.has("DT25")) {
        retirement_month(*page, false);
        divisor(*page);
      }
      transitional_pension(*page);
    }
  }

 private:
  void report(const char* rule, const char* variant, std::vector<FindingPlace> places,
              std::string expected, const PageFact& page, std::string_view field, Wording words) {
    findings_.add(rule, variant, std::move(places), std::move(expected),
                  words.field(page.doc_type, field).take(), subject_.persons());
  }

  void report(const char* rule, const char* variant, const PageFact& page, const FieldFact& fact,
              Money expected) {
    if (likelier_misread(fact, expected.text(), tables_)) return;
    report(rule, variant, {place_of(page, fact)}, expected.text(), page, fact.field,
           Wording(tables_));
  }

  /// The months in which the person may retire: one a kind of post.
  std::vector<YearMonth> statutory_months() const {
    std::vector<YearMonth> months;
    const auto birth = subject_.birth();
    if (!birth) return months;
    for (const RetirementAge& age : tables_.retirement.all()) {
      if (age.sex == *subject_.sex()) months.push_back(age.month_for(birth->year_month()));
    }
    std::ranges::sort(months);
    return months;
  }

  /// X30. An assessment does not say why somebody came late; the approval does.
  void retirement_month(const PageFact& page, bool is_approval) {
    const PageValues& values = view_.values(page);
    const auto retired = values.month("retire_date");
    const auto statutory = statutory_months();
    if (!retired || statutory.empty()) return;
    const YearMonth earliest = earliest_lawful(values, statutory.front(), *retired);
    if (*retired < earliest) {
      if (is_explained(*retired.fact, earliest, *retired)) return;
      return report("X30", "early", {place_of(page, *retired.fact)}, earliest.text(), page,
                    "retire_date", Wording(tables_));
    }
    const auto allowed = tables_.parameters.in(*retired, {"late_retirement_months"});
    if (!is_approval || !allowed) return;
    const YearMonth latest = statutory.back();
    if (*retired - latest <= allowed->whole() || is_explained(*retired.fact, latest, *retired)) {
      return;
    }
    report("X30", "late", {place_of(page, *retired.fact)}, latest.text(), page, "retire_date",
           Wording(tables_));
  }

  YearMonth earliest_lawful(const PageValues& values, YearMonth statutory,
                            YearMonth retired) const {
    YearMonth earliest = statutory;
    const FieldFact* kind = values.any("retire_kind");
    if (kind != nullptr) {
      const auto age = tables_.retirement.earliest_age(kind->value, *subject_.sex());
      if (age) earliest = std::min(earliest, subject_.birth()->year_month().plus_months(*age));
    }
    // An assessment does not print the kind; special work shows by its review.
    if (kind == nullptr && (view_.has("DT22") || view_.has("DT19"))) return retired;
    if (const auto choice = tables_.parameters.in(retired, {"flexible_months"})) {
      earliest = std::min(earliest, statutory.plus_months(-static_cast<int>(choice->whole())));
    }
    return earliest;
  }

  /// The year of a date misread by a sign puts it years off.
  bool is_explained(const FieldFact& fact, YearMonth expected, YearMonth printed) const {
    if (is_beyond_doubt(fact, tables_)) return false;
    return expected.month() == printed.month() || std::abs(expected - printed) < 12;
  }

  /// X31
  void post_of_a_woman(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto retired = values.month("retire_date");
    const auto statutory = statutory_months();
    if (!retired || statutory.size() < 2 || values.any("post") != nullptr) return;
    if (*retired >= statutory.back()) return;
    report("X31", "", {place_of(page, *retired.fact)}, "", page, "retire_date",
           Wording(tables_)
               .word("younger", statutory.front().text())
               .word("older", statutory.back().text()));
  }

  /// X32
  void minimum_months(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto retired = values.month("retire_date");
    if (!retired) return;
    auto total = values.count("total_months");
    std::vector<const FieldFact*> counted;
    int months = 0;
    if (total) {
      months = *total;
      counted = {total.fact};
    } else {
      const auto paid = values.count("months"), deemed = values.count("deemed_months");
      if (!paid || (!deemed && values.any("deemed_months") != nullptr)) return;
      if (values.any("total_months") != nullptr) return;
      months = *paid + (deemed ? *deemed : 0);
      total = paid;
      counted = {paid.fact, deemed.fact};
    }
    const auto least = tables_.parameters.in(*retired, {"minimum_months"});
    if (!least || months >= least->whole() || !all_beyond_doubt(counted)) return;
    if (may_be_another_year(*retired.fact, months)) return;
    std::vector<FindingPlace> places;
    for (const FieldFact* fact : counted) {
      if (fact != nullptr) places.push_back(place_of(page, *fact));
    }
    report("X32", "", std::move(places), std::to_string(least->whole()), page, total.fact->field,
           Wording(tables_)
               .word("months", std::to_string(months))
               .word("year", std::to_string(retired->year())));
  }

  /// True when the year of retirement may have been misread, and in another the months are enough.
  bool may_be_another_year(const FieldFact& retired, int months) const {
    return a_digit_would_mend(retired, tables_, [&](const std::string& text) {
      const auto date = printed_date(text);
      const auto least =
          date ? tables_.parameters.in(date->month, {"minimum_months"}) : std::nullopt;
      return least && months >= least->whole();
    });
  }

  static std::optional<int> all_months(const PageValues& values) {
    const auto paid = values.count("months");
    const auto deemed = values.count("deemed_months");
    if (!paid || (!deemed && values.any("deemed_months") != nullptr)) return std::nullopt;
    return *paid + (deemed ? *deemed : 0);
  }

  /// Of those that are printed.
  bool all_beyond_doubt(const std::vector<const FieldFact*>& facts) const {
    return std::ranges::all_of(facts, [this](const FieldFact* fact) {
      return fact == nullptr || is_beyond_doubt(*fact, tables_);
    });
  }

  /// X33: (W + W x index) / 2 x years x 1 %.
  void base_pension(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto wage = values.money("avg_wage"), printed = values.money("base_pension");
    const auto index = values.number("index");
    const auto months = all_months(values);
    if (!wage || !printed || !index || !months) return;
    constexpr std::int64_t kHalvesMonthsPercents = 2 * 12 * 100;
    const Money expected = scaled(*wage, (Decimal::kOne + index->millionths()) * *months,
                                  kHalvesMonthsPercents * Decimal::kOne);
    if (within(*printed, expected, tolerance_of(tables_, "X33"))) return;
    if (!all_beyond_doubt(
            {wage.fact, index.fact, values.believed("months"), values.believed("deemed_months")})) {
      return;
    }
    report("X33", "", page, *printed.fact, expected);
  }

  /// X34: balance / divisor, as printed.
  void account_pension(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto balance = values.money("account_balance"), printed = values.money("account_pension");
    const auto divisor = values.number("divisor");
    if (!balance || !printed || !divisor || *divisor <= Decimal()) return;
    const Money expected = scaled(*balance, Decimal::kOne, divisor->millionths());
    if (within(*printed, expected, tolerance_of(tables_, "X34"))) return;
    if (!all_beyond_doubt({balance.fact, divisor.fact})) return;
    report("X34", "", page, *printed.fact, expected);
  }

  /// X34: the divisor belongs to the age. Who came late may be reckoned by the age of the law.
  void divisor(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto printed = values.number("divisor");
    const auto retired = values.month("retire_date");
    const auto birth = subject_.birth();
    if (!printed || !retired || !birth) return;
    std::vector<Decimal> known;
    const auto add = [&](YearMonth month) {
      const int age = (month - birth->year_month()) / 12;
      for (const int year : {age, age + 1}) {
        const auto divisor =
            tables_.parameters.in(*retired, {"divisor_months", std::to_string(year)});
        if (divisor) known.push_back(*divisor);
        // Since ages have months, divisors lie between those of two birthdays.
        if ((month - birth->year_month()) % 12 == 0) break;
      }
    };
    add(*retired);
    if (known.empty()) return;
    const Decimal of_age = known.front();
    for (const YearMonth month : statutory_months()) {
      if (month <= *retired) add(month);
    }
    const auto [least, most] = std::ranges::minmax(known);
    if (*printed >= least && *printed <= most) return;
    if (likelier_misread(*printed.fact, of_age.text(), tables_) ||
        !is_beyond_doubt(*retired.fact, tables_)) {
      return;
    }
    report("X34", "divisor", {place_of(page, *printed.fact), place_of(page, *retired.fact)},
           of_age.text(), page, "divisor",
           Wording(tables_).word("age", std::to_string((*retired - birth->year_month()) / 12)));
  }

  /// X35: index wage x deemed years x a coefficient of the region.
  void transitional_pension(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto printed = values.money("transition_pension");
    const auto deemed = values.count("deemed_months");
    const auto retired = values.month("retire_date");
    const auto wage = values.money("index_wage");
    const auto average = values.money("avg_wage");
    const auto index = values.number("index");
    if (!printed || !deemed || !retired) return;
    std::optional<Money> indexed = wage.value;
    if (!indexed && average && index) indexed = *average * *index;
    if (!indexed) return;
    const auto least = tables_.parameters.in(*retired, {"transition_share_least"});
    const auto most = tables_.parameters.in(*retired, {"transition_share_most"});
    if (!least || !most) return;
    const auto of_years = [&](Decimal share) {
      return scaled(*indexed, share.millionths() * *deemed, 12 * Decimal::kOne);
    };
    const Money tolerance = tolerance_of(tables_, "X33");
    const bool in_range =
        *printed + tolerance >= of_years(*least) && *printed <= of_years(*most) + tolerance;
    const auto reckoned_with =
        wage ? std::vector{wage.fact} : std::vector{average.fact, index.fact};
    if (in_range || !all_beyond_doubt({printed.fact, deemed.fact}) ||
        !all_beyond_doubt(reckoned_with)) {
      return;
    }
    report("X35", "", {place_of(page, *printed.fact), place_of(page, *deemed.fact)},
           of_years(*least).text() + ".." + of_years(*most).text(), page, "transition_pension",
           Wording(tables_));
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

}  // namespace

void check_pension(const Subject& subject, Findings& findings) {
  PensionRules(subject, findings).run();
}

}  // namespace archive
