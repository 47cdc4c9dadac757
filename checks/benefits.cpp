#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/contribution_rows.h"
#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"

// X38-X39d: benefits after a death, a work injury, the loss of work.

namespace archive {
namespace {

class BenefitRules {
 public:
  BenefitRules(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void run() {
    for (const PageFact* page : subject_.pages_of("DT25")) funeral_grant(*page);
    for (const char* type : {"DT27", "DT28"}) {
      for (const PageFact* page : subject_.pages_of(type)) application_in_time(*page);
    }
    for (const PageFact* page : subject_.pages_of("DT28")) decision_in_time(*page);
    for (const PageFact* page : subject_.pages_of("DT31")) disability_benefits(*page);
    for (const PageFact* page : subject_.pages_of("DT32")) unemployment_months(*page);
    for (const char* type : {"DT32", "DT33"}) {
      for (const PageFact* page : subject_.pages_of(type)) reason_for_leaving(*page);
    }
  }

 private:
  void report(const char* rule, const char* variant, std::vector<FindingPlace> places,
              std::string expected, const PageFact& page, std::string_view field, Wording words) {
    findings_.add(rule, variant, std::move(places), std::move(expected),
                  words.field(page.doc_type, field).take(), subject_.persons());
  }

  /// X38: two months of the province's disposable income, of the year before the death.
  void funeral_grant(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto death = values.month("death_date");
    const auto printed = values.money("funeral");
    if (!death || !printed) return;
    const auto income = tables_.parameters.in(death->plus_months(-12), {"disposable_income"});
    const auto months = tables_.parameters.in(*death, {"funeral_months"});
    if (!income || !months) return;
    const Money expected = Money::of_cents(100) * *income * *months;
    if (within(*printed, expected, tolerance_of(tables_, "X38"))) return;
    if (likelier_misread(*printed.fact, expected.text(), tables_) ||
        !is_beyond_doubt(*death.fact, tables_)) {
      return;
    }
    report("X38", "funeral", {place_of(page, *printed.fact)}, expected.text(), page, "funeral",
           Wording(tables_));
  }

  std::optional<long> days_between(const Read<PrintedDate>& from,
                                   const Read<PrintedDate>& to) const {
    if (!from || !to || !from->day || !to->day) return std::nullopt;
    if (!is_beyond_doubt(*from.fact, tables_) || !is_beyond_doubt(*to.fact, tables_)) {
      return std::nullopt;
    }
    return (to->day->days() - from->day->days()).count();
  }

  /// X39a. Both forms print the day of the application.
  void application_in_time(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto accident = values.date("accident_time"), applied = values.date("handle_date");
    const auto days = days_between(accident, applied);
    if (!days) return;
    const auto of_worker = tables_.parameters.on(*applied->day, {"injury_apply_days"});
    const auto of_unit = tables_.parameters.on(*applied->day, {"injury_unit_apply_days"});
    const bool too_late = of_worker && *days > of_worker->whole();
    if (!too_late && !(of_unit && *days > of_unit->whole())) return;
    const Decimal limit = too_late ? *of_worker : *of_unit;
    report("X39a", too_late ? "application" : "employer",
           {place_of(page, *applied.fact), place_of(page, *accident.fact)},
           std::to_string(limit.whole()), page, "handle_date",
           Wording(tables_).word("days", std::to_string(*days)));
  }

  void decision_in_time(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto applied = values.date("handle_date"), decided = values.date("doc_date");
    const auto days = days_between(applied, decided);
    if (!days) return;
    const auto limit = tables_.parameters.on(*applied->day, {"injury_decision_days"});
    if (!limit || *days <= limit->whole()) return;
    report("X39a", "decision", {place_of(page, *decided.fact), place_of(page, *applied.fact)},
           std::to_string(limit->whole()), page, "doc_date",
           Wording(tables_).word("days", std::to_string(*days)));
  }

  /// The grade of the newest conclusion; nothing when two of one day differ.
  Read<int> grade() const {
    Read<int> grade;
    std::optional<PrintedDate> newest;
    for (const PageFact* page : subject_.pages_of("DT30")) {
      const PageValues& values = view_.values(*page);
      const auto printed = values.count("disability_grade");
      const auto written = values.date("doc_date");
      if (!printed || !is_beyond_doubt(*printed.fact, tables_)) continue;
      const bool newer = !grade || (written && newest && newest->before(*written));
      if (!newer) continue;
      grade = printed;
      newest = written.value;
    }
    return grade;
  }

  /// X39c
  void disability_benefits(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto wage = values.money("own_wage");
    const Read<int> of_grade = grade();
    const auto assessed = values.month("handle_date");
    if (!wage || !of_grade || !assessed || !is_beyond_doubt(*wage.fact, tables_)) return;
    const std::string key = std::to_string(*of_grade);
    const auto months = tables_.parameters.in(*assessed, {"injury_lump_months", key});
    const auto share = tables_.parameters.in(*assessed, {"injury_allowance_share", key});
    if (months) benefit(page, values.money("lump_sum"), *wage * *months, "lump", key);
    if (share) benefit(page, values.money("monthly_allowance"), *wage * *share, "allowance", key);
  }

  void benefit(const PageFact& page, const Read<Money>& printed, Money expected,
               const char* variant, const std::string& grade) {
    if (!printed || within(*printed, expected, tolerance_of(tables_, "X39c"))) return;
    if (likelier_misread(*printed.fact, expected.text(), tables_)) return;
    report("X39c", variant, {place_of(page, *printed.fact)}, expected.text(), page,
           printed.fact->field, Wording(tables_).word("grade", grade));
  }

  /// X39d
  void unemployment_months(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto paid = values.count("months"), granted = values.count("entitled_months");
    const auto applied = values.month("handle_date");
    if (!paid || !granted || !applied) return;
    const std::string years = tables_.parameters.step("unemployment_months", *paid / 12);
    const auto most = tables_.parameters.in(*applied, {"unemployment_months", years});
    const int limit = most ? static_cast<int>(most->whole()) : 0;
    if (*granted <= limit) return;
    if (!is_beyond_doubt(*granted.fact, tables_) || !is_beyond_doubt(*paid.fact, tables_)) return;
    report("X39d", "months", {place_of(page, *granted.fact), place_of(page, *paid.fact)},
           std::to_string(limit), page, "entitled_months",
           Wording(tables_).word("paid", std::to_string(*paid)));
  }

  void reason_for_leaving(const PageFact& page) {
    const FieldFact* reason = view_.values(page).believed("end_reason");
    if (reason == nullptr || !view_.has("DT32")) return;
    const std::string_view means = tables_.words.meaning("voluntary", reason->value);
    if (means.empty() || means == "dismissed") return;
    report("X39d", "reason", {place_of(page, *reason)}, "", page, "end_reason", Wording(tables_));
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

}  // namespace

void check_benefits(const Subject& subject, Findings& findings) {
  BenefitRules(subject, findings).run();
}

}  // namespace archive
