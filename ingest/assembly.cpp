#include "ingest/assembly.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "checks/vouchers.h"
#include "core/citizen_id.h"
#include "ingest/dossier_facts.h"
#include "ingest/item_division.h"
#include "ingest/kept_dossiers.h"
#include "ingest/natural_order.h"
#include "ingest/page_fields.h"
#include "ingest/structure.h"
#include "store/lifecycle/item_contents.h"

namespace archive {
namespace {

using Dossier = Records::AssembledDossier;

constexpr std::size_t kDayLength = 10;  // 2004-06-30

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

/// A page where it lies: its own place, or that of the page it stands for.
struct Lying {
  const PageRecord* page = nullptr;
  const PageRecord* place = nullptr;
};

std::vector<Lying> lying(const std::vector<PageRecord>& pages, const Replacements& replacements) {
  std::map<PageNumber, const PageRecord*> numbered;
  for (const PageRecord& page : pages) numbered[page.number] = &page;
  std::vector<Lying> piles;
  for (const PageRecord& page : pages) {
    if (replacements.stand_in.contains(page.number)) continue;
    const auto by = replacements.by.find(page.number);
    piles.push_back({by == replacements.by.end() ? &page : numbered.at(by->second), &page});
  }
  return piles;
}

/// PageList of one dossier, in order.
struct Group {
  Container opened;
  std::vector<const PageRecord*> pages;
};

std::vector<Group> divide(const std::vector<PageRecord>& pages, const Replacements& replacements) {
  const std::set<SourceNumber> several = sources_of_several_pages(pages);
  std::vector<Group> groups;
  std::map<std::string, std::size_t> current;  // container key -> its open group
  for (const auto& [page, place] : lying(pages, replacements)) {
    const Container container = container_of(*place, several);
    const auto open = current.find(container.key);
    if (page->kind == PageKind::separator) {
      current[container.key] = groups.size();
      groups.push_back({{"separator:" + place->source_name + "#" +
                             std::to_string(place->occurrence.page_in_file + 1),
                         "separator"},
                        {page}});
    } else if (open == current.end()) {
      current[container.key] = groups.size();
      groups.push_back({container, {page}});
    } else {
      groups[open->second].pages.push_back(page);
    }
  }
  return groups;
}

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

using PageList = std::vector<const PageRecord*>;

std::string dossier_no_of(const PageList& pages, const PackedDossierRecord& packed) {
  for (const PageRecord* page : pages) {
    for (const MachineCode& code : page->codes) {
      if (const std::string number = dossier_no_in_code(code.text); !number.empty()) return number;
    }
  }
  if (!packed.dossier_no.empty()) return packed.dossier_no;
  for (const PageRecord* page : pages) {
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
PackedDossierRecord packed_as(const PageList& pages, const AssemblyTables& tables) {
  if (!tables.packed_as) return {};
  const auto packed = tables.packed_as(folder_of(pages.front()->source_name));
  if (!packed || packed->pages != std::ssize(pages)) return {};
  return *packed;
}

std::string title_of(const PageList& pages) {
  for (const PageRecord* page : pages) {
    if (page->doc_type != kCoverType) continue;
    if (const std::string title = value_of(*page, "volume_title"); !title.empty()) return title;
  }
  return {};
}

/// What most pages of an item are; what some of them are tells what the others are.
std::string type_of(const PageList& pages) {
  std::map<std::string, int> types;
  for (const PageRecord* page : pages) {
    if (!page->doc_type.empty()) ++types[page->doc_type];
  }
  if (types.size() > 1) types.erase(std::string(kUnknownType));
  const auto most = std::ranges::max_element(
      types, [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == types.end() ? "" : most->first;
}

/// Puts a batch together: what the machine makes of the pages, the decisions of persons laid over
/// it, and what follows from both.
class Assembler {
 public:
  Assembler(const std::vector<PageRecord>& pages, const std::vector<Arrangement>& decisions,
            const AssemblyTables& tables, const std::string& received_on)
      : decisions_(decisions), tables_(tables), received_on_(received_on) {
    std::vector<PageNumber> numbers;
    for (const PageRecord& page : pages) {
      numbers.push_back(page.number);
      pages_[page.number] = &page;
    }
    Replacements replacements = replacements_of(decisions, numbers);
    for (const Group& group : divide(pages, replacements)) add(group);
    arrange(structure_, decisions, replacements.by);
    kept_ = keep_in_place(structure_, tables.kept);
    result_.replaced = std::move(replacements.by);
    result_.conflicts = std::move(replacements.conflicts);
  }

  Records::Assembled assemble() && {
    for (const ArrangedDossier& dossier : structure_.dossiers) {
      result_.dossiers.push_back(complete(dossier));
    }
    for (const Arrangement& decision : decisions_) {
      const bool person = decision.action == ArrangementAction::split_person && decision.stands();
      if (person && !parted_.contains(decision.number)) {
        structure_.conflicts.try_emplace(decision.number, "name_gone");
      }
    }
    result_.conflicts.merge(structure_.conflicts);
    result_.merged = std::move(structure_.merged);
    return std::move(result_);
  }

 private:
  void add(const Group& group) {
    ArrangedDossier dossier{group.opened.key, group.opened.opened_by, {}, {}, {}};
    std::vector<CatalogueEntry> entries;
    const PackedDossierRecord packed = packed_as(group.pages, tables_);
    const std::string number = dossier_no_of(group.pages, packed);
    if (tables_.catalogue_of && !number.empty()) entries = tables_.catalogue_of(number);
    dossier.items = divide_into_items(group.pages, entries);
    for (ArrangedItem& item : dossier.items) {
      item.record.key = item_key(dossier.key, item.record.sequence);
    }
    for (const PageRecord* page : group.pages) {
      dossier.pages.push_back(page->number);
      home_[page->number] = dossier.key;
    }
    batch_ = group.pages.front()->occurrence.batch;
    packed_[dossier.key] = packed;
    structure_.dossiers.push_back(std::move(dossier));
  }

  PageList pages_of(const std::vector<PageNumber>& numbers) const {
    PageList pages;
    for (const PageNumber number : numbers) pages.push_back(pages_.at(number));
    return pages;
  }

  /// What the pages say that the machine put there counts before what others say that came later.
  template <class Tell>
  std::string told_by(const ArrangedDossier& dossier, Tell&& tell) const {
    PageList own = pages_of(dossier.pages);
    std::erase_if(own,
                  [&](const PageRecord* page) { return home_.at(page->number) != dossier.key; });
    const std::string told = tell(own);
    return told.empty() ? tell(pages_of(dossier.pages)) : told;
  }

  ItemRecord complete(const ArrangedItem& item) const {
    ItemRecord record = item.record;
    const PageList pages = pages_of(item.pages);
    if (record.title.empty() && !item.declared && !pages.empty()) {
      record.title = pages.front()->title;
    }
    record.doc_type = item.decided_type.empty() ? type_of(pages) : item.decided_type;
    record.class_code = item.decided_class;
    record.retention = !item.decided_retention.empty() ? item.decided_retention
                       : !item.decided_class.empty()
                           ? tables_.retention_of_class(item.decided_class)
                       : record.doc_type.empty() ? "HOLD"
                                                 : tables_.retention_of(record.doc_type);
    return record;
  }

  Dossier complete(const ArrangedDossier& arranged) {
    Dossier dossier;
    dossier.dossier.batch = batch_;
    dossier.dossier.key = arranged.key;
    dossier.dossier.opened_by = arranged.opened_by;
    const PackedDossierRecord& packed = packed_[arranged.key];
    const auto number = [&packed](const PageList& pages) { return dossier_no_of(pages, packed); };
    dossier.dossier.dossier_no =
        arranged.dossier_no.empty() ? told_by(arranged, number) : arranged.dossier_no;
    dossier.dossier.title = told_by(arranged, title_of);
    if (dossier.dossier.title.empty()) dossier.dossier.title = packed.title;
    std::map<PageNumber, Records::AssembledPage> places;
    for (const ArrangedItem& item : arranged.items) {
      dossier.dossier.items.push_back(complete(item));
      std::int64_t count = 0;
      for (const PageNumber page : item.pages) {
        places[page] = {page, item.record.sequence, ++count};
      }
    }
    const PageList pages = pages_of(arranged.pages);
    for (const PageRecord* page : pages) {
      const auto place = places.find(page->number);
      dossier.pages.push_back(place == places.end() ? Records::AssembledPage{page->number, 0, 0}
                                                    : place->second);
      dossier.pages.back().kept = kept_.contains(page->number);
      if (page->state == PageState::filed) mentions_on(*page, dossier.mentions);
    }
    part_persons(dossier.mentions);
    dossier.facts = facts_of(dossier, pages, received_on_);
    for (std::size_t i = 0; i < arranged.items.size(); ++i) {
      dossier.facts.items[i].catalogued = arranged.items[i].catalogued;
    }
    dossier.vouchers = vouchers_of(dossier.facts);
    return dossier;
  }

  void part_persons(std::vector<Records::PersonMention>& mentions) {
    for (Records::PersonMention& mention : mentions) {
      const auto page = structure_.apart.find(mention.page);
      if (page == structure_.apart.end() || !mention.citizen_id.empty()) continue;
      const auto decision = page->second.find(mention.name);
      if (decision == page->second.end()) continue;
      mention.apart = decision->second;
      parted_.insert(mention.apart);
    }
  }

  const std::vector<Arrangement>& decisions_;
  const AssemblyTables& tables_;
  const std::string& received_on_;
  BatchNumber batch_ = 0;
  std::map<PageNumber, const PageRecord*> pages_;
  std::map<std::string, PackedDossierRecord> packed_;  // by key of the dossier
  std::map<PageNumber, std::string> home_;  // key of the dossier where the machine put a page
  Structure structure_;
  std::set<PageNumber> kept_;  // put back into the dossier that they may not leave
  std::set<ArrangementNumber> parted_;
  Records::Assembled result_;
};

/// The dossiers of a batch that some page may not leave, as they lie.
std::vector<KeptDossier> kept_dossiers(Records& records, BatchNumber batch) {
  std::map<DossierNumber, std::set<PageNumber>> held;
  for (const HeldPage& page : held_pages(records, batch)) held[page.dossier].insert(page.page);
  std::vector<KeptDossier> kept;
  for (auto& [number, pages] : held) {
    const DossierRecord record = *records.dossier(number);
    ArrangedDossier dossier{record.key, record.opened_by, {}, {}, {}};
    for (const ItemRecord& item : record.items) {
      dossier.items.push_back({});
      dossier.items.back().record = item;
      if (item.key.empty()) dossier.items.back().record.key = item_key(record.key, item.sequence);
      for (const PageRecord& page : records.pages_of_item(item.number)) {
        dossier.items.back().pages.push_back(page.number);
      }
    }
    for (const PageRecord& page : records.pages_of_dossier(number)) {
      dossier.pages.push_back(page.number);
    }
    kept.push_back({std::move(dossier), std::move(pages)});
  }
  return kept;
}

}  // namespace

Records::Assembled assemble_dossiers(const std::vector<PageRecord>& pages,
                                     const std::vector<Arrangement>& decisions,
                                     const AssemblyTables& tables, const std::string& received_on) {
  return Assembler(pages, decisions, tables, received_on).assemble();
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
  tables.retention_of_class = [&catalogue](const std::string& class_code) {
    return catalogue.retention_of(class_code);
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
  tables.kept = kept_dossiers(records, batch);
  records.assemble(batch,
                   assemble_dossiers(pages, records.arrangements(batch), tables, received_on));
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
