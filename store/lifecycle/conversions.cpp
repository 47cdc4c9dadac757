#include "store/lifecycle/conversions.h"

#include <optional>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

BlobId object(const std::string& text) {
  if (auto blob = BlobId::parse(text)) return *blob;
  throw std::invalid_argument("a record names an object that is none");
}

}  // namespace

void Conversions::put(const std::vector<Conversion>& made) {
  if (made.empty()) return;
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::operate, Right::manage});
  std::int64_t fresh = 0;
  for (const Conversion& one : made) {
    if (one.tool.empty() || one.version.empty() || one.check.empty()) {
      throw std::invalid_argument("a conversion says by what tool, which version, and its check");
    }
    fresh += impl.database.execute(
        "INSERT INTO conversions (source, page_in_file, from_object, to_object, format, tool, "
        "version, compared, converted_by, converted_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
        "ON CONFLICT (source, page_in_file, format) DO NOTHING",
        {one.source, std::int64_t{one.page_in_file}, one.from.text(), one.to.text(), one.format,
         one.tool, one.version, one.check, records_.writes_as(), timestamp_now()});
  }
  impl.note("pages_converted", "archive", 0, json_object({{"pages", fresh}}));
  transaction.commit();
}

void Conversions::for_each(const std::function<void(const Conversion&)>& visit) const {
  Rows row = records_.inside().database.query(
      "SELECT conversion, source, page_in_file, from_object, to_object, format, tool, version, "
      "compared, converted_by, converted_at FROM conversions "
      "ORDER BY source, page_in_file, format");
  while (row.next()) {
    visit({row.integer(), row.integer(), row.small_integer(), object(row.text()),
           object(row.text()), row.text(), row.text(), row.text(), row.text(), row.text(),
           row.text()});
  }
}

std::vector<Conversions::ToConvert> Conversions::next(const std::string& kind,
                                                      const std::string& format, PageNumber last,
                                                      int at_most) const {
  Rows row = records_.inside().database.query(
      "SELECT p.page, p.source, p.page_in_file, s.blob FROM pages p "
      "JOIN sources s ON s.source = p.source WHERE p.page > $1 AND p.state = 'filed' "
      "AND s.kind = $2 AND s.blob <> '' AND NOT EXISTS (SELECT 1 FROM conversions c "
      "WHERE c.source = p.source AND c.page_in_file = p.page_in_file AND c.format = $3) "
      "ORDER BY p.page LIMIT $4",
      {last, kind, format, std::int64_t{at_most}});
  std::vector<ToConvert> found;
  while (row.next()) {
    found.push_back({row.integer(), row.integer(), row.small_integer(), object(row.text())});
  }
  return found;
}

}  // namespace archive
