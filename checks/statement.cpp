#include "checks/statement.h"

#include <algorithm>

namespace archive {
namespace {

/// Rows tell their months in order. One that does not, between two that leave room for just it,
/// was misread; another year than the page's makes a month uncertain.
void put_months_right(Statement& statement) {
  auto& rows = statement.rows;
  for (ContributionRow& row : rows) {
    if (row.month && statement.year && row.month->year() != *statement.year) row.month.reset();
  }
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
    const auto& before = rows[i - 1].month;
    const auto& after = rows[i + 1].month;
    if (!before || !after || *after - *before != 2) continue;
    rows[i].month = before->plus_months(1);
  }
}

Statement statement_on(const PageFact& page, const PageValues& values) {
  Statement statement;
  statement.page = &page;
  statement.year = values.count("year").value;
  statement.open = values.money("open_balance");
  statement.paid = values.money("paid_total");
  statement.interest = values.money("year_interest");
  statement.close = values.money("close_balance");
  for (const int row : values.rows()) {
    const auto month = values.month("period_from", row);
    statement.rows.push_back({row, month.value, month.fact, values.money("pay_base", row),
                              values.money("unit_amount", row), values.money("person_amount", row),
                              values.share("unit_rate", row), values.share("person_rate", row),
                              std::nullopt, std::nullopt});
    statement.balances.push_back(values.money("running_balance", row));
  }
  put_months_right(statement);
  if (!statement.year) {
    for (const ContributionRow& row : statement.rows) {
      if (row.month) statement.year = row.month->year();
    }
  }
  return statement;
}

/// Steps of the running balance, where no row lies between.
void find_steps(Statement& statement) {
  for (std::size_t i = 0; i < statement.rows.size(); ++i) {
    const Read<Money>& before = i == 0 ? statement.open : statement.balances[i - 1];
    const bool next = i == 0 ? statement.rows[i].row == 0
                             : statement.rows[i].row == statement.rows[i - 1].row + 1;
    if (next && before && statement.balances[i]) {
      statement.rows[i].step = *statement.balances[i] - *before;
    }
  }
}

template <class T>
bool may_be_same(const std::optional<T>& a, const std::optional<T>& b) {
  return !a || !b || *a == *b;
}

/// The same sheet once more, each time read as well as it could be.
bool is_copy(const Statement& a, const Statement& b) {
  if (a.year != b.year || a.rows.size() != b.rows.size()) return false;
  if (!may_be_same(a.open.value, b.open.value) || !may_be_same(a.close.value, b.close.value)) {
    return false;
  }
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    if (!may_be_same(a.rows[i].month, b.rows[i].month) ||
        !may_be_same(a.rows[i].base.value, b.rows[i].base.value) ||
        !may_be_same(a.rows[i].person.value, b.rows[i].person.value)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Statement> statements_of(const DossierView& view, const Subject& subject) {
  std::vector<Statement> statements;
  for (const PageFact* page : subject.pages_of("DT11")) {
    Statement statement = statement_on(*page, view.values(*page));
    if (statement.rows.empty() && !statement.close) continue;
    find_steps(statement);
    // Copies follow their originals closely: not every pair of a long dossier is compared.
    constexpr std::ptrdiff_t kNear = 40;
    const auto from = statements.end() - std::min(kNear, std::ssize(statements));
    const bool copied = std::any_of(from, statements.end(), [&statement](const Statement& other) {
      return is_copy(other, statement);
    });
    if (!copied) statements.push_back(std::move(statement));
  }
  std::ranges::stable_sort(statements, [](const Statement& a, const Statement& b) {
    return a.year.value_or(0) < b.year.value_or(0);
  });
  return statements;
}

}  // namespace archive
