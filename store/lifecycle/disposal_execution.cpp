#include <set>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "core/fault.h"
#include "core/timestamp.h"
#include "store/lifecycle/disposal.h"
#include "store/lifecycle/item_contents.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

// Carrying a disposal list out: one transaction for the whole list.

namespace archive {
namespace {

std::vector<PageNumber> pages_of(Database& database, const DisposedItem& item) {
  // Those of the item, and those in whose place one of them stands.
  Rows rows = database.query(
      "WITH RECURSIVE gone (page) AS ("
      "SELECT p.page FROM pages p JOIN items i ON i.item = p.item "
      "WHERE i.dossier = $1 AND i.item_sequence = $2 "
      "UNION SELECT p.page FROM pages p JOIN gone g ON p.replaced_by = g.page) "
      "SELECT page FROM gone ORDER BY page",
      {item.dossier, std::int64_t{item.item_sequence}});
  std::vector<PageNumber> pages;
  while (rows.next()) pages.push_back(rows.integer());
  return pages;
}

DisposedItem item_of(Database& database, std::int64_t appraisal) {
  Rows row = database.query(
      "SELECT a.dossier, d.dossier_no, a.item_sequence, i.title, i.doc_type, i.item_date, "
      "a.retention FROM appraisals a JOIN dossiers d ON d.dossier = a.dossier "
      "JOIN items i ON i.dossier = a.dossier AND i.item_sequence = a.item_sequence "
      "WHERE a.appraisal = $1",
      {appraisal});
  if (!row.next()) {
    throw std::invalid_argument("the item of appraisal " + std::to_string(appraisal) +
                                " is not there any more: withdraw the list");
  }
  return {appraisal,  row.integer(), row.text(), row.small_integer(), row.text(),
          row.text(), row.text(),    row.text(), 0,                   {}};
}

void note_objects(Database& database, std::int64_t list, PageNumber page) {
  database.execute(
      "INSERT INTO disposed_objects (disposal_list, object, purpose) "
      "SELECT $1, layout_blob, 'layout' FROM pages WHERE page = $2 AND layout_blob <> '' "
      "UNION SELECT $1, alto_blob, 'alto' FROM pages WHERE page = $2 AND alto_blob <> '' "
      "UNION SELECT $1, c.to_object, 'conversion' FROM conversions c JOIN pages p "
      "ON p.source = c.source AND p.page_in_file = c.page_in_file WHERE p.page = $2 "
      "UNION SELECT $1, layout_blob, 'earlier layout' FROM readings "
      "WHERE page = $2 AND layout_blob <> '' "
      "UNION SELECT $1, alto_blob, 'earlier alto' FROM readings "
      "WHERE page = $2 AND alto_blob <> '' ON CONFLICT DO NOTHING",
      {list, page});
}

// The number stamped on a page and its title say where the other items lie when the dossier is
// put together again; a page without them could draw its neighbours to another item.
void empty_page(Database& database, std::int64_t list, PageNumber page) {
  database.execute(
      "UPDATE pages SET state = 'set_aside', fault_stage = $2, fault_reason = $3, "
      "fault_detail = $4, review_reasons = '[]', evidence = '[]', layout_blob = '', "
      "alto_blob = '', quality = '', quality_measures = '{}', text_sketch = x'', "
      "revision = revision + 1 WHERE page = $1",
      {page, name_of(Stage::store), name_of(FaultReason::disposed),
       "disposal list " + std::to_string(list)});
  database.execute("DELETE FROM fields WHERE page = $1 AND field <> 'page_no'", {page});
  for (const Sql text :
       {Sql("DELETE FROM codes WHERE page = $1"), Sql("DELETE FROM seals WHERE page = $1"),
        Sql("DELETE FROM pairs WHERE page = $1"),
        Sql("DELETE FROM quality_findings WHERE page = $1"),
        Sql("DELETE FROM readings WHERE page = $1"),
        Sql("DELETE FROM typed_values WHERE page = $1 AND confirms IS NOT NULL"),
        Sql("DELETE FROM typed_values WHERE page = $1"),
        Sql("DELETE FROM corrections WHERE page = $1"),
        Sql("DELETE FROM unreadable_values WHERE page = $1"),
        Sql("DELETE FROM keying_outcomes WHERE page = $1"),
        Sql("DELETE FROM keyings WHERE page = $1"),
        Sql("DELETE FROM conversions WHERE (source, page_in_file) = "
            "(SELECT source, page_in_file FROM pages WHERE page = $1)"),
        Sql("UPDATE batches SET to_assemble = TRUE "
                "WHERE batch = (SELECT batch FROM pages WHERE page = $1)"),
        // Values as printed, where somebody decided about a finding.
        Sql("UPDATE findings SET places = '[]', words = '{}', expected = '{}' "
                "WHERE EXISTS (SELECT 1 FROM json_each(findings.places) place "
                "WHERE json_extract(place.value, '$.page') = $1)")}) {
    database.execute(text, {page});
  }
}

void dispose_of_files(Database& database, std::int64_t list, const std::set<PageNumber>& pages) {
  std::set<SourceNumber> sources;
  for (const PageNumber page : pages) {
    sources.insert(database.number("SELECT source FROM pages WHERE page = $1", {page}));
  }
  for (const SourceNumber source : sources) {
    const std::int64_t changed = database.execute(
        "UPDATE sources SET disposed = TRUE WHERE source = $1 AND blob <> '' AND NOT EXISTS ("
        "SELECT 1 FROM pages p WHERE p.source = $1 AND p.fault_reason <> 'disposed')",
        {source});
    if (changed == 0) continue;
    database.execute(
        "INSERT INTO disposed_objects (disposal_list, object, purpose) "
        "SELECT $1, blob, 'source' FROM sources WHERE source = $2 ON CONFLICT DO NOTHING",
        {list, source});
  }
}

}  // namespace

void Disposal::carry_out(std::int64_t number) {
  Records::Impl& impl = records_.inside();
  Database& database = impl.database;
  RecordedTransaction transaction(impl, {Right::manage});
  const auto list = this->list(number);
  if (!list) throw std::invalid_argument("there is no disposal list of this number");
  const std::string now = timestamp_now();
  if (const std::string why = hindrance(*list, *Date::parse(now.substr(0, 10))); !why.empty()) {
    throw std::invalid_argument("the list cannot be carried out: " + why);
  }
  const std::string& witness = impl.ledger->acting().co_signer;
  if (list->approved_by == records_.writes_as()) {
    throw std::invalid_argument("a list is carried out by somebody who did not approve it");
  }
  if (witness.empty() || witness == records_.writes_as()) {
    throw std::invalid_argument("a second person witnesses the disposal (--co-signer)");
  }
  std::set<PageNumber> gone;
  for (const std::int64_t appraisal : list->appraisals) {
    DisposedItem item = item_of(database, appraisal);
    const std::vector<PageNumber> pages = pages_of(database, item);
    item.contents = item_contents(database, item.dossier, item.item_sequence).value_or("");
    database.execute(
        "INSERT INTO disposed_items (appraisal, disposal_list, dossier, dossier_no, "
        "item_sequence, title, doc_type, item_date, retention, pages, contents) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {appraisal, number, item.dossier, item.dossier_no, std::int64_t{item.item_sequence},
         item.title, item.doc_type, item.item_date, item.retention,
         static_cast<std::int64_t>(pages.size()), item.contents});
    for (const PageNumber page : pages) {
      note_objects(database, number, page);
      empty_page(database, number, page);
      gone.insert(page);
    }
  }
  dispose_of_files(database, number, gone);
  database.execute(
      "UPDATE disposal_lists SET carried_out_by = $2, carried_out_at = $3, witnessed_by = $4 "
      "WHERE disposal_list = $1",
      {number, records_.writes_as(), now, witness});
  impl.note("disposal_carried_out", "disposal_list", number,
            json_object({{"items", static_cast<std::int64_t>(list->appraisals.size())},
                         {"pages", static_cast<std::int64_t>(gone.size())}}));
  transaction.commit();
}

std::vector<DisposedItem> Disposal::items_of(std::int64_t list) const {
  Rows row = records_.inside().database.query(
      "SELECT appraisal, dossier, dossier_no, item_sequence, title, doc_type, item_date, "
      "retention, pages, contents FROM disposed_items WHERE disposal_list = $1 "
      "ORDER BY dossier, item_sequence",
      {list});
  std::vector<DisposedItem> items;
  while (row.next()) {
    items.push_back({row.integer(), row.integer(), row.text(), row.small_integer(), row.text(),
                     row.text(), row.text(), row.text(), row.small_integer(), row.text()});
  }
  return items;
}

std::set<BlobId> Disposal::objects_gone() const {
  std::set<BlobId> gone;
  Rows row = records_.inside().database.query("SELECT object FROM disposed_objects");
  while (row.next()) {
    if (const auto blob = BlobId::parse(row.text())) gone.insert(*blob);
  }
  if (gone.empty()) return gone;
  records_.for_each_object([&gone](const BlobId& blob, std::string_view) { gone.erase(blob); });
  return gone;
}

std::vector<DisposedObject> Disposal::objects_of(std::int64_t list) const {
  Rows row = records_.inside().database.query(
      "SELECT o.object, o.purpose, COALESCE((SELECT MAX(g.ended_at) FROM garbage g "
      "WHERE g.object = o.object AND g.place = '' AND g.outcome = 'removed'), '') "
      "FROM disposed_objects o WHERE o.disposal_list = $1 ORDER BY o.object, o.purpose",
      {list});
  std::vector<DisposedObject> objects;
  std::set<std::string, std::less<>> wanted;
  while (row.next()) {
    objects.push_back({row.text(), row.text(), row.text()});
    wanted.insert(objects.back().object);
  }
  std::set<std::string, std::less<>> needed;
  records_.for_each_object([&](const BlobId& blob, std::string_view) {
    if (wanted.contains(blob.text())) needed.emplace(blob.text());
  });
  for (DisposedObject& object : objects) object.needed = needed.contains(object.object);
  return objects;
}

}  // namespace archive
