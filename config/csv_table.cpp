#include "config/csv_table.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "config/office_tables.h"
#include "config/toml_tree.h"
#include "core/error.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kFileBytesMax = 4U << 20;
constexpr char kStrike = '-';  // before the first cell of an office's row: ours is struck
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Whether lines that begin with '#' are comments, or rows like others.
enum class Comments { skipped, rows };

/// What a table is called, and what kind of error it is when it is wrong.
struct Origin {
  std::string name;
  ErrorKind kind = ErrorKind::settings;

  [[noreturn]] void refuse(int line, const std::string& problem) const {
    throw ArchiveError(kind, name + ":" + std::to_string(line), problem, "correct the table");
  }
};

std::string bytes_of(const std::filesystem::path& file, const Origin& origin) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  if (!in || !(out << in.rdbuf())) origin.refuse(0, "the table cannot be read");
  std::string bytes = std::move(out).str();
  if (bytes.size() > kFileBytesMax) origin.refuse(0, "the table is larger than 4 MB");
  if (!is_utf8(bytes)) origin.refuse(0, "the table is not UTF-8");
  if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());  // of Excel
  return bytes;
}

/// Cuts a file into rows of cells, one character after the other.
class CsvReader {
 public:
  CsvReader(const Origin& origin, std::string bytes, Comments comments)
      : origin_(origin), bytes_(std::move(bytes)), comments_(comments) {}

  std::vector<CsvTable::Row> rows() {
    std::vector<CsvTable::Row> rows;
    while (at_ < bytes_.size()) {
      const bool comment = bytes_[at_] == '#' && comments_ == Comments::skipped;
      if (comment || is_blank_line()) {
        at_ = std::min(bytes_.find('\n', at_), bytes_.size() - 1) + 1;
        ++line_;
      } else {
        rows.push_back(row());
      }
    }
    return rows;
  }

 private:
  bool is_blank_line() const { return bytes_[at_] == '\n' || bytes_.compare(at_, 2, "\r\n") == 0; }

  CsvTable::Row row() {
    CsvTable::Row row;
    row.line = line_;
    while (true) {
      row.cells.push_back(bytes_.compare(at_, 1, "\"") == 0 ? quoted_cell() : bare_cell());
      if (at_ >= bytes_.size()) return row;
      const char end = bytes_[at_++];
      if (end == ',') continue;
      ++line_;
      return row;
    }
  }

  std::string bare_cell() {
    const std::size_t end = std::min(bytes_.find_first_of(",\n", at_), bytes_.size());
    std::string cell = bytes_.substr(at_, end - at_);
    if (!cell.empty() && cell.back() == '\r') cell.pop_back();
    at_ = end;
    return cell;
  }

  std::string quoted_cell() {
    const int begun = line_;
    std::string cell;
    for (++at_; at_ < bytes_.size(); ++at_) {
      const char c = bytes_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
      } else if (bytes_.compare(at_ + 1, 1, "\"") == 0) {
        cell += bytes_[at_++];
      } else {
        ++at_;
        if (bytes_.compare(at_, 1, "\r") == 0) ++at_;
        if (at_ < bytes_.size() && bytes_[at_] != ',' && bytes_[at_] != '\n') {
          origin_.refuse(line_, "text after a closing quote");
        }
        return cell;
      }
    }
    origin_.refuse(begun, "a quote is opened and never closed");
  }

  const Origin& origin_;
  std::string bytes_;
  Comments comments_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

CsvTable CsvTable::read(const TablePath& place) {
  place.note_read();
  const auto one = [&place](const std::filesystem::path& file, bool of_office) {
    const Origin origin{file.string(), ErrorKind::settings};
    CsvTable table = parse_without(origin.name, bytes_of(file, origin), origin.kind, &place);
    for (Row& row : table.rows_) row.of_office = of_office;
    if (of_office) table.office_name_ = table.name_;
    return table;
  };
  if (!place.office_has()) return one(place.ours(), false);
  const TableFacts facts = facts_of_office_table(place);
  std::error_code error;
  if (facts.office == OfficeTable::whole || !std::filesystem::exists(place.ours(), error)) {
    return one(place.office(), true);
  }
  CsvTable table = one(place.ours(), false);
  table.take_office(one(place.office(), true), facts.key);
  return table;
}

void CsvTable::take_office(CsvTable office, const std::vector<std::string>& key) {
  std::vector<std::string_view> known(columns_.begin(), columns_.end());
  for (const std::string& column : office.columns_) {
    if (std::ranges::find(known, column) != known.end()) continue;
    const std::string_view near = nearest(column, known);
    Origin{office.name_, kind_}.refuse(
        1, "there is no column '" + column + "'" +
               (near.empty() ? "" : "; nearest: '" + std::string(near) + "'"));
  }
  office_name_ = office.name_;
  const auto key_of = [&key](const CsvTable& table, const Row& row) {
    if (key.empty()) return row.cells;
    std::vector<std::string> cells;
    for (const std::string& column : key) cells.push_back(table.cell(row, column));
    return cells;
  };
  std::map<std::vector<std::string>, std::size_t> known_rows;
  for (std::size_t i = 0; i < rows_.size(); ++i) known_rows.emplace(key_of(*this, rows_[i]), i);
  std::set<std::size_t> struck;
  for (const Row& row : office.rows_) {
    Row made{row.line, {}, true};
    for (const std::string& column : columns_) made.cells.push_back(office.cell(row, column));
    const bool strikes = made.cells.front().starts_with(kStrike);
    if (strikes) made.cells.front().erase(0, 1);
    const auto key_made = key_of(*this, made);
    const auto same = known_rows.find(key_made);
    if (same != known_rows.end() && rows_[same->second].of_office) {
      refuse(made, "the row stands twice");
    }
    if (strikes && same == known_rows.end()) {
      refuse(made, "there is no such row of ours to strike");
    }
    if (strikes) {
      struck.insert(same->second);
    } else if (same == known_rows.end()) {
      known_rows.emplace(key_made, rows_.size());
      rows_.push_back(std::move(made));
    } else {
      struck.erase(same->second);
      rows_[same->second] = std::move(made);
    }
  }
  std::size_t number = 0;
  std::erase_if(rows_, [&](const Row&) { return struck.contains(number++); });
}

CsvTable CsvTable::parse(const std::string& name, std::string bytes, ErrorKind kind) {
  return parse_without(name, std::move(bytes), kind, nullptr);
}

CsvTable CsvTable::parse_without(const std::string& name, std::string bytes, ErrorKind kind,
                                 const TablePath* place) {
  const Origin origin{name, kind};
  CsvTable table;
  table.name_ = name;
  table.kind_ = kind;
  const Comments comments = place == nullptr ? Comments::rows : Comments::skipped;
  table.rows_ = CsvReader(origin, std::move(bytes), comments).rows();
  if (table.rows_.empty()) origin.refuse(1, "the table has no header");
  table.columns_ = std::move(table.rows_.front().cells);
  table.rows_.erase(table.rows_.begin());
  if (place != nullptr) {
    std::erase_if(table.rows_, [&](const Row& row) { return place->leaves_out(name, row.line); });
  }
  for (const Row& row : table.rows_) {
    if (row.cells.size() != table.columns_.size()) {
      origin.refuse(row.line, "the row has " + std::to_string(row.cells.size()) +
                                  " cells, the header " + std::to_string(table.columns_.size()));
    }
  }
  return table;
}

std::vector<CsvTable::Row> CsvTable::rows_of(const std::string& name, std::string bytes,
                                             ErrorKind kind) {
  const Origin origin{name, kind};
  return CsvReader(origin, std::move(bytes), Comments::skipped).rows();
}

CsvTable CsvTable::of(std::string name, ErrorKind kind, std::vector<std::string> columns,
                      std::vector<Row> rows) {
  CsvTable table;
  table.name_ = std::move(name);
  table.kind_ = kind;
  table.columns_ = std::move(columns);
  table.rows_ = std::move(rows);
  return table;
}

const std::string& CsvTable::cell(const Row& row, std::string_view column) const {
  const auto found = std::ranges::find(columns_, column);
  if (found == columns_.end()) {
    Origin{name_, kind_}.refuse(1, "the table lacks the column '" + std::string(column) + "'");
  }
  return row.cells[static_cast<std::size_t>(found - columns_.begin())];
}

void CsvTable::refuse(const Row& row, const std::string& problem) const {
  Origin{row.of_office ? office_name_ : name_, kind_}.refuse(row.line, problem);
}

std::vector<std::string> list_of(std::string_view cell) {
  std::vector<std::string> parts;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find('|'), cell.size());
    if (end > 0) parts.emplace_back(cell.substr(0, end));
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return parts;
}

}  // namespace archive
