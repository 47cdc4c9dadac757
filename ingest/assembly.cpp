#include "ingest/assembly.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "checks/vouchers.h"
#include "core/citizen_id.h"
#include "core/page_order.h"
#include "core/page_range.h"
#include "ingest/dossier_facts.h"
#include "ingest/natural_order.h"

namespace archive {
namespace {

using Dossier = Records::AssembledDossier;
using RetentionOf = std::function<std::string(const std::string&)>;

constexpr const char* kCover = "DT01";
constexpr const char* kCatalogue = "DT02";
constexpr const char* kClosingSheet = "DT03";
constexpr const char* kUnknown = "DT99";

constexpr std::size_t kDayLength = 10;  // 2004-06-30

const FieldRecord* field_of(const PageRecord& page, std::string_view id, int row = -1) {
  const auto found = std::ranges::find_if(page.fields, [&](const FieldRecord& field) {
    return field.field == id && field.row == row && !field.value.empty();
  });
  return found == page.fields.end() ? nullptr : &*found;
}

std::string value_of(const PageRecord& page, std::string_view id, int row = -1) {
  const FieldRecord* field = field_of(page, id, row);
  return field == nullptr ? std::string() : field->value;
}

bool in_an_item(const PageRecord& page) {
  return page.state == PageState::filed && page.kind == PageKind::content &&
         page.doc_type != kCover && page.doc_type != kCatalogue && page.doc_type != kClosingSheet;
}

// -- Dossiers --------------------------------------------------------------

struct Container {
  std::string key;
  std::string opened_by;
  friend bool operator==(const Container&, const Container&) = default;
};

std::set<SourceNumber> sources_of_several_pages(const std::vector<PageRecord>& pages) {
  std::set<SourceNumber> several;
  for (const PageRecord& page : pages) {
    if (page.occurrence.page_in_file > 0) several.insert(page.occurrence.source);
  }
  return several;
}

Container container_of(const PageRecord& page, const std::set<SourceNumber>& several) {
  const std::size_t slash = page.source_name.rfind('/');
  if (slash != std::string::npos) return {"folder:" + page.source_name.substr(0, slash), "folder"};
  if (several.contains(page.occurrence.source)) return {"file:" + page.source_name, "file"};
  return {"batch", "batch"};
}

/// Pages of one dossier, in order.
struct Group {
  Container opened;
  std::vector<const PageRecord*> pages;
};

std::vector<Group> divide(const std::vector<PageRecord>& pages) {
  const std::set<SourceNumber> several = sources_of_several_pages(pages);
  std::vector<Group> groups;
  std::map<std::string, std::size_t> current;  // container key -> its open group
  for (const PageRecord& page : pages) {
    const Container container = container_of(page, several);
    const auto open = current.find(container.key);
    if (page.kind == PageKind::separator) {
      current[container.key] = groups.size();
      groups.push_back({{"separator:" + page.source_name + "#" +
                             std::to_string(page.occurrence.page_in_file + 1),
                         "separator"},
                        {&page}});
    } else if (open == current.end()) {
      current[container.key] = groups.size();
      groups.push_back({container, {&page}});
    } else {
      groups[open->second].pages.push_back(&page);
    }
  }
  return groups;
}

// -- Items -----------------------------------------------------------------

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

std::vector<CatalogueRow> catalogue_rows(const Group& group) {
  std::vector<CatalogueRow> rows;
  for (const PageRecord* page : group.pages) {
    if (page->doc_type != kCatalogue) continue;
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
  return page.doc_type == kUnknown && page.title.empty() && !foreign;
}

bool continues(const PageRecord& page, const PageRecord& before) {
  return may_continue_any(page) || (page.doc_type == before.doc_type && page.title.empty());
}

/// Which item each page belongs to: an index into the items, or nothing.
class ItemDivision {
 public:
  ItemDivision(const Group& group, std::vector<CatalogueRow> rows, const RetentionOf& retention_of)
      : rows_(std::move(rows)), retention_of_(retention_of) {
    for (const PageRecord* page : group.pages) {
      if (in_an_item(*page)) pages_.push_back(page);
    }
    for (const CatalogueRow& row : rows_) {
      ItemRecord item;
      item.title = row.title;
      item.date = row.date;
      item.pages_declared = row.pages;
      item.sequence = row.sequence;
      items_.push_back(std::move(item));
    }
    place_by_stamp();
    place_by_neighbours();
    place_the_rest();
    complete_items();
  }

  const std::vector<ItemRecord>& items() const { return items_; }

  std::map<PageNumber, Records::AssembledPage> places() const {
    std::map<PageNumber, Records::AssembledPage> places;
    std::map<int, std::int64_t> counts;
    for (const PageRecord* page : pages_) {
      const int sequence = items_[at_.at(page)].sequence;
      places[page->number] = {page->number, sequence, ++counts[sequence]};
    }
    return places;
  }

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
        ItemRecord item;
        item.title = page->title;
        item.sequence = items_.empty() ? 1 : items_.back().sequence + 1;
        items_.push_back(std::move(item));
      }
      at_[page] = items_.size() - 1;
      last = page;
    }
  }

  void complete_items() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      std::map<std::string, int> types;
      for (const PageRecord* page : pages_) {
        if (at_[page] == i) ++types[page->doc_type];
      }
      // What some pages are tells what the others are.
      if (types.size() > 1) types.erase(kUnknown);
      const auto most = std::ranges::max_element(
          types, [](const auto& a, const auto& b) { return a.second < b.second; });
      items_[i].doc_type = most == types.end() ? "" : most->first;
      items_[i].retention = most == types.end() ? "HOLD" : retention_of_(most->first);
    }
  }

  std::vector<CatalogueRow> rows_;
  const RetentionOf& retention_of_;
  std::vector<const PageRecord*> pages_;
  std::vector<ItemRecord> items_;
  std::map<const PageRecord*, std::size_t> at_;
};

// -- Persons ---------------------------------------------------------------

std::string valid_citizen_id(const std::string& text) {
  const auto id = CitizenId::parse(text);
  return id ? id->text() : std::string();
}

void mention(const PageRecord& page, const std::string& name, const std::string& id,
             const char* role, std::vector<Records::PersonMention>& mentions) {
  const std::string citizen_id = valid_citizen_id(id);
  if (name.empty() && citizen_id.empty()) return;
  mentions.push_back({page.number, name, citizen_id, role});
}

void mentions_on(const PageRecord& page, std::vector<Records::PersonMention>& mentions) {
  mention(page, value_of(page, "person_name"), value_of(page, "id_number"), "holder", mentions);
  mention(page, value_of(page, "survivor_name"), value_of(page, "survivor_id"), "claimant",
          mentions);
  std::set<int> rows;
  for (const FieldRecord& field : page.fields) {
    if (field.row >= 0 && (field.field == "person_name" || field.field == "id_number")) {
      rows.insert(field.row);
    }
  }
  for (const int row : rows) {
    mention(page, value_of(page, "person_name", row), value_of(page, "id_number", row), "row",
            mentions);
  }
}

// -- All together ----------------------------------------------------------

std::string dossier_no_of(const Group& group, const PackedDossierRecord& packed) {
  for (const PageRecord* page : group.pages) {
    for (const MachineCode& code : page->codes) {
      if (const std::string number = dossier_no_in_code(code.text); !number.empty()) return number;
    }
  }
  if (!packed.dossier_no.empty()) return packed.dossier_no;
  for (const PageRecord* page : group.pages) {
    if (const std::string number = value_of(*page, "dossier_no"); !number.empty()) return number;
  }
  return {};
}

std::string folder_of(const std::string& source_name) {
  const std::size_t slash = source_name.find('/');
  return slash == std::string::npos ? std::string() : source_name.substr(0, slash);
}

/// What the sender said of these pages; empty where there was none, or where his folder holds
/// several dossiers.
PackedDossierRecord packed_as(const Group& group, const AssemblyTables& tables) {
  if (!tables.packed_as) return {};
  const auto packed = tables.packed_as(folder_of(group.pages.front()->source_name));
  if (!packed || packed->pages != std::ssize(group.pages)) return {};
  return *packed;
}

std::string title_of(const Group& group) {
  for (const PageRecord* page : group.pages) {
    if (page->doc_type != kCover) continue;
    if (const std::string title = value_of(*page, "volume_title"); !title.empty()) return title;
  }
  return {};
}

Dossier assemble_one(const Group& group, const AssemblyTables& tables,
                     const std::string& received_on) {
  Dossier dossier;
  dossier.dossier.batch = group.pages.front()->occurrence.batch;
  dossier.dossier.key = group.opened.key;
  dossier.dossier.opened_by = group.opened.opened_by;
  const PackedDossierRecord packed = packed_as(group, tables);
  dossier.dossier.dossier_no = dossier_no_of(group, packed);
  dossier.dossier.title = title_of(group);
  if (dossier.dossier.title.empty()) dossier.dossier.title = packed.title;

  std::vector<CatalogueEntry> entries;
  if (tables.catalogue_of && !dossier.dossier.dossier_no.empty()) {
    entries = tables.catalogue_of(dossier.dossier.dossier_no);
  }
  const ItemDivision division(group,
                              entries.empty() ? catalogue_rows(group) : catalogue_rows(entries),
                              tables.retention_of);
  dossier.dossier.items = division.items();
  const auto places = division.places();
  for (const PageRecord* page : group.pages) {
    const auto place = places.find(page->number);
    dossier.pages.push_back(place == places.end() ? Records::AssembledPage{page->number, 0, 0}
                                                  : place->second);
    if (page->state == PageState::filed) mentions_on(*page, dossier.mentions);
  }
  dossier.facts = facts_of(dossier, group.pages, received_on);
  for (std::size_t i = 0; i < entries.size(); ++i) dossier.facts.items[i].catalogued = true;
  dossier.vouchers = vouchers_of(dossier.facts);
  return dossier;
}

}  // namespace

std::vector<Dossier> assemble_dossiers(const std::vector<PageRecord>& pages,
                                       const AssemblyTables& tables,
                                       const std::string& received_on) {
  std::vector<Dossier> dossiers;
  for (const Group& group : divide(pages)) {
    dossiers.push_back(assemble_one(group, tables, received_on));
  }
  return dossiers;
}

void assemble_batch(Records& records, const FormCatalogue& catalogue, BatchNumber batch) {
  std::vector<PageRecord> pages = records.pages(batch);
  // Files that came in a later run still belong where their names put them.
  std::ranges::stable_sort(pages, [](const PageRecord& a, const PageRecord& b) {
    if (a.source_name != b.source_name) return natural_less(a.source_name, b.source_name);
    if (a.occurrence.source != b.occurrence.source) {
      return a.occurrence.source < b.occurrence.source;
    }
    return a.occurrence.page_in_file < b.occurrence.page_in_file;
  });
  const auto record = records.batch(batch);
  const std::string received_on = record ? record->opened_at.substr(0, kDayLength) : "";
  AssemblyTables tables;
  tables.retention_of = [&catalogue](const std::string& doc_type) {
    const DocumentType* type = catalogue.type(doc_type);
    return type == nullptr ? std::string("HOLD") : catalogue.retention_of(type->class_code);
  };
  tables.catalogue_of = [&records](const std::string& dossier_no) {
    return records.catalogue_of(dossier_no);
  };
  if (const auto package = records.package_of_batch(batch)) {
    tables.packed_as = [package](const std::string& folder) -> std::optional<PackedDossierRecord> {
      const auto found = std::ranges::find(package->dossiers, folder, &PackedDossierRecord::folder);
      if (found == package->dossiers.end()) return std::nullopt;
      return *found;
    };
  }
  records.assemble(batch, assemble_dossiers(pages, tables, received_on));
}

void assemble_what_changed(Records& records, const FormCatalogue& catalogue) {
  for (const BatchNumber batch : records.batches_to_assemble()) {
    assemble_batch(records, catalogue, batch);
  }
}

std::string dossier_no_in_code(const std::string& text) {
  constexpr std::string_view kPrefix = "DA|";
  if (!text.starts_with(kPrefix)) return {};
  const std::size_t end = text.find('|', kPrefix.size());
  if (end == std::string::npos) return {};
  return text.substr(kPrefix.size(), end - kPrefix.size());
}

}  // namespace archive
