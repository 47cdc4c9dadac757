#include "ingest/catalogue.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "config/csv_table.h"
#include "core/error.h"
#include "core/page_range.h"
#include "ingest/foreign_table.h"

namespace archive {
namespace {

/// A column of the catalogue: its heading, and the text or the number it fills.
struct Column {
  std::string_view heading;
  std::string CatalogueEntry::*text = nullptr;
  int CatalogueEntry::*number = nullptr;
};

constexpr std::array<Column, 12> kColumns = {{
    {"档号", &CatalogueEntry::item_no, nullptr},
    {"案卷档号", &CatalogueEntry::dossier_no, nullptr},
    {"件号", nullptr, &CatalogueEntry::sequence},
    {"题名", &CatalogueEntry::title, nullptr},
    {"责任者", &CatalogueEntry::author, nullptr},
    {"文号", &CatalogueEntry::doc_number, nullptr},
    {"日期", &CatalogueEntry::date, nullptr},
    {"起页", nullptr, &CatalogueEntry::first_page},
    {"止页", nullptr, &CatalogueEntry::last_page},
    {"类别号", &CatalogueEntry::class_code, nullptr},
    {"保管期限", &CatalogueEntry::retention, nullptr},
    {"备注", &CatalogueEntry::remark, nullptr},
}};

class EntryReader {
 public:
  explicit EntryReader(const CsvTable& table) : table_(table) {}

  CatalogueEntry entry(const CsvTable::Row& row) {
    CatalogueEntry entry;
    for (const Column& column : kColumns) {
      const std::string& cell = table_.cell(row, column.heading);
      if (column.text != nullptr) {
        entry.*column.text = cell;
      } else {
        entry.*column.number = number(row, column.heading, cell);
      }
    }
    if (entry.item_no.empty()) {
      table_.refuse(row, "the row does not name its item (档号)");
    }
    if (entry.dossier_no.empty()) table_.refuse(row, "the row does not name its volume (案卷档号)");
    if (entry.sequence < 1) table_.refuse(row, "the row has no sequence (件号)");
    if (entry.first_page > entry.last_page) table_.refuse(row, "its pages run backwards");
    if (!item_numbers_.insert(entry.item_no).second) {
      table_.refuse(row, "another row has the same number of an item (档号)");
    }
    if (!sequences_.emplace(entry.dossier_no, entry.sequence).second) {
      table_.refuse(row, "its volume has another row of the same sequence (件号)");
    }
    return entry;
  }

 private:
  int number(const CsvTable::Row& row, std::string_view heading, const std::string& cell) const {
    if (cell.empty()) return 0;
    int value = 0;
    const char* end = cell.data() + cell.size();
    const auto [rest, error] = std::from_chars(cell.data(), end, value);
    if (error != std::errc{} || rest != end || value < 1 || value > PageRange::kPageMax) {
      table_.refuse(row, "the cell under '" + std::string(heading) + "' is no number from 1");
    }
    return value;
  }

  const CsvTable& table_;
  std::set<std::string> item_numbers_;
  std::set<std::pair<std::string, int>> sequences_;
};

constexpr auto kHeadings = [] {
  std::array<std::string_view, kColumns.size()> headings;
  for (std::size_t i = 0; i < kColumns.size(); ++i) headings[i] = kColumns[i].heading;
  return headings;
}();

void add_items(const DossierRecord& dossier, const ItemNumberPattern& numbers,
               std::vector<CatalogueEntry>& entries) {
  for (const ItemRecord& item : dossier.items) {
    CatalogueEntry entry;
    entry.item_no = numbers.number(dossier.dossier_no, item.sequence);
    entry.dossier_no = dossier.dossier_no;
    entry.sequence = item.sequence;
    entry.title = item.title;
    entry.date = item.date;
    if (const auto range = PageRange::parse(item.pages_declared)) {
      entry.first_page = range->first();
      entry.last_page = range->last();
    }
    entry.class_code = item.class_code;
    entry.retention = item.retention;
    entries.push_back(std::move(entry));
  }
}

}  // namespace

std::vector<CatalogueEntry> read_catalogue(const std::string& name, std::string bytes,
                                           const std::string& sheet) {
  const CsvTable table = foreign_table(name, std::move(bytes), kHeadings, sheet);
  EntryReader reader(table);
  std::vector<CatalogueEntry> entries;
  for (const CsvTable::Row& row : table.rows()) entries.push_back(reader.entry(row));
  return entries;
}

OutTable catalogue_table(std::vector<CatalogueEntry> entries) {
  std::ranges::sort(entries, {}, [](const CatalogueEntry& entry) {
    return std::tie(entry.dossier_no, entry.sequence, entry.item_no);
  });
  OutTable table;
  table.headings.assign(kHeadings.begin(), kHeadings.end());
  for (const CatalogueEntry& entry : entries) {
    auto& row = table.rows.emplace_back();
    for (const Column& column : kColumns) {
      if (column.text != nullptr) {
        row.push_back({entry.*column.text, false});
      } else {
        const int number = entry.*column.number;
        row.push_back({number == 0 ? std::string() : std::to_string(number), true});
      }
    }
  }
  return table;
}

std::vector<CatalogueEntry> catalogue_of(const Records& records, const ItemNumberPattern& numbers) {
  std::vector<CatalogueEntry> entries = records.catalogue();
  std::set<std::string> catalogued;
  for (const CatalogueEntry& entry : entries) catalogued.insert(entry.dossier_no);
  for (const BatchRecord& batch : records.batches()) {
    for (const DossierRecord& dossier : records.dossiers(batch.number)) {
      // Without a number of its own there is nothing to catalogue it under; the same number a
      // second time is a finding, not a second volume.
      if (dossier.dossier_no.empty() || !catalogued.insert(dossier.dossier_no).second) continue;
      add_items(dossier, numbers, entries);
    }
  }
  return entries;
}

}  // namespace archive
