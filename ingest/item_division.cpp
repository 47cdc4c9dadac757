#include "ingest/item_division.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/page_order.h"
#include "core/page_range.h"
#include "ingest/page_fields.h"

namespace archive {
namespace {

bool in_an_item(const PageRecord& page) {
  const bool has_a_place = page.state == PageState::filed || page.disposed();
  return has_a_place && page.kind == PageKind::content &&
         page.doc_type != kCoverType && page.doc_type != kCatalogueType &&
         page.doc_type != kClosingSheetType;
}

struct CatalogueRow {
  std::string title;
  std::string date;
  std::string pages;
  std::optional<PageRange> range;
  int sequence = 0;  // as printed; 0 when it cannot be read
};

/// Rows whose page numbers cannot be read have those between their neighbours'.
void fill_ranges(std::vector<CatalogueRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool after_known = i == 0 || rows[i - 1].range;
    if (rows[i].range || !after_known) continue;
    const int first = i == 0 ? 1 : rows[i - 1].range->last() + 1;
    const bool last_row = i + 1 == rows.size();
    if (!last_row && !rows[i + 1].range) continue;
    const int last = last_row ? PageRange::kPageMax : rows[i + 1].range->first() - 1;
    rows[i].range = PageRange::of(first, last);
  }
}

/// Every item has a number of its own, rising; the printed one where it fits.
void number_rows(std::vector<CatalogueRow>& rows) {
  int before = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int next = i + 1 < rows.size() ? rows[i + 1].sequence : 0;
    const bool fits = rows[i].sequence > before && (next == 0 || next > rows[i].sequence);
    if (!fits) rows[i].sequence = before + 1;
    before = rows[i].sequence;
  }
}

/// A plain number up to 9,999; 0 for anything else.
int number_in(const std::string& text) {
  const auto range = PageRange::parse(text);
  return range && range->pages() == 1 && range->first() <= 9'999 ? range->first() : 0;
}

std::vector<CatalogueRow> catalogue_rows(const std::vector<const PageRecord*>& pages) {
  std::vector<CatalogueRow> rows;
  for (const PageRecord* page : pages) {
    if (page->doc_type != kCatalogueType) continue;
    std::set<int> numbers;
    for (const FieldRecord& field : page->fields) {
      if (field.row >= 0) numbers.insert(field.row);
    }
    for (const int row : numbers) {
      CatalogueRow found{value_of(*page, "item_title", row), value_of(*page, "item_date", row),
                         value_of(*page, "item_pages", row), std::nullopt,
                         number_in(value_of(*page, "seq", row))};
      if (auto range = PageRange::parse(found.pages)) found.range = *range;
      if (!found.title.empty() || found.range) rows.push_back(std::move(found));
    }
  }
  fill_ranges(rows);
  number_rows(rows);
  return rows;
}

/// The office's own rows are taken as they are.
std::vector<CatalogueRow> catalogue_rows(const std::vector<CatalogueEntry>& entries) {
  std::vector<CatalogueRow> rows;
  for (const CatalogueEntry& entry : entries) {
    CatalogueRow row{entry.title, entry.date, "", PageRange::of(entry.first_page, entry.last_page),
                     entry.sequence};
    if (row.range) row.pages = row.range->text();
    rows.push_back(std::move(row));
  }
  return rows;
}

StampedPage stamped(const PageRecord& page) {
  const FieldRecord* field = field_of(page, "page_no");
  if (field == nullptr) return {};
  const auto range = PageRange::parse(field->value);
  if (!range || range->first() != range->last()) return {};
  return {.stamp = range->first(), .unsure = field->unsure && !field->by_person};
}

/// The number of each page: its stamp, or the one that its neighbours leave to it; nothing where
/// several would do.
std::vector<std::optional<int>> numbers_of(const std::vector<const PageRecord*>& pages,
                                           const std::vector<CatalogueRow>& rows) {
  std::vector<StampedPage> stamps;
  for (const PageRecord* page : pages) stamps.push_back(stamped(*page));
  const bool from_one = !rows.empty() && rows.front().range;
  const PageOrder order = order_of(stamps, from_one ? 1 : first_number_of(stamps));
  std::vector<std::optional<int>> numbers;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const int number = order.fits[i] == PageFit::surplus ? stamps[i].stamp : order.numbers[i];
    const bool loose = order.fits[i] == PageFit::unread &&
                       std::ranges::any_of(order.missing, [number](const MissingPages& run) {
                         return !run.exact() && run.first <= number && number <= run.last;
                       });
    numbers.push_back(number == 0 || loose ? std::nullopt : std::optional(number));
  }
  return numbers;
}

/// A page without a title that nothing says the type of, though it is one of our papers: most
/// likely one of the later pages of the paper before it.
bool may_continue_any(const PageRecord& page) {
  const bool foreign = std::ranges::any_of(
      page.evidence, [](const std::string& one) { return one.starts_with("foreign:"); });
  return page.doc_type == kUnknownType && page.title.empty() && !foreign;
}

bool continues(const PageRecord& page, const PageRecord& before) {
  return may_continue_any(page) || (page.doc_type == before.doc_type && page.title.empty());
}

/// Which item each page belongs to: an index into the items, or nothing.
class ItemDivision {
 public:
  ItemDivision(const std::vector<const PageRecord*>& pages, std::vector<CatalogueRow> rows)
      : rows_(std::move(rows)) {
    for (const PageRecord* page : pages) {
      if (in_an_item(*page)) pages_.push_back(page);
    }
    for (const CatalogueRow& row : rows_) {
      ArrangedItem& item = items_.emplace_back();
      item.record.title = row.title;
      item.record.date = row.date;
      item.record.pages_declared = row.pages;
      item.record.sequence = row.sequence;
      item.declared = true;
    }
    place_by_stamp();
    place_by_neighbours();
    place_the_rest();
    for (const PageRecord* page : pages_) items_[at_.at(page)].pages.push_back(page->number);
  }

  std::vector<ArrangedItem> items() && { return std::move(items_); }

 private:
  void place_by_stamp() {
    const std::vector<std::optional<int>> numbers = numbers_of(pages_, rows_);
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      const auto row = std::ranges::find_if(rows_, [&](const CatalogueRow& r) {
        return numbers[i] && r.range && r.range->contains(*numbers[i]);
      });
      if (row != rows_.end()) at_[pages_[i]] = static_cast<std::size_t>(row - rows_.begin());
    }
  }

  // A page without a readable number, between two pages of one item or after a page of
  // its own type, continues that item.
  void place_by_neighbours() {
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      if (at_.contains(pages_[i]) || i == 0 || !at_.contains(pages_[i - 1])) continue;
      const std::size_t before = at_[pages_[i - 1]];
      const bool between =
          i + 1 < pages_.size() && at_.contains(pages_[i + 1]) && at_[pages_[i + 1]] == before;
      if (between || continues(*pages_[i], *pages_[i - 1])) at_[pages_[i]] = before;
    }
  }

  void place_the_rest() {
    const PageRecord* last = nullptr;
    for (const PageRecord* page : pages_) {
      if (at_.contains(page)) {
        last = nullptr;
        continue;
      }
      if (last == nullptr || !continues(*page, *last)) {
        const int sequence = items_.empty() ? 1 : items_.back().record.sequence + 1;
        ArrangedItem& item = items_.emplace_back();
        item.record.title = page->title;
        item.record.sequence = sequence;
      }
      at_[page] = items_.size() - 1;
      last = page;
    }
  }

  std::vector<CatalogueRow> rows_;
  std::vector<const PageRecord*> pages_;
  std::vector<ArrangedItem> items_;
  std::map<const PageRecord*, std::size_t> at_;
};

}  // namespace

std::vector<ArrangedItem> divide_into_items(const std::vector<const PageRecord*>& pages,
                                            const std::vector<CatalogueEntry>& entries) {
  auto items =
      ItemDivision(pages, entries.empty() ? catalogue_rows(pages) : catalogue_rows(entries))
          .items();
  for (std::size_t i = 0; i < entries.size(); ++i) items[i].catalogued = true;
  return items;
}

}  // namespace archive
