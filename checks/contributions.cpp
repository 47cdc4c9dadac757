#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/account.h"
#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/vouchers.h"
#include "checks/wording.h"

// X10-X20, X26, X29: bases, amounts, months and deadlines of contributions. The account itself is
// in account.cpp and months.cpp, late fees and back-payments in arrears.cpp.

namespace archive {
namespace {

class ContributionRules {
 public:
  ContributionRules(const Subject& subject, const std::vector<VoucherFact>& elsewhere,
                    Findings& findings)
      : subject_(subject),
        view_(subject.view()),
        tables_(subject.tables()),
        elsewhere_(elsewhere),
        findings_(findings),
        statements_(statements_of(view_, subject_)) {}

  void run() {
    bases();
    check_account(statements_, tables_, subject_, findings_);
    for (const PageFact* page : subject_.pages_of("DT08")) declaration(*page);
    for (const PageFact* page : subject_.pages_of("DT10")) rights_record(*page);
    for (const char* type : {"DT16", "DT17"}) {
      for (const PageFact* page : subject_.pages_of(type)) period_amounts(*page);
    }
    check_months(statements_, tables_, subject_, findings_);
    months_of_year();
    months_of_period();
    deemed_months();
    for (const PageFact* page : subject_.pages_of("DT17")) refund(*page);
    vouchers();
    payment_dates();
  }

 private:
  void report(const char* rule, const char* variant, std::vector<FindingPlace> places,
              std::string expected, const PageFact& page, std::string_view field, Wording words) {
    findings_.add(rule, variant, std::move(places), std::move(expected),
                  words.field(page.doc_type, field).take(), subject_.persons());
  }

  // ---- X10

  void bases() {
    for (const char* type : {"DT04", "DT07", "DT08", "DT11", "DT16"}) {
      for (const PageFact* page : subject_.pages_of(type)) bases_on(*page);
    }
  }

  /// One finding for each base that a page prints: it stands in the rows of a whole year.
  void bases_on(const PageFact& page) {
    const PageValues& values = view_.values(page);
    std::string insurance = insurance_of(values, tables_);
    if (insurance.empty()) insurance = tables_.words.meaning("insurance", "养老");
    std::map<Money, std::vector<FindingPlace>> outside;
    std::map<Money, Money> limits;
    std::vector<int> rows = values.rows();
    rows.insert(rows.begin(), -1);
    for (const int row : rows) {
      const auto base = values.money("pay_base", row);
      const auto month = month_of_base(values, row);
      if (!base || !month) continue;
      const auto limit = broken_limit(*base, *month, insurance);
      if (!limit || likelier_misread(*base.fact, limit->text(), tables_)) continue;
      const auto keeps = [&](const std::string& text) {
        const auto other = Money::parse(text);
        return other && !broken_limit(*other, *month, insurance);
      };
      // Another month has another wage.
      if (a_digit_would_mend(*base.fact, tables_, keeps) ||
          !is_beyond_doubt(*month.fact, tables_)) {
        continue;
      }
      outside[*base].push_back(place_of(page, *base.fact));
      limits[*base] = *limit;
    }
    for (auto& [base, places] : outside) {
      const Money limit = limits[base];
      report("X10", base < limit ? "floor" : "ceiling", std::move(places), limit.text(), page,
             "pay_base", Wording(tables_));
    }
  }

  static Read<YearMonth> month_of_base(const PageValues& values, int row) {
    if (const auto month = values.month("period_from", row)) return month;
    if (const auto month = values.month("period_from")) return month;
    if (const auto year = values.count("year")) return {year.fact, YearMonth::of(*year, 1)};
    return values.month("first_pay");
  }

  std::optional<Money> broken_limit(Money base, YearMonth month,
                                    const std::string& insurance) const {
    const auto wage = tables_.parameters.in(month, {"reference_wage", insurance});
    if (!wage) return std::nullopt;
    const Money reference = Money::of_cents(100) * *wage;
    for (const char* name : {"base_floor", "base_ceiling"}) {
      const auto share = tables_.parameters.in(month, {name, insurance, subject_.kind()});
      if (!share) continue;
      const Money limit = reference * *share;
      const bool floor = std::string_view(name) == "base_floor";
      // Offices round the limits to yuan.
      if (floor ? base + Money::of_cents(100) < limit : base > limit + Money::of_cents(100)) {
        return limit;
      }
    }
    return std::nullopt;
  }

  // ---- X11

  void declaration(const PageFact& page) {
    const PageValues& values = view_.values(page);
    std::vector<ContributionRow> rows;
    for (const int row : values.rows()) {
      const auto month = values.month("period_from", row);
      const auto to = values.month("period_to", row);
      if (to && month && *to != *month) continue;  // amounts of several months: not one row a month
      rows.push_back({row, month.value, month.fact, values.money("pay_base", row),
                      values.money("unit_amount", row), values.money("person_amount", row),
                      values.share("unit_rate", row), values.share("person_rate", row),
                      std::nullopt, std::nullopt});
    }
    assessed_without_declaration(page, rows);
    ContributionRows(page, std::move(rows), insurance_of(values, tables_), tables_, subject_)
        .check(findings_);
  }

  /// X29: a base that is just the last month's and a tenth was assessed, not declared.
  void assessed_without_declaration(const PageFact& page,
                                    const std::vector<ContributionRow>& rows) {
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (!rows[i].base || !rows[i - 1].base || !rows[i].month || !rows[i - 1].month) continue;
      if (*rows[i].month - *rows[i - 1].month != 1) continue;
      const auto share = tables_.parameters.in(*rows[i].month, {"undeclared_share"});
      if (!share || *rows[i].base != *rows[i - 1].base * *share) continue;
      report("X29", "", {place_of(page, *rows[i].base.fact)}, "", page, "pay_base",
             Wording(tables_).word("share", share->percent()));
    }
  }

  /// A row an insurance, all with one base and one number of months. Where the base changed in the
  /// year no row fits, and nothing is said.
  void rights_record(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto year = values.count("year");
    if (!year) return;
    struct Off {
      Read<Money> base, amount;
      Read<int> months;
      Decimal rate;
      Money due;
    };
    std::vector<Off> off;
    int right = 0;
    for (const int row : values.rows()) {
      const FieldFact* kind = values.believed("insurance_kind", row);
      const auto base = values.money("pay_base", row);
      const auto amount = values.money("person_amount", row);
      const auto months = values.count("row_year_months", row);
      const auto january = YearMonth::of(*year, 1);
      if (kind == nullptr || !base || !amount || !months || !january) continue;
      const auto rate = tables_.parameters.in(
          *january,
          {"person_rate", tables_.words.meaning("insurance", kind->value), subject_.kind()});
      if (!rate) continue;
      const Money due = *base * *rate * *months;
      if (within(*amount, due, tolerance_of(tables_, "X11", *months))) {
        ++right;
      } else {
        off.push_back({base, amount, months, *rate, due});
      }
    }
    if (right == 0) return;
    for (const Off& row : off) {
      if (likelier_misread(*row.amount.fact, row.due.text(), tables_) ||
          may_be_factor_misread(row.base, row.rate, row.months, *row.amount, tables_)) {
        continue;
      }
      report("X11", "", {place_of(page, *row.amount.fact)}, row.due.text(), page, "person_amount",
             Wording(tables_).word("month", std::to_string(*year)).word("base", "-"));
    }
  }

  /// Amounts for all months of a period together.
  void period_amounts(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto from = values.month("period_from"), to = values.month("period_to");
    const auto base = values.money("pay_base");
    if (!from || !to || !base || *to < *from || *to - *from > 1200) return;
    const std::string insurance = insurance_of(values, tables_);
    struct Off {
      Read<Money> amount;
      Money due;
    };
    std::vector<Off> off;
    int compared = 0;
    for (const auto& [amount_field, rate_name] :
         {std::pair("unit_amount", "unit_rate"), std::pair("person_amount", "person_rate")}) {
      const auto amount = values.money(amount_field);
      const auto due = due_for_period(*base, *from, *to, {rate_name, insurance, subject_.kind()});
      if (!amount || !due) continue;
      ++compared;
      if (!within(*amount, *due, tolerance_of(tables_, "X11", *to - *from + 1))) {
        off.push_back({amount, *due});
      }
    }
    // Both off: another rate, or the base; which one nobody can say from here.
    if (off.size() != 1 || compared != 2) return;
    if (likelier_misread(*off.front().amount.fact, off.front().due.text(), tables_)) return;
    report("X11", "", {place_of(page, *off.front().amount.fact), place_of(page, *base.fact)},
           off.front().due.text(), page, off.front().amount.fact->field,
           Wording(tables_)
               .word("month", from->text() + ".." + to->text())
               .word("base", base->text()));
  }

  std::optional<Money> due_for_period(Money base, YearMonth from, YearMonth to,
                                      const Parameters::Question& question) const {
    Money due;
    for (YearMonth month = from; month <= to; month = month.plus_months(1)) {
      const auto rate = tables_.parameters.in(month, question);
      if (!rate) return std::nullopt;
      due = due + base * *rate;
    }
    return due;
  }

  // ---- X13

  void months_of_year() {
    constexpr int kYear = 12;
    for (const auto& [type, field] :
         {std::pair("DT10", "row_year_months"), std::pair("DT15", "row_months")}) {
      for (const PageFact* page : subject_.pages_of(type)) {
        const PageValues& values = view_.values(*page);
        for (const int row : values.rows()) {
          const auto months = values.count(field, row);
          const auto keeps = [](const std::string& text) {
            return text.size() == 1 || (text.size() == 2 && text <= "12");
          };
          if (!months || *months <= kYear || a_digit_would_mend(*months.fact, tables_, keeps)) {
            continue;
          }
          report("X13", "year", {place_of(*page, *months.fact)}, std::to_string(kYear), *page,
                 field, Wording(tables_));
        }
      }
    }
  }

  /// Months paid cannot be more than the period has; what is asked for as a whole cannot be fewer.
  void months_of_period() {
    for (const char* type : {"DT12", "DT15", "DT16", "DT17"}) {
      for (const PageFact* page : subject_.pages_of(type)) {
        const PageValues& values = view_.values(*page);
        const auto from = values.month("period_from"), to = values.month("period_to");
        const auto months = values.count("months");
        if (!from || !to || !months || *to < *from) continue;
        const int all = *to - *from + 1;
        const bool may_be_fewer =
            std::string_view(type) == "DT12" || std::string_view(type) == "DT15";
        if (*months == all || (may_be_fewer && *months < all)) continue;
        if (likelier_misread(*months.fact, std::to_string(all), tables_) ||
            likelier_misread(*from.fact, to->plus_months(1 - *months).text(), tables_) ||
            likelier_misread(*to.fact, from->plus_months(*months - 1).text(), tables_)) {
          continue;
        }
        report(
            "X13", "period",
            {place_of(*page, *months.fact), place_of(*page, *from.fact), place_of(*page, *to.fact)},
            std::to_string(all), *page, "months", Wording(tables_));
      }
    }
  }

  // ---- X15

  /// The approval of a retirement is one of its deemed months too.
  void deemed_months() {
    if (view_.has("DT21") || view_.has("DT19")) return;
    for (const char* type : {"DT15", "DT20"}) {
      for (const PageFact* page : subject_.pages_of(type)) {
        const auto deemed = view_.values(*page).count("deemed_months");
        if (!deemed || *deemed == 0) continue;
        return report("X15", "", {place_of(*page, *deemed.fact)}, "", *page, "deemed_months",
                      Wording(tables_));
      }
    }
  }

  // ---- X26

  void refund(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto from = values.month("period_from"), to = values.month("period_to");
    if (!from || !to || *to < *from) return;
    for (const auto& [field, both] :
         {std::pair("person_amount", false), std::pair("total_due", true)}) {
      const auto asked = values.money(field);
      const auto paid = paid_in({*from, *to}, both);
      if (!asked || !paid || *asked <= *paid || may_be_within(*asked.fact, *paid)) continue;
      return report("X26", "", {place_of(page, *asked.fact)}, paid->text(), page, field,
                    Wording(tables_).word("from", from->text()).word("to", to->text()));
    }
    const auto asked = values.money("total_due");
    const auto paid = paid_by_voucher({*from, *to}, insurance_of(values, tables_));
    if (!asked || !paid || *asked <= *paid || may_be_within(*asked.fact, *paid)) return;
    report("X26", "", {place_of(page, *asked.fact)}, paid->text(), page, "total_due",
           Wording(tables_).word("from", from->text()).word("to", to->text()));
  }

  bool may_be_within(const FieldFact& asked, Money paid) const {
    return likelier_misread(asked, paid.text(), tables_) ||
           a_digit_would_mend(asked, tables_, [paid](const std::string& text) {
             const auto other = Money::parse(text);
             return other && *other <= paid;
           });
  }

  struct Span {
    YearMonth from, to;
  };

  /// What the statements show for every month of a span; nothing when they lack one or have one
  /// twice.
  std::optional<Money> paid_in(Span span, bool both) const {
    Money paid;
    std::set<YearMonth> months;
    for (const Statement& statement : statements_) {
      for (const ContributionRow& row : statement.rows) {
        if (!row.month || *row.month < span.from || *row.month > span.to) continue;
        if (!row.person || (both && !row.unit)) return std::nullopt;
        paid = paid + *row.person + (both ? *row.unit : Money());
        if (!months.insert(*row.month).second) return std::nullopt;
      }
    }
    if (std::ssize(months) != span.to - span.from + 1) return std::nullopt;
    return paid;
  }

  /// Vouchers for just this span and insurance, each once however often it was copied.
  std::optional<Money> paid_by_voucher(Span span, const std::string& insurance) const {
    std::optional<Money> paid;
    std::set<std::string> numbers, contents;
    for (const PageFact* page : subject_.pages_of("DT09")) {
      const PageValues& values = view_.values(*page);
      const auto amount = values.money("amount_num");
      if (!amount || !is_for(values, span) || insurance_of(values, tables_) != insurance) continue;
      const FieldFact* number = values.believed("voucher_no");
      const bool copied = (number != nullptr && !numbers.insert(number->value).second) ||
                          (!page->content.empty() && !contents.insert(page->content).second);
      if (!copied) paid = paid.value_or(Money()) + *amount;
    }
    return paid;
  }

  static bool is_for(const PageValues& values, Span span) {
    std::vector<int> rows = values.rows();
    rows.insert(rows.begin(), -1);
    return std::ranges::any_of(rows, [&](int row) {
      const auto from = values.month("period_from", row), to = values.month("period_to", row);
      return from && to && *from == span.from && *to == span.to;
    });
  }

  // ---- X19

  /// Of this dossier's person.
  std::vector<VoucherFact> own_vouchers() const {
    std::vector<VoucherFact> vouchers = vouchers_of(view_.facts());
    std::erase_if(vouchers, [this](const VoucherFact& voucher) {
      return subject_.owner_of(*page_with(voucher.page)) == PageOwner::other;
    });
    return vouchers;
  }

  void vouchers() {
    const std::vector<VoucherFact> own = own_vouchers();
    std::map<std::pair<std::string, std::string>, std::vector<const VoucherFact*>> by_number;
    for (const VoucherFact& voucher : own) {
      by_number[{voucher.doc_type, voucher.number}].push_back(&voucher);
    }
    for (const auto& [number, same] : by_number) {
      repeated(same);
      repeated_elsewhere(same);
    }
  }

  /// A second copy of one voucher says the same; a second row of a claim is a second claim.
  void repeated(const std::vector<const VoucherFact*>& same) {
    const VoucherFact& first = *same.front();
    std::vector<FindingPlace> places = {place_of_voucher(first)};
    for (const VoucherFact* voucher : same) {
      if (voucher == &first) continue;
      const bool another = first.doc_type == "DT34" ? !is_copied_claim(first, *voucher)
                                                    : is_another_payment(first, *voucher);
      if (another) places.push_back(place_of_voucher(*voucher));
    }
    if (places.size() < 2) return;
    report("X19", "", std::move(places), "", *page_with(first.page), first.field, Wording(tables_));
  }

  bool is_copied_claim(const VoucherFact& a, const VoucherFact& b) const {
    if (a.page == b.page) return false;
    const PageFact& page_a = *page_with(a.page);
    const PageFact& page_b = *page_with(b.page);
    return page_a.content == page_b.content || page_a.fields.size() == page_b.fields.size();
  }

  /// A finding for each dossier that has the number for another payment, so that what a person
  /// decides about one says nothing of the next.
  void repeated_elsewhere(const std::vector<const VoucherFact*>& same) {
    std::set<DossierNumber> told;
    for (const VoucherFact* own : same) {
      for (const VoucherFact& other : elsewhere_) {
        if (!is_same_number(*own, other) || !is_another_payment(*own, other)) continue;
        if (!told.insert(other.dossier).second) continue;
        report("X19", "store", {place_of_voucher(*own), place_of_voucher(other)}, "",
               *page_with(own->page), own->field,
               Wording(tables_).word("dossier", std::to_string(other.dossier)));
      }
    }
  }

  static FindingPlace place_of_voucher(const VoucherFact& voucher) {
    return {voucher.page, voucher.field, voucher.row, voucher.printed};
  }

  const PageFact* page_with(PageNumber number) const {
    return &*std::ranges::find(view_.facts().pages, number, &PageFact::number);
  }

  // ---- X17

  void payment_dates() {
    for (const PageFact* page : subject_.pages_of("DT09")) {
      const PageValues& values = view_.values(*page);
      const auto paid = values.date("pay_date");
      auto last = values.month("period_to");
      std::vector<int> rows = values.rows();
      for (const int row : rows) {
        const auto to = values.month("period_to", row);
        const auto month = to ? to : values.month("period_from", row);
        if (month && (!last || *month > *last)) last = month;
      }
      if (!last) last = values.month("period_from");
      if (!paid || !paid->day || !last) continue;
      const auto day = tables_.parameters.in(*last, {"deadline_day"});
      const auto months = tables_.parameters.in(*last, {"deadline_months"});
      if (!day || !months) continue;
      const auto deadline =
          day_in(last->plus_months(static_cast<int>(months->whole())), day->whole());
      if (!deadline || *paid->day <= *deadline) continue;
      report("X17", "", {place_of(*page, *paid.fact)}, deadline->text(), *page, "pay_date",
             Wording(tables_).word("month", last->text()));
    }
  }

  /// A day of a month, or the month's last where it has fewer.
  static std::optional<Date> day_in(YearMonth month, std::int64_t day) {
    for (auto at = static_cast<unsigned>(std::clamp<std::int64_t>(day, 0, 31)); at > 0; --at) {
      if (const auto date = Date::of(month.year(), month.month(), at)) return date;
    }
    return std::nullopt;
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  const std::vector<VoucherFact>& elsewhere_;
  Findings& findings_;
  const std::vector<Statement> statements_;
};

}  // namespace

void check_contributions(const Subject& subject, const std::vector<VoucherFact>& elsewhere,
                         Findings& findings) {
  ContributionRules(subject, elsewhere, findings).run();
}

}  // namespace archive
