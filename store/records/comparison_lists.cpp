#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

void drop(Database& database, std::string_view name) {
  database.execute(
      "DELETE FROM listed_records WHERE list IN "
      "(SELECT list FROM comparison_lists WHERE name = $1)",
      {name});
  database.execute("DELETE FROM comparison_lists WHERE name = $1", {name});
  // Whom it was about is not known any more, or only now: everybody is looked at again.
  database.execute("UPDATE dossier_facts SET checked_with = '' WHERE checked_with <> ''");
}

ListKind kind_from(const std::string& word) {
  if (const auto kind = list_kind_named(word)) return *kind;
  throw ArchiveError(ErrorKind::records, "records: comparison lists", "a kind of list is not known",
                     "install the newer program");
}

}  // namespace

void Records::put_list(const ComparisonListRecord& list, const std::vector<ListedRecord>& records) {
  RecordedTransaction transaction(*impl_, {Right::manage});
  drop(impl_->database, list.name);
  const std::int64_t number = impl_->database.number(
      "INSERT INTO comparison_lists (name, kind, blob, records, given_by, given_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) RETURNING list",
      {list.name, name_of(list.kind), text_of(list.blob), static_cast<std::int64_t>(records.size()),
       list.given_by, timestamp_now()});
  for (const ListedRecord& record : records) {
    impl_->database.execute(
        "INSERT INTO listed_records (list, line, record_key, month, content) "
        "VALUES ($1, $2, $3, $4, $5)",
        {number, std::int64_t{record.line}, record.key, record.month,
         Json(record.values).dump(-1, ' ', false, Json::error_handler_t::replace)});
  }
  impl_->note("list_given", "list", number,
              json_object({{"kind", name_of(list.kind)},
                           {"blob", text_of(list.blob)},
                           {"records", static_cast<std::int64_t>(records.size())}}));
  transaction.commit();
}

bool Records::drop_list(const std::string& name) {
  RecordedTransaction transaction(*impl_, {Right::manage});
  const std::int64_t number =
      impl_->database.number("SELECT list FROM comparison_lists WHERE name = $1", {name});
  if (number == 0) return false;
  drop(impl_->database, name);
  impl_->note("list_dropped", "list", number);
  transaction.commit();
  return true;
}

std::vector<ComparisonListRecord> Records::lists() const {
  Rows row = impl_->database.query(
      "SELECT name, kind, blob, records, given_by, given_at FROM comparison_lists ORDER BY name");
  std::vector<ComparisonListRecord> lists;
  while (row.next()) {
    lists.push_back({row.text(), kind_from(row.text()), BlobId::parse(row.text()), row.integer(),
                     row.text(), row.text()});
  }
  return lists;
}

std::vector<ListedRecord> Records::listed(std::string_view key) const {
  Rows row = impl_->database.query(
      "SELECT l.name, l.kind, r.line, r.record_key, r.month, r.content FROM listed_records r "
      "JOIN comparison_lists l ON l.list = r.list WHERE r.record_key = $1 ORDER BY l.name, r.line",
      {key});
  std::vector<ListedRecord> records;
  while (row.next()) {
    records.push_back({row.text(), kind_from(row.text()), row.small_integer(), row.text(),
                       row.text(),
                       Json::parse(row.text()).get<std::map<std::string, std::string>>()});
  }
  return records;
}

}  // namespace archive
