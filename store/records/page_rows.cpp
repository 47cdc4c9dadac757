#include "store/records/page_rows.h"

#include <algorithm>
#include <utility>

#include "core/timestamp.h"
#include "store/records/decisions.h"
#include "store/records/facts_bytes.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/quad_text.h"
#include "store/records/quality_json.h"
#include "store/records/records_impl.h"
#include "store/records/typed_values.h"

namespace archive {
namespace {

std::optional<PageFault> fault_from(const std::string& stage, const std::string& reason,
                                    const std::string& detail) {
  if (reason.empty()) return std::nullopt;
  return PageFault{stage_named(stage).value_or(Stage::decode),
                   reason_named(reason).value_or(FaultReason::unexpected), detail};
}

PageRecord page_from(Rows& row) {
  PageRecord page;
  page.number = row.integer();
  page.occurrence.batch = row.integer();
  page.occurrence.source = row.integer();
  page.occurrence.page_in_file = row.small_integer();
  page.occurrence.order = row.integer();
  page.source_name = row.text();
  page.source_blob = BlobId::parse(row.text());
  page.state = from_word<PageState>(row.text());
  const std::string stage = row.text();
  const std::string reason = row.text();
  page.fault = fault_from(stage, reason, row.text());
  page.review_reasons = parse_json_list(row.text());
  page.width = row.small_integer();
  page.height = row.small_integer();
  page.dpi_x = row.real();
  page.dpi_y = row.real();
  page.bits_per_pixel = row.small_integer();
  page.rotation = row.small_integer();
  page.skew_degrees = row.real();
  page.kind = from_word<PageKind>(row.text());
  page.doc_type = row.text();
  page.doc_type_confidence = row.real();
  page.doc_type_by_person = row.flag();
  page.title = row.text();
  page.evidence = parse_json_list(row.text());
  page.text_confidence = row.real();
  page.illegible = row.flag();
  page.side_pages = row.small_integer();
  page.dark_borders = row.text();
  const std::string verdict = row.text();
  const std::string measures = row.text();
  if (!verdict.empty()) {
    page.quality = PageQuality{from_word<Verdict>(verdict), {}, parse_measures(measures)};
  }
  page.layout_blob = BlobId::parse(row.text());
  page.alto_blob = BlobId::parse(row.text());
  page.engines = row.text();
  page.config_version = row.text();
  page.filed_at = row.text();
  page.text_sketch = parse_sketch(row.bytes());
  page.dossier = row.integer();
  page.item = row.integer();
  page.page_of_item = row.integer();
  page.page_of_dossier = row.integer();
  page.rotation_by_person = row.flag();
  page.replaced_by = row.integer();
  return page;
}

void read_fields(Database& database, PageRecord& page) {
  Rows row = database.query(
      "SELECT field, table_row, raw, value, confidence, validity, problem, unsure, handwritten, "
      "quad, by_person FROM fields WHERE page = $1 ORDER BY position",
      {page.number});
  while (row.next()) {
    page.fields.push_back({row.text(), row.small_integer(), row.text(), row.text(), row.real(),
                           from_word<FieldValidity>(row.text()), row.text(), row.flag(), row.flag(),
                           parse_quad(row.text()), row.flag()});
  }
}

void read_codes(Database& database, PageRecord& page) {
  Rows row =
      database.query("SELECT symbology, content, quad FROM codes WHERE page = $1 ORDER BY position",
                     {page.number});
  while (row.next()) page.codes.push_back({row.text(), row.text(), parse_quad(row.text())});
}

void read_seals(Database& database, PageRecord& page) {
  Rows row = database.query(
      "SELECT quad, colour, shape, content FROM seals WHERE page = $1 ORDER BY position",
      {page.number});
  while (row.next()) {
    page.seals.push_back({parse_quad(row.text()), row.text(), row.text(), row.text()});
  }
}

void read_pairs(Database& database, PageRecord& page) {
  Rows row = database.query(
      "SELECT label, value, label_quad, value_quad, confidence FROM pairs WHERE page = $1 "
      "ORDER BY position",
      {page.number});
  while (row.next()) {
    page.pairs.push_back(
        {row.text(), row.text(), parse_quad(row.text()), parse_quad(row.text()), row.real()});
  }
}

void read_findings(Database& database, PageRecord& page) {
  if (!page.quality) return;
  Rows row = database.query(
      "SELECT rule, verdict, value FROM quality_findings WHERE page = $1 ORDER BY position",
      {page.number});
  while (row.next()) {
    page.quality->findings.push_back({row.text(), from_word<Verdict>(row.text()), row.real()});
  }
}

void remove_parts(Database& database, PageNumber page) {
  database.execute("DELETE FROM fields WHERE page = $1", {page});
  database.execute("DELETE FROM codes WHERE page = $1", {page});
  database.execute("DELETE FROM seals WHERE page = $1", {page});
  database.execute("DELETE FROM pairs WHERE page = $1", {page});
  database.execute("DELETE FROM quality_findings WHERE page = $1", {page});
}

void write_fields(Database& database, PageNumber page, const std::vector<FieldRecord>& fields) {
  std::int64_t position = 0;
  for (const FieldRecord& field : fields) {
    database.execute(
        "INSERT INTO fields (page, position, field, table_row, raw, value, confidence, validity, "
        "problem, unsure, handwritten, quad, by_person) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        {page, position++, field.field, std::int64_t{field.row}, field.raw, field.value,
         field.confidence, word_for(field.validity), field.problem, field.unsure, field.handwritten,
         quad_text(field.quad), field.by_person});
  }
}

void write_marks(Database& database, PageNumber page, const PageRecord& record) {
  std::int64_t position = 0;
  for (const MachineCode& code : record.codes) {
    database.execute(
        "INSERT INTO codes (page, position, symbology, content, quad) "
        "VALUES ($1, $2, $3, $4, $5)",
        {page, position++, code.symbology, code.text, quad_text(code.quad)});
  }
  position = 0;
  for (const SealMark& seal : record.seals) {
    database.execute(
        "INSERT INTO seals (page, position, colour, shape, content, quad) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {page, position++, seal.colour, seal.shape, seal.text, quad_text(seal.quad)});
  }
  position = 0;
  for (const LabelledValue& pair : record.pairs) {
    database.execute(
        "INSERT INTO pairs (page, position, label, value, label_quad, value_quad, confidence) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {page, position++, pair.label, pair.value, quad_text(pair.label_quad),
         quad_text(pair.value_quad), pair.confidence});
  }
}

void write_findings(Database& database, PageNumber page, const PageRecord& record) {
  if (!record.quality) return;
  std::int64_t position = 0;
  for (const QualityFinding& finding : record.quality->findings) {
    database.execute(
        "INSERT INTO quality_findings (page, position, rule, verdict, value) "
        "VALUES ($1, $2, $3, $4, $5)",
        {page, position++, finding.rule, word_for(finding.verdict), finding.value});
  }
}

// Dossier, item and the index are not the page's own affair: a replaced row keeps them.
Rows write_row(Database& database, const PageRecord& page) {
  const PageFault fault = page.fault.value_or(PageFault{});
  const bool faulty = page.fault.has_value();
  return database.query(
      "INSERT INTO pages (batch, source, page_in_file, page_order, state, fault_stage, "
      "fault_reason, fault_detail, review_reasons, width, height, dpi_x, dpi_y, bits_per_pixel, "
      "rotation, skew_degrees, kind, doc_type, doc_type_confidence, doc_type_by_person, title, "
      "evidence, text_confidence, illegible, side_pages, dark_borders, quality, quality_measures, "
      "layout_blob, alto_blob, engines, config_version, filed_at, text_sketch, rotation_by_person) "
      "VALUES ($1, $2, $3, "
      "$4, $5, $6, "
      "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, "
      "$26, $27, $28, $29, $30, $31, $32, $33, $34, $35) ON CONFLICT (source, page_in_file) DO "
      "UPDATE "
      "SET "
      "page_order = "
      "excluded.page_order, state = excluded.state, fault_stage = excluded.fault_stage, "
      "fault_reason = excluded.fault_reason, fault_detail = excluded.fault_detail, "
      "review_reasons = excluded.review_reasons, width = excluded.width, height = "
      "excluded.height, dpi_x = excluded.dpi_x, dpi_y = excluded.dpi_y, bits_per_pixel = "
      "excluded.bits_per_pixel, rotation = excluded.rotation, skew_degrees = "
      "excluded.skew_degrees, kind = excluded.kind, doc_type = excluded.doc_type, "
      "doc_type_confidence = excluded.doc_type_confidence, doc_type_by_person = "
      "excluded.doc_type_by_person, title = excluded.title, evidence = excluded.evidence, "
      "text_confidence = excluded.text_confidence, illegible = excluded.illegible, side_pages = "
      "excluded.side_pages, dark_borders = excluded.dark_borders, quality = "
      "excluded.quality, quality_measures = excluded.quality_measures, layout_blob = "
      "excluded.layout_blob, alto_blob = excluded.alto_blob, engines = excluded.engines, "
      "config_version = excluded.config_version, filed_at = excluded.filed_at, text_sketch = "
      "excluded.text_sketch, rotation_by_person = excluded.rotation_by_person, revision = "
      "pages.revision + 1 RETURNING page, revision",
      {page.occurrence.batch,
       page.occurrence.source,
       std::int64_t{page.occurrence.page_in_file},
       page.occurrence.order,
       word_for(page.state),
       faulty ? name_of(fault.stage) : "",
       faulty ? name_of(fault.reason) : "",
       fault.detail,
       json_list(page.review_reasons),
       std::int64_t{page.width},
       std::int64_t{page.height},
       page.dpi_x,
       page.dpi_y,
       std::int64_t{page.bits_per_pixel},
       std::int64_t{page.rotation},
       page.skew_degrees,
       word_for(page.kind),
       page.doc_type,
       page.doc_type_confidence,
       page.doc_type_by_person,
       page.title,
       json_list(page.evidence),
       page.text_confidence,
       page.illegible,
       std::int64_t{page.side_pages},
       page.dark_borders,
       page.quality ? word_for(page.quality->verdict) : std::string_view(),
       page.quality ? measures_text(page.quality->measures) : std::string("{}"),
       text_of(page.layout_blob),
       text_of(page.alto_blob),
       page.engines,
       page.config_version,
       page.filed_at.empty() ? timestamp_now() : page.filed_at,
       SqlBytes{sketch_bytes(page.text_sketch)},
       page.rotation_by_person});
}

}  // namespace

std::optional<PageRecord> read_page(Database& database, PageNumber number) {
  auto page = read_page_as_read(database, number);
  if (page) page = with_typed_values(std::move(*page));
  return page;
}

std::optional<PageRecord> read_page_as_read(Database& database, PageNumber number) {
  Rows rows = database.query(
      "SELECT p.page, p.batch, p.source, p.page_in_file, p.page_order, s.name, "
      "CASE p.fault_reason WHEN 'disposed' THEN '' ELSE s.blob END, p.state, "
      "p.fault_stage, p.fault_reason, p.fault_detail, p.review_reasons, p.width, p.height, "
      "p.dpi_x, p.dpi_y, p.bits_per_pixel, p.rotation, p.skew_degrees, p.kind, p.doc_type, "
      "p.doc_type_confidence, p.doc_type_by_person, p.title, p.evidence, p.text_confidence, "
      "p.illegible, p.side_pages, p.dark_borders, p.quality, p.quality_measures, p.layout_blob, "
      "p.alto_blob, p.engines, "
      "p.config_version, p.filed_at, p.text_sketch, p.dossier, p.item, p.page_of_item, "
      "p.page_of_dossier, p.rotation_by_person, p.replaced_by "
      "FROM pages p JOIN sources s ON s.source = p.source WHERE p.page = $1",
      {number});
  if (!rows.next()) return std::nullopt;
  PageRecord page = page_from(rows);
  read_fields(database, page);
  read_codes(database, page);
  read_seals(database, page);
  read_pairs(database, page);
  read_findings(database, page);
  page.typed = typed_values_of(database, number);
  return page;
}

PageNumber page_at(Database& database, SourceNumber source, int page_in_file) {
  return database.number("SELECT page FROM pages WHERE source = $1 AND page_in_file = $2",
                         {source, std::int64_t{page_in_file}});
}

WrittenPage write_page(Database& database, const PageRecord& page) {
  WrittenPage written;
  {
    Rows row = write_row(database, page);
    row.next();
    written.number = row.integer();
    written.revision = row.integer();
    while (row.next()) continue;
  }
  written.replaced = written.revision > 1;
  if (written.replaced) remove_parts(database, written.number);
  write_fields(database, written.number, page.fields);
  write_marks(database, written.number, page);
  write_findings(database, written.number, page);
  return written;
}

void remove_page(Database& database, PageNumber number) {
  remove_parts(database, number);
  database.execute("DELETE FROM readings WHERE page = $1", {number});
  database.execute("DELETE FROM person_pages WHERE page = $1", {number});
  database.execute("DELETE FROM pages WHERE page = $1", {number});
}

}  // namespace archive
