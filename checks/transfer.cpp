#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/contribution_rows.h"
#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"

// X21-X25b, as far as they are no equal values and no sums (formulas.cpp): what the rows of a
// transfer information sheet 转移接续信息表 say together.

namespace archive {
namespace {

/// A year of the sheet.
struct YearRow {
  int row = 0;
  int year = 0;
  Read<int> months;
  Read<Money> base, person;
  Read<Decimal> share;  ///< credited to the account, as printed
};

class TransferRules {
 public:
  TransferRules(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void run() {
    for (const PageFact* page : subject_.pages_of("DT15")) {
      const PageValues& values = view_.values(*page);
      const std::vector<YearRow> rows = rows_of_sheet(values);
      person_amounts(*page, rows);
      credited_shares(*page, rows);
      if (!covers_period(values, rows)) continue;
      months_listed(*page, values, rows);
      short_years(*page, values, rows);
      pooled_fund(*page, values, rows);
    }
  }

 private:
  void report(const char* rule, const char* variant, std::vector<FindingPlace> places,
              std::string expected, const PageFact& page, std::string_view field, Wording words) {
    findings_.add(rule, variant, std::move(places), std::move(expected),
                  words.field(page.doc_type, field).take(), subject_.persons());
  }

  static std::vector<YearRow> rows_of_sheet(const PageValues& values) {
    std::vector<YearRow> rows;
    for (const int row : values.rows()) {
      const auto year = values.count("row_year", row);
      rows.push_back({row, year.value.value_or(0), values.count("row_months", row),
                      values.money("pay_base", row), values.money("person_amount", row),
                      values.share("alloc_rate", row)});
    }
    return rows;
  }

  /// True when there is a row for every year of the printed period, and each says its months: long
  /// periods are cut to what a sheet has room for.
  static bool covers_period(const PageValues& values, const std::vector<YearRow>& rows) {
    const auto from = values.month("period_from"), to = values.month("period_to");
    if (!from || !to || rows.empty()) return false;
    int year = from->year();
    for (const YearRow& row : rows) {
      if (row.year != year++ || !row.months) return false;
    }
    return year == to->year() + 1;
  }

  /// X11: base x rate x months.
  void person_amounts(const PageFact& page, const std::vector<YearRow>& rows) {
    struct Off {
      const YearRow* row;
      Decimal rate;
      Money due;
    };
    std::vector<Off> off;
    std::size_t right = 0;
    for (const YearRow& row : rows) {
      const auto january = YearMonth::of(row.year, 1);
      if (row.year == 0 || !january || !row.months || !row.base || !row.person) continue;
      const std::string_view insurance = tables_.words.meaning("insurance_of_type", page.doc_type);
      const auto rate =
          tables_.parameters.in(*january, {"person_rate", insurance, subject_.kind()});
      if (!rate) continue;
      const Money due = *row.base * *rate * *row.months;
      // Some sheets print the wages of the whole year.
      const bool fits = within(*row.person, due, tolerance_of(tables_, "X11", *row.months)) ||
                        within(*row.person, *row.base * *rate, tolerance_of(tables_, "X11", 12));
      if (fits) {
        ++right;
      } else {
        off.push_back({&row, *rate, due});
      }
    }
    if (off.size() * 2 > right) return;  // another rate, or bases that changed in the year
    for (const Off& fault : off) {
      const YearRow& row = *fault.row;
      if (likelier_misread(*row.person.fact, fault.due.text(), tables_) ||
          may_be_factor_misread(row.base, fault.rate, row.months, *row.person, tables_)) {
        continue;
      }
      report(
          "X11", "", {place_of(page, *row.person.fact), place_of(page, *row.base.fact)},
          fault.due.text(), page, "person_amount",
          Wording(tables_).word("month", std::to_string(row.year)).word("base", row.base->text()));
    }
  }

  /// X23
  void credited_shares(const PageFact& page, const std::vector<YearRow>& rows) {
    if (has_note(page)) return;
    for (const YearRow& row : rows) {
      const auto january = YearMonth::of(row.year, 1);
      if (row.year == 0 || !january || !row.share) continue;
      const auto share = tables_.parameters.in(*january, {"account_share"});
      if (!share || *share == *row.share) continue;
      if (likelier_misread(*row.share.fact, share->percent(), tables_)) continue;
      report("X23", "", {place_of(page, *row.share.fact)}, share->percent(), page, "alloc_rate",
             Wording(tables_).word("year", std::to_string(row.year)));
    }
  }

  bool has_note(const PageFact& page) const { return view_.values(page).any("remark") != nullptr; }

  /// X21: the months of the years are the months of the whole.
  void months_listed(const PageFact& page, const PageValues& values,
                     const std::vector<YearRow>& rows) {
    const auto months = values.count("months");
    if (!months) return;
    const int listed = sum_of_months(rows);
    if (listed == *months || likelier_misread(*months.fact, std::to_string(listed), tables_)) {
      return;
    }
    for (const YearRow& row : rows) {
      const int needed = *row.months + *months - listed;
      if (likelier_misread(*row.months.fact, std::to_string(needed), tables_)) return;
    }
    report("X21", "listed", {place_of(page, *months.fact)}, std::to_string(listed), page, "months",
           Wording(tables_));
  }

  static int sum_of_months(const std::vector<YearRow>& rows) {
    int sum = 0;
    for (const YearRow& row : rows) sum += *row.months;
    return sum;
  }

  /// X12 by years: inside the period a year of fewer than twelve months.
  void short_years(const PageFact& page, const PageValues& values,
                   const std::vector<YearRow>& rows) {
    const auto months = values.count("months");
    if (!months || *months != sum_of_months(rows)) return;
    for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
      if (*rows[i].months >= 12) continue;
      report("X12", "year", {place_of(page, *rows[i].months.fact)}, "12", page, "row_months",
             Wording(tables_).word("year", std::to_string(rows[i].year)));
    }
  }

  /// X25: by months; some sheets print the wages of a whole year, others those of a month.
  void pooled_fund(const PageFact& page, const PageValues& values,
                   const std::vector<YearRow>& rows) {
    const auto printed = values.money("amt5");
    if (!printed || !values.month("period_from")) return;
    Money monthly, yearly;
    int months = 0;
    for (const YearRow& row : rows) {
      const auto january = YearMonth::of(row.year, 1);
      if (!row.base || !january) return;
      const auto share = tables_.parameters.in(*january, {"pooled_share"});
      if (!share) continue;  // before there was a pooled share
      monthly = monthly + *row.base * *share * *row.months;
      yearly = yearly + *row.base * *share;
      months += *row.months;
    }
    const Money tolerance = tolerance_of(tables_, "X25", months);
    if (within(*printed, monthly, tolerance) || within(*printed, yearly, tolerance)) return;
    if (likelier_misread(*printed.fact, monthly.text(), tables_)) return;
    for (const YearRow& row : rows) {
      // One base or one number of months that was misread by a sign may be all there is.
      if (!is_beyond_doubt(*row.base.fact, tables_) ||
          !is_beyond_doubt(*row.months.fact, tables_)) {
        return;
      }
    }
    report("X25", "", {place_of(page, *printed.fact)}, monthly.text(), page, "amt5",
           Wording(tables_));
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

}  // namespace

void check_transfer(const Subject& subject, Findings& findings) {
  TransferRules(subject, findings).run();
}

}  // namespace archive
