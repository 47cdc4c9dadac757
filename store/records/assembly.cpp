#include "store/records/assembly.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "core/timestamp.h"
#include "store/records/arrangements.h"
#include "store/records/facts_bytes.h"
#include "store/records/json_text.h"
#include "store/records/vouchers.h"

namespace archive {
namespace {

constexpr SqlPart kDossiers =
    "SELECT dossier, batch, dossier_key, dossier_no, title, opened_by, merged_into FROM dossiers ";
constexpr SqlPart kPersons =
    "SELECT DISTINCT p.person, p.name, p.citizen_id, p.dossier, p.apart FROM persons p ";

std::vector<ItemRecord> items_of(Database& database, DossierNumber dossier) {
  Rows row = database.query(
      "SELECT item, dossier, item_sequence, doc_type, title, item_date, pages_declared, retention, "
      "item_key, class_code FROM items WHERE dossier = $1 ORDER BY item_sequence",
      {dossier});
  std::vector<ItemRecord> items;
  while (row.next()) {
    items.push_back({row.integer(), row.integer(), row.small_integer(), row.text(), row.text(),
                     row.text(), row.text(), row.text(), row.text(), row.text()});
  }
  return items;
}

std::vector<DossierRecord> dossiers_from(Database& database, Rows row) {
  std::vector<DossierRecord> dossiers;
  while (row.next()) {
    dossiers.push_back({row.integer(),
                        row.integer(),
                        row.text(),
                        row.text(),
                        row.text(),
                        row.text(),
                        {},
                        row.integer()});
    dossiers.back().items = items_of(database, dossiers.back().number);
  }
  return dossiers;
}

std::string identity_of(const DossierRecord& dossier, const ItemRecord& item) {
  return item.key.empty() ? item_key(dossier.key, item.sequence) : item.key;
}

std::vector<PersonRecord> persons_from(Rows row) {
  std::vector<PersonRecord> persons;
  while (row.next()) {
    persons.push_back({row.integer(), row.text(), row.text(), row.integer(), row.integer()});
  }
  return persons;
}

}  // namespace

Assembly::Assembly(Records::Impl& impl, BatchNumber batch)
    : impl_(impl), database_(impl.database), batch_(batch) {
  Rows place = database_.query(
      "SELECT page, dossier, item, page_of_item, page_of_dossier, replaced_by FROM pages "
      "WHERE batch = $1",
      {batch});
  while (place.next()) {
    const PageNumber page = place.integer();
    places_before_[page] =
        Place{place.integer(), place.integer(), place.integer(), place.integer(), place.integer()};
    places_[page] = Place{};
  }
  Rows mention = database_.query(
      "SELECT m.page, m.person, m.role, m.name FROM person_pages m "
      "JOIN pages p ON p.page = m.page WHERE p.batch = $1",
      {batch});
  while (mention.next()) {
    mentions_before_.insert(
        Mention{mention.integer(), mention.integer(), mention.text(), mention.text()});
  }
  read_items();
}

void Assembly::read_items() {
  Rows item = database_.query(
      "SELECT i.item, i.dossier, i.item_sequence, d.dossier_key, i.item_key FROM items i "
      "JOIN dossiers d ON d.dossier = i.dossier WHERE d.batch = $1",
      {batch_});
  while (item.next()) {
    const KnownItem known{item.integer(), item.integer(), item.small_integer()};
    const std::string dossier_key = item.text();
    const std::string key = item.text();
    items_before_[key.empty() ? item_key(dossier_key, known.sequence) : key] = known;
  }
}

void Assembly::bring_to(const Records::Assembled& result) {
  for (const Records::AssembledDossier& assembled : result.dossiers) {
    keys_[assembled.dossier.key] = put_dossier(assembled.dossier);
  }
  make_way(result.dossiers);
  for (const Records::AssembledDossier& assembled : result.dossiers) {
    const DossierNumber dossier = keys_.at(assembled.dossier.key);
    place_pages(dossier, put_items(dossier, assembled.dossier), assembled.pages);
    put_facts(dossier, assembled.facts);
    put_vouchers(dossier, assembled.vouchers);
    for (const Records::PersonMention& mention : assembled.mentions) {
      if (!places_.contains(mention.page)) {
        throw std::invalid_argument("a person was named on a page of another batch");
      }
      mentions_.insert({mention.page, person_of(dossier, mention), mention.role, mention.name});
    }
  }
  place_replaced(result.replaced);
  empty_merged(result.merged);
  write_places();
  write_mentions();
  remove_leftovers();
  write_conflicts(result.conflicts);
  mark("held_in_dossier", kept_);
  mark_changed();
}

DossierNumber Assembly::put_dossier(const DossierRecord& dossier) {
  DossierNumber number = database_.number(
      "SELECT dossier FROM dossiers WHERE batch = $1 AND dossier_key = $2", {batch_, dossier.key});
  if (number == 0) {
    number = database_.number(
        "INSERT INTO dossiers (batch, dossier_key, dossier_no, title, opened_by) "
        "VALUES ($1, $2, $3, $4, $5) RETURNING dossier",
        {batch_, dossier.key, dossier.dossier_no, dossier.title, dossier.opened_by});
    impl_.note("dossier_assembled", "dossier", number, json_object({{"batch", batch_}}));
  } else if (database_.execute("UPDATE dossiers SET dossier_no = $2, title = $3, opened_by = $4, "
                               "merged_into = NULL WHERE dossier = $1 AND NOT (dossier_no = $2 AND "
                               "title = $3 AND opened_by = $4 AND merged_into IS NULL)",
                               {number, dossier.dossier_no, dossier.title, dossier.opened_by}) >
             0) {
    impl_.note("dossier_changed", "dossier", number);
    for (const auto& [page, place] : places_before_) {
      if (place.dossier == number) changed_.insert(page);
    }
  }
  if (!dossiers_.insert(number).second) {
    throw std::invalid_argument("two dossiers of a batch have the same key");
  }
  return number;
}

void Assembly::put_facts(DossierNumber dossier, DossierFacts facts) {
  facts.number = dossier;
  const std::string bytes = facts_bytes(facts);
  database_.execute(
      "INSERT INTO dossier_facts (dossier, facts, revision) VALUES ($1, $2, 1) "
      "ON CONFLICT (dossier) DO UPDATE SET facts = excluded.facts, "
      "revision = dossier_facts.revision + 1 WHERE dossier_facts.facts <> excluded.facts",
      {dossier, SqlBytes{bytes}});
}

void Assembly::put_vouchers(DossierNumber dossier, std::vector<VoucherFact> vouchers) {
  for (VoucherFact& voucher : vouchers) voucher.dossier = dossier;
  bring_vouchers_to(database_, dossier, vouchers);
}

// Items keep their numbers wherever they go: what lies where another is to lie, or is nowhere any
// more, gives up its sequence first.
void Assembly::make_way(const std::vector<Records::AssembledDossier>& dossiers) {
  std::map<std::string, std::pair<DossierNumber, int>> wanted;
  for (const Records::AssembledDossier& assembled : dossiers) {
    const DossierNumber dossier = keys_.at(assembled.dossier.key);
    for (const ItemRecord& item : assembled.dossier.items) {
      wanted[identity_of(assembled.dossier, item)] = {dossier, item.sequence};
    }
  }
  for (const auto& [key, known] : items_before_) {
    const auto place = wanted.find(key);
    if (place != wanted.end() && place->second == std::pair(known.dossier, known.sequence)) {
      continue;
    }
    database_.execute("UPDATE items SET item_sequence = -item WHERE item = $1", {known.number});
  }
}

std::map<int, ItemNumber> Assembly::put_items(DossierNumber dossier, const DossierRecord& record) {
  std::map<int, ItemNumber> numbers;
  for (const ItemRecord& item : record.items) {
    const std::string identity = identity_of(record, item);
    const std::string key = identity == item_key(record.key, item.sequence) ? "" : identity;
    const auto known = items_before_.find(identity);
    ItemNumber number = 0;
    if (known != items_before_.end()) {
      number = known->second.number;
      database_.execute(
          "UPDATE items SET dossier = $2, item_sequence = $3, doc_type = $4, title = $5, "
          "item_date = $6, pages_declared = $7, retention = $8, item_key = $9, class_code = $10 "
          "WHERE item = $1",
          {number, dossier, std::int64_t{item.sequence}, item.doc_type, item.title, item.date,
           item.pages_declared, item.retention, key, item.class_code});
    } else {
      number = database_.number(
          "INSERT INTO items (dossier, item_sequence, doc_type, title, item_date, pages_declared, "
          "retention, item_key, class_code) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
          "RETURNING item",
          {dossier, std::int64_t{item.sequence}, item.doc_type, item.title, item.date,
           item.pages_declared, item.retention, key, item.class_code});
    }
    numbers[item.sequence] = number;
    if (!items_.insert(number).second) {
      throw std::invalid_argument("two items of a batch have the same key");
    }
  }
  return numbers;
}

void Assembly::place_pages(DossierNumber dossier, const std::map<int, ItemNumber>& items,
                           const std::vector<Records::AssembledPage>& pages) {
  std::int64_t page_of_dossier = 0;
  for (const Records::AssembledPage& page : pages) {
    const auto place = places_.find(page.page);
    if (place == places_.end()) throw std::invalid_argument("a page of another batch");
    if (place->second.dossier != 0) throw std::invalid_argument("a page in two dossiers");
    const auto item = items.find(page.item_sequence);
    if (page.item_sequence != 0 && item == items.end()) {
      throw std::invalid_argument("a page of an item that is not listed");
    }
    place->second = Place{dossier, item == items.end() ? 0 : item->second, page.page_of_item,
                          ++page_of_dossier, 0};
    if (page.kept) kept_.insert(page.page);
  }
}

void Assembly::place_replaced(const std::map<PageNumber, PageNumber>& replaced) {
  for (const auto& [page, by] : replaced) {
    const auto place = places_.find(page);
    if (place == places_.end() || !places_.contains(by)) {
      throw std::invalid_argument("a page of another batch");
    }
    if (place->second.dossier != 0) {
      throw std::invalid_argument("a page that another stands for is in no dossier");
    }
    place->second.replaced_by = by;
  }
}

// What the rules found in them is gone; what persons decided of it stays.
void Assembly::empty_merged(const std::map<std::string, std::string>& merged) {
  for (const auto& [key, into] : merged) {
    const DossierNumber dossier = database_.number(
        "SELECT dossier FROM dossiers WHERE batch = $1 AND dossier_key = $2", {batch_, key});
    if (dossier == 0) continue;
    const DossierNumber target = keys_.at(into);
    dossiers_.insert(dossier);
    if (database_.execute("UPDATE dossiers SET merged_into = $2 WHERE dossier = $1 "
                          "AND merged_into IS NOT $2",
                          {dossier, target}) == 0) {
      continue;
    }
    put_vouchers(dossier, {});
    database_.execute("DELETE FROM dossier_facts WHERE dossier = $1", {dossier});
    database_.execute("DELETE FROM findings WHERE dossier = $1 AND state = 'open'", {dossier});
    database_.execute("UPDATE findings SET gone_at = $2 WHERE dossier = $1 AND gone_at = ''",
                      {dossier, timestamp_now()});
    impl_.note("dossier_emptied", "dossier", dossier, json_object({{"merged_into", target}}));
  }
}

PersonNumber Assembly::person_of(DossierNumber dossier, const Records::PersonMention& mention) {
  const bool known_by_id = !mention.citizen_id.empty();
  const PersonNumber known =
      known_by_id ? database_.number("SELECT person FROM persons WHERE citizen_id = $1",
                                     {mention.citizen_id})
                  : database_.number(
                        "SELECT person FROM persons WHERE dossier = $1 AND name = $2 "
                        "AND apart = $3",
                        {dossier, mention.name, mention.apart});
  if (known != 0) {
    database_.execute("UPDATE persons SET name = $2 WHERE person = $1 AND name = ''",
                      {known, mention.name});
    return known;
  }
  const PersonNumber made = database_.number(
      "INSERT INTO persons (name, citizen_id, dossier, apart) VALUES ($1, $2, $3, $4) "
      "RETURNING person",
      {mention.name, mention.citizen_id, reference(known_by_id ? 0 : dossier),
       known_by_id ? 0 : mention.apart});
  impl_.note("person_entered", "person", made);
  return made;
}

void Assembly::write_places() {
  for (const auto& [page, place] : places_) {
    if (place == places_before_.at(page)) continue;
    database_.execute(
        "UPDATE pages SET dossier = $2, item = $3, page_of_item = $4, page_of_dossier = $5, "
        "replaced_by = $6 WHERE page = $1",
        {page, reference(place.dossier), reference(place.item), place.page_of_item,
         place.page_of_dossier, reference(place.replaced_by)});
    changed_.insert(page);
  }
}

void Assembly::write_mentions() {
  for (const Mention& mention : mentions_before_) {
    if (mentions_.contains(mention)) continue;
    const auto& [page, person, role, name] = mention;
    database_.execute(
        "DELETE FROM person_pages WHERE page = $1 AND person = $2 AND role = $3 AND name = $4",
        {page, person, role, name});
    changed_.insert(page);
  }
  for (const Mention& mention : mentions_) {
    if (mentions_before_.contains(mention)) continue;
    const auto& [page, person, role, name] = mention;
    database_.execute("INSERT INTO person_pages (page, person, role, name) VALUES ($1, $2, $3, $4)",
                      {page, person, role, name});
    changed_.insert(page);
  }
}

// Persons, items and dossiers that this batch had and no page belongs to any more.
void Assembly::remove_leftovers() {
  for (const Mention& mention : mentions_before_) {
    const PersonNumber person = std::get<1>(mention);
    const auto removed = database_.execute(
        "DELETE FROM persons WHERE person = $1 "
        "AND NOT EXISTS (SELECT 1 FROM person_pages m WHERE m.person = persons.person)",
        {person});
    if (removed > 0) impl_.note("person_removed", "person", person);
  }
  std::vector<std::pair<ItemNumber, DossierNumber>> items;
  std::set<DossierNumber> dossiers;
  Rows row = database_.query(
      "SELECT d.dossier, i.item FROM dossiers d LEFT JOIN items i ON i.dossier = d.dossier "
      "WHERE d.batch = $1",
      {batch_});
  while (row.next()) {
    const DossierNumber dossier = row.integer();
    const ItemNumber item = row.integer();
    if (!dossiers_.contains(dossier)) dossiers.insert(dossier);
    if (item != 0 && !items_.contains(item)) items.emplace_back(item, dossier);
  }
  for (const auto& [item, dossier] : items) {
    database_.execute("DELETE FROM items WHERE item = $1", {item});
  }
  for (const DossierNumber dossier : dossiers) {
    database_.execute("UPDATE dossiers SET merged_into = NULL WHERE dossier = $1", {dossier});
  }
  for (const DossierNumber dossier : dossiers) {
    put_vouchers(dossier, {});
    database_.execute("DELETE FROM findings WHERE dossier = $1", {dossier});
    database_.execute("DELETE FROM dossier_facts WHERE dossier = $1", {dossier});
    database_.execute("DELETE FROM dossiers WHERE dossier = $1", {dossier});
    impl_.note("dossier_removed", "dossier", dossier);
  }
}

PageNumber Assembly::first_page_of(const std::string& dossier_key) {
  const auto dossier = keys_.find(dossier_key);
  if (dossier == keys_.end()) return 0;
  for (const auto& [page, place] : places_) {
    if (place.dossier == dossier->second && place.page_of_dossier == 1) return page;
  }
  return 0;
}

// A decision that cannot be followed is never dropped in silence: its pages are for a person.
void Assembly::write_conflicts(const std::map<ArrangementNumber, std::string>& conflicts) {
  std::set<PageNumber> to_look_at;
  for (const Arrangement& decision : arrangements_of(database_, batch_)) {
    if (!decision.stands()) continue;
    const auto found = conflicts.find(decision.number);
    const std::string conflict = found == conflicts.end() ? "" : found->second;
    if (!conflict.empty()) {
      to_look_at.insert(decision.pages.begin(), decision.pages.end());
      to_look_at.insert(first_page_of(decision.dossier));
      to_look_at.insert(first_page_of(decision.value));
    }
    if (conflict == decision.conflict) continue;
    database_.execute("UPDATE arrangements SET conflict = $2 WHERE arrangement = $1",
                      {decision.number, conflict});
    impl_.note(conflict.empty() ? "arrangement_followed" : "arrangement_in_conflict", "arrangement",
               decision.number, json_object({{"conflict", conflict}}));
  }
  mark("structure_conflict", to_look_at);
}

// Takes a reason to look from the pages that have it no more, and gives it to those that have it.
void Assembly::mark(std::string_view reason, const std::set<PageNumber>& pages) {
  std::map<PageNumber, std::vector<std::string>> changed;
  Rows row = database_.query("SELECT page, review_reasons FROM pages WHERE batch = $1", {batch_});
  while (row.next()) {
    const PageNumber page = row.integer();
    std::vector<std::string> reasons = parse_json_list(row.text());
    const bool has = std::ranges::find(reasons, reason) != reasons.end();
    if (has == pages.contains(page)) continue;
    if (has) {
      std::erase(reasons, reason);
    } else {
      reasons.emplace_back(reason);
    }
    changed[page] = std::move(reasons);
  }
  for (const auto& [page, reasons] : changed) {
    database_.execute("UPDATE pages SET review_reasons = $2 WHERE page = $1",
                      {page, json_list(reasons)});
    changed_.insert(page);
  }
}

void Assembly::mark_changed() {
  for (const PageNumber page : changed_) {
    database_.execute("UPDATE pages SET revision = revision + 1 WHERE page = $1", {page});
  }
  if (changed_.empty()) return;
  impl_.note("batch_assembled", "batch", batch_,
             json_object({{"dossiers", static_cast<std::int64_t>(dossiers_.size())},
                          {"pages_changed", static_cast<std::int64_t>(changed_.size())}}));
}

void Records::assemble(BatchNumber batch, const Assembled& assembled) {
  RecordedTransaction transaction(*impl_);
  Assembly(*impl_, batch).bring_to(assembled);
  impl_->database.execute("UPDATE batches SET to_assemble = FALSE WHERE batch = $1", {batch});
  transaction.commit();
}

std::vector<BatchNumber> Records::batches_to_assemble() const {
  Rows row = impl_->database.query("SELECT batch FROM batches WHERE to_assemble ORDER BY batch");
  std::vector<BatchNumber> batches;
  while (row.next()) batches.push_back(row.integer());
  return batches;
}

std::optional<DossierRecord> Records::dossier(DossierNumber number) const {
  Database& database = impl_->database;
  auto found =
      dossiers_from(database, database.query(joined<kDossiers, "WHERE dossier = $1">(), {number}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<ItemRecord> Records::item(ItemNumber number) const {
  const DossierNumber dossier =
      impl_->database.number("SELECT dossier FROM items WHERE item = $1", {number});
  for (ItemRecord& item : items_of(impl_->database, dossier)) {
    if (item.number == number) return std::move(item);
  }
  return std::nullopt;
}

std::vector<DossierRecord> Records::dossiers(BatchNumber batch) const {
  Database& database = impl_->database;
  return dossiers_from(
      database,
      database.query(
          joined<kDossiers, "WHERE batch = $1 AND merged_into IS NULL ORDER BY dossier">(),
          {batch}));
}

std::vector<DossierNumber> Records::dossiers_numbered(std::string_view dossier_no) const {
  std::vector<DossierNumber> numbers;
  Rows row = impl_->database.query(
      "SELECT dossier FROM dossiers WHERE dossier_no = $1 AND dossier_no <> '' "
      "AND merged_into IS NULL ORDER BY dossier",
      {dossier_no});
  while (row.next()) numbers.push_back(row.integer());
  return numbers;
}

std::vector<PersonRecord> Records::persons_of_page(PageNumber page) const {
  return persons_from(
      impl_->database.query(joined<kPersons,
                                   "JOIN person_pages m ON m.person = p.person WHERE m.page = $1 "
                                   "ORDER BY p.person">(),
                            {page}));
}

std::vector<PersonRecord> Records::persons_of_dossier(DossierNumber dossier) const {
  return persons_from(
      impl_->database.query(joined<kPersons,
                                   "JOIN person_pages m ON m.person = p.person "
                                   "JOIN pages g ON g.page = m.page WHERE g.dossier = $1 "
                                   "ORDER BY p.person">(),
                            {dossier}));
}

}  // namespace archive
