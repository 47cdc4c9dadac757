#include "checks/account.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checks/wording.h"

// X11 and X20 on statements of the personal account. Every number of a year hangs together with
// others in two ways, so that the odd one out can be named:
//
//   base x rate = share      balance + share = next balance      shares = total of the year
//   open + total + interest = close      last balance + interest = close

namespace archive {
namespace {

const Money kRounding = Money::of_cents(1);

class YearOfAccount {
 public:
  YearOfAccount(const Statement& statement, const CheckTables& tables, const Subject& subject,
                Findings& findings)
      : statement_(statement),
        tables_(tables),
        subject_(subject),
        findings_(findings),
        rows_(*statement.page, statement.rows, insurance(), tables, subject) {}

  void check() {
    rows_.check(findings_);
    running_balance();
    total_of_year();
    closing_balance();
    interest();
  }

 private:
  std::string insurance() const {
    return std::string(tables_.words.meaning("insurance_of_type", statement_.page->doc_type));
  }

  /// What a row must have paid: what its base asks for where the printed share is wrong.
  std::optional<Money> paid_in(const ContributionRow& row) const {
    if (rows_.person_is_wrong(row.row)) return row.person_due;
    return row.person.value;
  }

  void running_balance() {
    const auto& rows = rows_.rows();
    const auto& balances = statement_.balances;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto paid = paid_in(rows[i]);
      if (!rows[i].step || !paid || *rows[i].step == *paid || !follows(i)) continue;
      // The base knows better than one misread share.
      if (rows[i].person_due && *rows[i].step == *rows[i].person_due) continue;
      const Money before = *balances[i] - *rows[i].step;
      if (!is_odd_balance(i, before + *paid)) continue;
      report("running", *balances[i].fact, before + *paid);
      ++i;  // the step from a wrong balance to the next one says nothing new
    }
  }

  /// A row that was lost in reading lies between months that do not follow each other.
  bool follows(std::size_t i) const {
    const auto& rows = rows_.rows();
    if (i == 0) return true;
    return rows[i].month && rows[i - 1].month && *rows[i].month - *rows[i - 1].month == 1;
  }

  /// The balance is wrong when what comes after it goes on from where it should have been; else
  /// the number before it may be.
  bool is_odd_balance(std::size_t i, Money expected) const {
    const auto& rows = rows_.rows();
    const auto& balances = statement_.balances;
    if (i + 1 < rows.size()) {
      const auto paid = paid_in(rows[i + 1]);
      if (balances[i + 1] && paid && follows(i + 1)) return *balances[i + 1] == expected + *paid;
      return false;
    }
    return statement_.close && statement_.interest &&
           *statement_.close - *statement_.interest == expected;
  }

  /// What the rows add up to; nothing when one of them is not certain.
  std::optional<Money> sum_of_rows() const {
    Money sum;
    int next = 0;
    for (const ContributionRow& row : rows_.rows()) {
      const auto paid = paid_in(row);
      if (!paid || row.row != next++) return std::nullopt;
      sum = sum + *paid;
    }
    if (rows_.rows().empty()) return std::nullopt;
    return sum;
  }

  bool rows_are_whole(Money sum) const {
    return statement_.open && !statement_.balances.empty() && statement_.balances.back() &&
           *statement_.balances.back() - *statement_.open == sum;
  }

  void total_of_year() {
    const auto sum = sum_of_rows();
    if (!statement_.paid || !sum || *statement_.paid == *sum || !rows_are_whole(*sum)) return;
    report_as("X11", "total", *statement_.paid.fact, *sum);
  }

  void closing_balance() {
    const auto& [open, paid, interest, close] =
        std::tie(statement_.open, statement_.paid, statement_.interest, statement_.close);
    if (!open || !paid || !interest || !close) return;
    const Money expected = *open + *paid + *interest;
    if (within(expected, *close, kRounding)) return;
    const Money other_interest = *close - *open - *paid;
    if (is_earned(other_interest)) return report("interest", *interest.fact, other_interest);
    // Where the rows lead to the printed close, opening or total are wrong, not the close.
    const bool rows_agree = !statement_.balances.empty() && statement_.balances.back() &&
                            within(*statement_.balances.back() + *interest, *close, kRounding);
    if (!rows_agree) {
      if (is_explained(*interest.fact, other_interest)) return;
      return report("", *close.fact, expected);
    }
    const auto sum = sum_of_rows();
    if (sum && *sum == *paid) report("open", *open.fact, *close - *interest - *paid);
  }

  bool is_explained(const FieldFact& fact, Money needed) const {
    return needed.cents() >= 0 && may_be_misread(fact, needed.text(), tables_);
  }

  /// Interest on the opening balance for the year, on each month's share for the months after it;
  /// some offices count its own month too. Nothing where no rate was published, or where the rows
  /// do not make the printed total.
  struct Earned {
    Money after, with;
  };
  std::optional<Earned> earned() const {
    if (!statement_.year || !statement_.open) return std::nullopt;
    const auto day = Date::of(*statement_.year, 1, 1);
    if (!day) return std::nullopt;
    const auto rate = tables_.parameters.on(*day, {"account_interest"});
    const auto sum = sum_of_rows();
    if (!rate || !sum) return std::nullopt;
    const bool adds_up = statement_.paid ? *statement_.paid == *sum : rows_are_whole(*sum);
    if (!adds_up) return std::nullopt;
    Money after, with;  // of shares times months
    for (const ContributionRow& row : rows_.rows()) {
      if (!row.month) return std::nullopt;
      const int months = 12 - static_cast<int>(row.month->month());
      after = after + *paid_in(row) * months;
      with = with + *paid_in(row) * (months + 1);
    }
    const auto of_year = [&](Money weighted) {
      return *statement_.open * *rate + scaled(weighted, rate->millionths(), 12 * Decimal::kOne);
    };
    return Earned{of_year(after), of_year(with)};
  }

  bool is_earned(Money interest) const {
    const auto due = earned();
    const Money tolerance = tolerance_of(tables_, "X20");
    return due &&
           (within(interest, due->after, tolerance) || within(interest, due->with, tolerance));
  }

  /// Interest that leads to the printed close and is not that of the published rate.
  void interest() {
    const auto& [open, paid, interest, close] =
        std::tie(statement_.open, statement_.paid, statement_.interest, statement_.close);
    if (!open || !paid || !interest || !close) return;
    const auto due = earned();
    if (!due || is_earned(*interest)) return;
    if (!within(*open + *paid + *interest, *close, kRounding)) return;
    report("interest", *interest.fact, due->after);
  }

  void report(const char* variant, const FieldFact& fact, Money expected) {
    report_as("X20", variant, fact, expected);
  }

  void report_as(const char* rule, const char* variant, const FieldFact& fact, Money expected) {
    if (likelier_misread(fact, expected.text(), tables_)) return;
    auto words = Wording(tables_)
                     .field(statement_.page->doc_type, fact.field)
                     .word("year", statement_.year ? std::to_string(*statement_.year) : "-")
                     .take();
    findings_.add(rule, variant, {place_of(*statement_.page, fact)}, expected.text(),
                  std::move(words), subject_.persons());
  }

  const Statement& statement_;
  const CheckTables& tables_;
  const Subject& subject_;
  Findings& findings_;
  ContributionRows rows_;
};

}  // namespace

void check_account(const std::vector<Statement>& statements, const CheckTables& tables,
                   const Subject& subject, Findings& findings) {
  const Statement* before = nullptr;
  for (const Statement& statement : statements) {
    YearOfAccount(statement, tables, subject, findings).check();
    const bool next_year =
        before != nullptr && before->year && statement.year && *statement.year == *before->year + 1;
    if (next_year && before->close && statement.open && *before->close != *statement.open &&
        !likelier_misread(*before->close.fact, statement.open->text(), tables) &&
        !likelier_misread(*statement.open.fact, before->close->text(), tables)) {
      auto words = Wording(tables)
                       .field(statement.page->doc_type, statement.open.fact->field)
                       .word("year", std::to_string(*statement.year))
                       .take();
      findings.add("X20", "chain",
                   {place_of(*statement.page, *statement.open.fact),
                    place_of(*before->page, *before->close.fact)},
                   before->close->text(), std::move(words), subject.persons());
    }
    before = &statement;
  }
}

}  // namespace archive
