#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/account.h"
#include "checks/wording.h"

// X12: months without contributions and months with two. A gap is lawful and only shown; what
// looks like one because a row was lost in reading must not be: balances and totals tell.

namespace archive {
namespace {

/// Whether a statement shows that none of its rows was lost.
enum class Whole { unknown, yes, no };

/// A lost row takes its share with it; a share or a balance that is a little wrong does not.
bool lacks_a_share(Money difference, Money share) {
  return difference != Money() && std::llabs(difference.cents()) * 2 >= share.cents();
}

Whole wholeness(const Statement& statement) {
  Money sum;
  std::optional<Money> least;
  int next = 0;
  for (const ContributionRow& row : statement.rows) {
    if (!row.person || !row.month || row.row != next++) return Whole::no;
    sum = sum + *row.person;
    least = least ? std::min(*least, *row.person) : *row.person;
  }
  const auto& last = statement.balances.back();
  if (!least || (!(statement.open && last) && !statement.paid)) return Whole::unknown;
  const Money paid = statement.open && last ? *last - *statement.open : *statement.paid;
  return lacks_a_share(paid - sum, *least) ? Whole::no : Whole::yes;
}

class Months {
 public:
  Months(const std::vector<Statement>& statements, const CheckTables& tables,
         const Subject& subject, Findings& findings)
      : statements_(statements), tables_(tables), subject_(subject), findings_(findings) {}

  void check() {
    const Statement* before = nullptr;
    for (const Statement& statement : statements_) {
      if (statement.rows.empty()) continue;
      inside(statement);
      if (before != nullptr) between(*before, statement);
      before = &statement;
    }
    overlaps();
  }

 private:
  void inside(const Statement& statement) {
    const auto& rows = statement.rows;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (!rows[i].month || !rows[i - 1].month || *rows[i].month - *rows[i - 1].month <= 1)
        continue;
      if (rows[i].row != rows[i - 1].row + 1) continue;
      const bool lost = rows[i].step && rows[i].person
                            ? lacks_a_share(*rows[i].step - *rows[i].person, *rows[i].person)
                            : wholeness(statement) == Whole::no;
      if (!lost) gap(statement, rows[i], *rows[i - 1].month);
    }
  }

  /// From the last month of a page to the first one of the next.
  void between(const Statement& before, const Statement& after) {
    const ContributionRow& last = before.rows.back();
    const ContributionRow& first = after.rows.front();
    if (!last.month || !first.month || *first.month - *last.month <= 1) return;
    const bool follow = before.year && after.year && *after.year - *before.year <= 1;
    if (!follow || wholeness(before) != Whole::yes || wholeness(after) != Whole::yes) return;
    gap(after, first, *last.month);
  }

  void gap(const Statement& statement, const ContributionRow& row, YearMonth last) {
    // A month misread by a sign would close it.
    if (likelier_misread(*row.month_at, last.plus_months(1).text(), tables_)) return;
    const std::string from = last.plus_months(1).text(), to = row.month->plus_months(-1).text();
    auto words = Wording(tables_)
                     .paper(statement.page->doc_type)
                     .word("from", from)
                     .word("to", to)
                     .word("count", std::to_string(*row.month - last - 1))
                     .take();
    findings_.add("X12", "gap", {place_of(*statement.page, *row.month_at)},
                  from == to ? from : from + ".." + to, std::move(words), subject_.persons());
  }

  struct Entry {
    const Statement* statement;
    const ContributionRow* row;
  };

  void overlaps() {
    std::map<YearMonth, Entry> first;
    for (const Statement& statement : statements_) {
      for (const ContributionRow& row : statement.rows) {
        if (!row.month || row.month_at == nullptr) continue;
        const auto [entry, is_new] = first.emplace(*row.month, Entry{&statement, &row});
        if (!is_new && differ(*entry->second.row, row)) {
          overlap(entry->second, {&statement, &row});
        }
      }
    }
  }

  /// The same month printed twice with the same numbers is a statement that was issued twice.
  bool differ(const ContributionRow& a, const ContributionRow& b) const {
    const auto sure_difference = [this](const Read<Money>& x, const Read<Money>& y) {
      return x && y && *x != *y && !likelier_misread(*x.fact, y->text(), tables_) &&
             !likelier_misread(*y.fact, x->text(), tables_);
    };
    const auto printed = [](const ContributionRow& row) {
      const auto month = printed_date(row.month_at->value);
      return month && month->month == *row.month;
    };
    if (!printed(a) || !printed(b)) return false;
    return sure_difference(a.base, b.base) || sure_difference(a.person, b.person);
  }

  void overlap(const Entry& a, const Entry& b) {
    for (const Entry& entry : {a, b}) {
      // Of a row that its neighbours would have in another month, the month was misread.
      for (const int shift : {-1, 1}) {
        const std::string near = entry.row->month->plus_months(shift).text();
        if (likelier_misread(*entry.row->month_at, near, tables_)) return;
      }
    }
    auto words = Wording(tables_)
                     .paper(b.statement->page->doc_type)
                     .word("month", b.row->month->text())
                     .take();
    findings_.add("X12", "overlap",
                  {place_of(*b.statement->page, *b.row->month_at),
                   place_of(*a.statement->page, *a.row->month_at)},
                  "", std::move(words), subject_.persons());
  }

  const std::vector<Statement>& statements_;
  const CheckTables& tables_;
  const Subject& subject_;
  Findings& findings_;
};

}  // namespace

void check_months(const std::vector<Statement>& statements, const CheckTables& tables,
                  const Subject& subject, Findings& findings) {
  Months(statements, tables, subject, findings).check();
}

}  // namespace archive
