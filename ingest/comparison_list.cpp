#include "ingest/comparison_list.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "config/csv_table.h"
#include "core/calendar.h"
#include "core/citizen_id.h"
#include "core/credit_code.h"
#include "core/error.h"
#include "core/money.h"
#include "core/width.h"
#include "ingest/foreign_text.h"

namespace archive {
namespace {

constexpr std::size_t kRowsMax = 2'000'000;

[[noreturn]] void refuse(const std::string& where, const std::string& what,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::input_missing, where, what, what_to_do);
}

std::string without_blanks(std::string_view text) {
  std::string bare = half_width(text);
  std::erase_if(bare, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return bare;
}

/// The kinds of lists, the one with the most keys first: a payment has a person's as well.
constexpr std::array kKinds = {ListKind::payment, ListKind::person, ListKind::employer};

std::optional<ListKind> kind_of(const std::vector<std::string>& headings,
                                const ListColumns& columns) {
  const auto has = [&](const ListColumn* key) {
    return std::ranges::any_of(headings, [&](const std::string& heading) {
      return columns.under(key->kind, heading) == key;
    });
  };
  for (const ListKind kind : kKinds) {
    const auto keys = columns.keys(kind);
    if (!keys.empty() && std::ranges::all_of(keys, has)) return kind;
  }
  return std::nullopt;
}

class ListReader {
 public:
  ListReader(const std::string& name, const CsvTable& table, const ListColumns& columns)
      : name_(name), table_(table) {
    const auto kind = kind_of(table.columns(), columns);
    if (!kind) {
      refuse(name + ":1", "no heading says what the rows are about",
             "name the columns, such as 公民身份号码 and 姓名, 费款所属期, or 统一社会信用代码");
    }
    list_.kind = *kind;
    for (const std::string& heading : table.columns()) {
      columns_.push_back(columns.under(*kind, heading));
      if (columns_.back() == nullptr) list_.columns_unread.push_back(heading);
    }
  }

  ComparisonList read() && {
    for (const CsvTable::Row& row : table_.rows()) add(row);
    refuse_contradictions();
    return std::move(list_);
  }

 private:
  void add(const CsvTable::Row& row) {
    ListedRecord record;
    record.list = name_;
    record.kind = list_.kind;
    record.line = row.line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ListColumn* column = columns_[i];
      if (column == nullptr || row.cells[i].empty()) continue;
      std::string value = normalised(column->type, row.cells[i]);
      if (value.empty() && !column->key) {
        refuse(name_ + ":" + std::to_string(row.line),
               "the cell under '" + table_.columns()[i] + "' cannot be read",
               "correct or empty the cell");
      }
      if (!column->key) {
        record.values[column->field] = std::move(value);
      } else if (column->type == ValueType::year_month) {
        record.month = std::move(value);
      } else {
        record.key = std::move(value);
      }
    }
    const bool whole =
        !record.key.empty() && (list_.kind != ListKind::payment || !record.month.empty());
    if (whole) {
      list_.records.push_back(std::move(record));
    } else {
      list_.lines_unread.push_back(row.line);
    }
  }

  /// The same person may stand twice, but not with two birth dates.
  void refuse_contradictions() {
    auto& records = list_.records;
    const auto key = [](const ListedRecord& record) { return std::tie(record.key, record.month); };
    std::ranges::stable_sort(records, {}, key);
    for (std::size_t i = 1; i < records.size(); ++i) {
      const ListedRecord& before = records[i - 1];
      const ListedRecord& now = records[i];
      if (key(before) != key(now) || before.values == now.values) continue;
      refuse(name_ + ":" + std::to_string(now.line),
             "the row is about the same as line " + std::to_string(before.line) +
                 " and says something else",
             "keep the row that is right");
    }
    const auto [twice, end] = std::ranges::unique(records, {}, key);
    records.erase(twice, end);
  }

  const std::string& name_;
  const CsvTable& table_;
  std::vector<const ListColumn*> columns_;
  ComparisonList list_;
};

}  // namespace

ComparisonList read_comparison_list(const std::string& name, std::string bytes,
                                    const ListColumns& columns) {
  ForeignText foreign = as_utf8(name, std::move(bytes));
  const CsvTable table = CsvTable::parse(name, std::move(foreign.text), ErrorKind::input_missing);
  if (table.rows().size() > kRowsMax) {
    refuse(name, "the list has more than 2,000,000 rows", "divide it");
  }
  ComparisonList list = ListReader(name, table, columns).read();
  list.encoding = std::move(foreign.encoding);
  return list;
}

std::string normalised(ValueType type, std::string_view text) {
  const std::string bare = without_blanks(text);
  switch (type) {
    case ValueType::id18: {
      const auto id = CitizenId::parse(bare);
      return id ? id->text() : std::string();
    }
    case ValueType::credit_code: {
      const auto code = CreditCode::parse(bare);
      return code ? code->text() : std::string();
    }
    case ValueType::date: {
      if (const auto date = Date::parse(bare)) return date->text();
      const auto month = YearMonth::parse(bare);
      return month ? month->text() : std::string();
    }
    case ValueType::year_month: {
      const auto month = YearMonth::parse(bare);
      return month ? month->text() : std::string();
    }
    case ValueType::money: {
      const auto money = Money::parse(bare);
      return money ? money->text() : std::string();
    }
    default:
      return bare;
  }
}

}  // namespace archive
