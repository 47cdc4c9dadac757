#include "store/lifecycle/item_contents.h"

#include "core/escaped_text.h"
#include "store/objects/digest.h"
#include "store/records/records_impl.h"

namespace archive {

std::optional<std::string> item_contents(Database& database, DossierNumber dossier,
                                         int item_sequence) {
  const ItemNumber item =
      database.number("SELECT item FROM items WHERE dossier = $1 AND item_sequence = $2",
                      {dossier, std::int64_t{item_sequence}});
  if (item == 0) return std::nullopt;
  DigestCounter digest(DigestKind::sha256);
  Rows pages = database.query(
      "SELECT p.page, p.doc_type, s.blob, p.page_in_file, p.rotation FROM pages p "
      "JOIN sources s ON s.source = p.source WHERE p.item = $1 ORDER BY p.page_of_item, p.page",
      {item});
  while (pages.next()) {
    const PageNumber page = pages.integer();
    digest.add("page " + std::to_string(page) + "\t" + pages.text() + "\t");
    digest.add(pages.text() + "\t");
    digest.add(std::to_string(pages.integer()) + "\t");
    digest.add(std::to_string(pages.integer()) + "\n");
    Rows values = database.query(
        "SELECT field, table_row, value FROM fields WHERE page = $1 ORDER BY field, table_row, "
        "position",
        {page});
    while (values.next()) {
      digest.add("read " + values.text() + "\t");
      digest.add(std::to_string(values.integer()) + "\t");
      digest.add(escaped(values.text()) + "\n");
    }
    Rows typed = database.query(
        "SELECT field, table_row, value, person FROM typed_values "
        "WHERE page = $1 AND ended_at = '' ORDER BY typed_value",
        {page});
    while (typed.next()) {
      digest.add("typed " + typed.text() + "\t");
      digest.add(std::to_string(typed.integer()) + "\t");
      digest.add(escaped(typed.text()) + "\t");
      digest.add(escaped(typed.text()) + "\n");
    }
  }
  return hex_of(digest.finish());
}

std::optional<std::string> appraised_contents(Database& database, DossierNumber dossier,
                                              int item_sequence) {
  const auto contents = item_contents(database, dossier, item_sequence);
  if (!contents) return std::nullopt;
  Rows item = database.query(
      "SELECT i.doc_type, i.item_date, i.retention, "
      "COALESCE((SELECT c.after FROM retention_changes c WHERE c.dossier = i.dossier "
      "AND c.item_sequence = i.item_sequence ORDER BY c.retention_change DESC LIMIT 1), '') "
      "FROM items i WHERE i.dossier = $1 AND i.item_sequence = $2",
      {dossier, std::int64_t{item_sequence}});
  if (!item.next()) return std::nullopt;
  DigestCounter digest(DigestKind::sha256);
  digest.add("contents " + *contents + "\n");
  for (const char* what : {"type ", "date ", "class kept ", "person kept "}) {
    digest.add(what + escaped(item.text()) + "\n");
  }
  return hex_of(digest.finish());
}

bool as_appraised(Database& database, std::int64_t appraisal) {
  Rows row = database.query(
      "SELECT dossier, item_sequence, contents FROM appraisals WHERE appraisal = $1", {appraisal});
  if (!row.next()) return false;
  const DossierNumber dossier = row.integer();
  const int sequence = row.small_integer();
  const std::string contents = row.text();
  return !contents.empty() && appraised_contents(database, dossier, sequence) == contents;
}

std::vector<ApprovedItem> approved_items(Records& records, BatchNumber batch) {
  Database& database = records.inside().database;
  Rows row = database.query(
      "SELECT s.dossier, s.item_sequence, s.contents FROM review_steps s "
      "JOIN dossiers d ON d.dossier = s.dossier WHERE d.batch = $1 AND s.step = 'approve' "
      "AND NOT EXISTS (SELECT 1 FROM review_steps l WHERE l.dossier = s.dossier "
      "AND l.item_sequence = s.item_sequence AND l.review_step > s.review_step "
      "AND l.step NOT IN ('verify', 'reject')) ORDER BY s.dossier, s.item_sequence",
      {batch});
  std::vector<ApprovedItem> items;
  while (row.next()) items.push_back({row.integer(), row.small_integer(), row.text()});
  std::erase_if(items, [&database](const ApprovedItem& item) {
    return item_contents(database, item.dossier, item.sequence) != item.contents;
  });
  return items;
}

std::vector<HeldPage> held_pages(Records& records, BatchNumber batch) {
  Rows row = records.inside().database.query(
      "SELECT page, dossier, review_reasons LIKE '%\"held_in_dossier\"%' FROM pages "
      "WHERE batch = $1 AND (dossier IN (SELECT dossier FROM holds WHERE lifted_at = '') "
      "OR item IN (SELECT i.item FROM disposal_lists l "
      "JOIN disposal_items d ON d.disposal_list = l.disposal_list "
      "JOIN appraisals a ON a.appraisal = d.appraisal JOIN items i ON i.dossier = a.dossier "
      "AND i.item_sequence = a.item_sequence WHERE l.approved_at <> '' AND l.withdrawn_at = '' "
      "AND l.carried_out_at = '')) ORDER BY dossier, page",
      {batch});
  std::vector<HeldPage> pages;
  while (row.next()) pages.push_back({row.integer(), row.integer(), row.flag()});
  return pages;
}

std::vector<ItemOnRecord> items_on_record(Records& records, BatchNumber batch) {
  Database& database = records.inside().database;
  std::vector<ItemOnRecord> found;
  Rows item = database.query(
      "SELECT n.dossier, n.item_sequence, i.item, MAX(n.disposal) FROM ("
      "SELECT dossier, item_sequence, 0 AS disposal FROM retention_changes "
      "UNION SELECT dossier, item_sequence, outcome = 'disposal' FROM appraisals "
      "UNION SELECT dossier, item_sequence, 0 FROM shelf_places WHERE item_sequence > 0 "
      "UNION SELECT dossier, item_sequence, 0 FROM loans WHERE item_sequence > 0) n "
      "JOIN dossiers d ON d.dossier = n.dossier LEFT JOIN items i ON i.dossier = n.dossier "
      "AND i.item_sequence = n.item_sequence WHERE d.batch = $1 "
      "GROUP BY n.dossier, n.item_sequence, i.item ORDER BY n.dossier, n.item_sequence",
      {batch});
  while (item.next()) {
    ItemOnRecord one{item.integer(), item.small_integer(), item.integer(), {}};
    if (item.flag()) {
      one.contents = item_contents(database, one.dossier, one.sequence).value_or("");
    }
    found.push_back(std::move(one));
  }
  Rows dossier = database.query(
      "SELECT d.dossier, d.merged_into IS NULL FROM dossiers d WHERE d.batch = $1 AND d.dossier IN "
      "(SELECT dossier FROM holds WHERE lifted_at = '' UNION SELECT dossier FROM shelf_places "
      "WHERE item_sequence = 0 UNION SELECT dossier FROM loans WHERE item_sequence = 0 "
      "AND returned_at = '') ORDER BY d.dossier",
      {batch});
  while (dossier.next()) found.push_back({dossier.integer(), 0, dossier.integer(), {}});
  return found;
}

}  // namespace archive
