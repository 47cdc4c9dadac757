#include "store/records/readings.h"

#include <nlohmann/json.hpp>

#include "core/timestamp.h"
#include "store/records/quad_text.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::string fields_text(const std::vector<FieldRecord>& fields) {
  Json list = Json::array();
  for (const FieldRecord& field : fields) {
    list.push_back({{"field", field.field},
                    {"row", field.row},
                    {"raw", field.raw},
                    {"value", field.value},
                    {"confidence", field.confidence},
                    {"quad", quad_text(field.quad)},
                    {"by_person", field.by_person}});
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void keep_reading(Database& database, const PageRecord& before, const PageRecord& fresh) {
  const bool same = before.layout_blob == fresh.layout_blob &&
                    before.alto_blob == fresh.alto_blob && before.engines == fresh.engines &&
                    before.config_version == fresh.config_version;
  if (same || !before.layout_blob) return;
  database.execute(
      "INSERT INTO readings (page, reading, read_at, replaced_at, engines, config_version, "
      "doc_type, doc_type_by_person, text_confidence, layout_blob, alto_blob, fields) VALUES ($1, "
      "1 + (SELECT COUNT(*) FROM readings WHERE page = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, "
      "$11)",
      {before.number, before.filed_at, timestamp_now(), before.engines, before.config_version,
       before.doc_type, before.doc_type_by_person, before.text_confidence,
       text_of(before.layout_blob), text_of(before.alto_blob), fields_text(before.fields)});
}

std::vector<ReadingRecord> Records::readings(PageNumber page) const {
  Rows row = impl_->database.query(
      "SELECT page, reading, read_at, replaced_at, engines, config_version, doc_type, "
      "doc_type_by_person, text_confidence, layout_blob, alto_blob, fields FROM readings "
      "WHERE page = $1 ORDER BY reading",
      {page});
  std::vector<ReadingRecord> readings;
  while (row.next()) {
    readings.push_back({row.integer(), row.small_integer(), row.text(), row.text(), row.text(),
                        row.text(), row.text(), row.flag(), row.real(), BlobId::parse(row.text()),
                        BlobId::parse(row.text()), row.text()});
  }
  return readings;
}

}  // namespace archive
