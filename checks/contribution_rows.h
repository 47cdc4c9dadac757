#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/findings.h"
#include "checks/page_values.h"
#include "checks/subject.h"
#include "config/check_tables.h"

namespace archive {

/// A month of contributions as a row of a table prints it.
struct ContributionRow {
  int row = 0;
  std::optional<YearMonth> month;
  const FieldFact* month_at = nullptr;
  Read<Money> base, unit, person;
  Read<Decimal> unit_rate, person_rate;  ///< as printed in the row
  std::optional<Money> step;             ///< by how much a running balance rose in this row
  std::optional<Money> person_due;       ///< what the base asks for, where a rate is known
};

/// Rule X11 on a page with a row a month: amount = base x rate. Two shares and a running balance
/// hang on one base, so that of three printed numbers the wrong one can be named.
class ContributionRows {
 public:
  /// The rates are those printed, else those of the tables in their months, else the one that
  /// most rows of the page keep: a region whose rates nobody entered is no fault of its papers.
  ContributionRows(const PageFact& page, std::vector<ContributionRow> rows, std::string insurance,
                   const CheckTables& tables, const Subject& subject);

  void check(Findings& findings);

  const std::vector<ContributionRow>& rows() const { return rows_; }
  /// True for a row whose personal share X11 found to be wrong.
  bool person_is_wrong(int row) const;

 private:
  /// A column of amounts.
  struct Share {
    const char* parameter;
    Read<Money> ContributionRow::*amount;
    Read<Decimal> ContributionRow::*printed_rate;
    bool known = false;                    ///< rates are certain enough to judge amounts by
    std::optional<Decimal> own_rate = {};  ///< of the page, where it is not that of the tables
    /// A rate that the tables do not know, where it shows, and what they say.
    std::optional<Decimal> odd_rate = {}, table_says = {};
    const FieldFact* odd_at = nullptr;
  };
  /// A number of a row that is not what it should be.
  struct Fault {
    const ContributionRow* row;
    const char* variant;
    const FieldFact* fact;
    Money expected;
  };
  /// How an amount of a row compares with its base.
  enum class Fit { unknown, right, wrong };

  std::optional<Decimal> table_rate(const Share& share, const ContributionRow& row) const;
  std::optional<Decimal> rate(const Share& share, const ContributionRow& row) const;
  Fit fit(const Share& share, const ContributionRow& row) const;
  bool is_due(const Share& share, const ContributionRow& row, Money base, Decimal rate) const;
  void find_rate(Share& share);
  void note_printed_rates(Share& share);
  void common_rate(Share& share, const std::vector<const ContributionRow*>& comparable);
  void check_row(const ContributionRow& row);
  bool may_be_base(const ContributionRow& row, Money share, Decimal rate) const;
  void report(const ContributionRow& row, const char* variant, const FieldFact& fact,
              Money expected);
  void tell(const Fault& fault, Findings& findings) const;
  void tell_habits(Findings& findings);
  bool is_doubted_elsewhere(const FieldFact& fact, Money expected) const;
  void report_rate(const Share& share, Findings& findings);

  const PageFact& page_;
  std::vector<ContributionRow> rows_;
  std::string insurance_;
  const CheckTables& tables_;
  const Subject& subject_;
  Share unit_, person_;
  bool exempt_ = false;     ///< the page says that contributions were waived
  bool reference_ = false;  ///< and by which policy
  std::vector<int> wrong_persons_;
  std::vector<Fault> faults_;
};

/// The insurance that a page is about, by its blank or by its type; empty: not certain.
std::string insurance_of(const PageValues& values, const CheckTables& tables);

/// What X11 allows for rounding in so many months.
Money tolerance_of(const CheckTables& tables, std::string_view rule, int times = 1);
bool within(Money a, Money b, Money tolerance);

/// True when an amount that is not base x rate x months would be, had a sign of the base or of the
/// months been misread.
bool may_be_factor_misread(const Read<Money>& base, Decimal rate, const Read<int>& months,
                           Money amount, const CheckTables& tables);

}  // namespace archive
