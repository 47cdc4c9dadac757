#include <set>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kEntries =
    "SELECT item_no, dossier_no, item_sequence, title, author, doc_number, item_date, first_page, "
    "last_page, class_code, retention, remark FROM catalogue_entries ";

std::vector<CatalogueEntry> entries_from(Rows row) {
  std::vector<CatalogueEntry> entries;
  while (row.next()) {
    entries.push_back({row.text(), row.text(), row.small_integer(), row.text(), row.text(),
                       row.text(), row.text(), row.small_integer(), row.small_integer(), row.text(),
                       row.text(), row.text()});
  }
  return entries;
}

}  // namespace

void Records::put_catalogue(const std::vector<CatalogueEntry>& entries, const std::string& who) {
  if (who.empty()) throw std::invalid_argument("a catalogue is answered for by somebody");
  RecordedTransaction transaction(*impl_, {Right::manage});
  Database& database = impl_->database;
  std::set<std::string> volumes;
  for (const CatalogueEntry& entry : entries) volumes.insert(entry.dossier_no);
  for (const std::string& volume : volumes) {
    database.execute("DELETE FROM catalogue_entries WHERE dossier_no = $1", {volume});
    database.execute(
        "UPDATE batches SET to_assemble = TRUE WHERE batch IN "
        "(SELECT batch FROM dossiers WHERE dossier_no = $1)",
        {volume});
  }
  const std::string now = timestamp_now();
  for (const CatalogueEntry& entry : entries) {
    database.execute(
        "INSERT INTO catalogue_entries (item_no, dossier_no, item_sequence, title, author, "
        "doc_number, item_date, first_page, last_page, class_code, retention, remark, given_by, "
        "given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        {entry.item_no, entry.dossier_no, std::int64_t{entry.sequence}, entry.title, entry.author,
         entry.doc_number, entry.date, std::int64_t{entry.first_page},
         std::int64_t{entry.last_page}, entry.class_code, entry.retention, entry.remark, who, now});
  }
  impl_->note("catalogue_given", "archive", 0,
              json_object({{"volumes", static_cast<std::int64_t>(volumes.size())},
                           {"items", static_cast<std::int64_t>(entries.size())}}));
  transaction.commit();
}

std::vector<CatalogueEntry> Records::catalogue() const {
  return entries_from(
      impl_->database.query(joined<kEntries, "ORDER BY dossier_no, item_sequence">()));
}

std::vector<CatalogueEntry> Records::catalogue_of(std::string_view dossier_no) const {
  return entries_from(impl_->database.query(
      joined<kEntries, "WHERE dossier_no = $1 ORDER BY item_sequence">(), {dossier_no}));
}

std::string Records::volume_with_item(std::string_view item_no) const {
  Rows row = impl_->database.query("SELECT dossier_no FROM catalogue_entries WHERE item_no = $1",
                                   {item_no});
  return row.next() ? row.text() : std::string();
}

}  // namespace archive
