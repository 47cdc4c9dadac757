#include "viewer/page_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/text_place.h"
#include "store/records/counts_json.h"
#include "store/records/quality_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double unit) { return std::round(value * unit) / unit; }

Json quad_json(const Quad& quad) {
  Json corners = Json::array();
  for (const Point& p : quad.corners) corners.push_back({rounded(p.x, 10), rounded(p.y, 10)});
  return corners;
}

const char* name_of(PageKind kind) {
  switch (kind) {
    case PageKind::blank:
      return "blank";
    case PageKind::separator:
      return "separator";
    case PageKind::content:
      break;
  }
  return "content";
}

const char* name_of(LineKind kind) {
  switch (kind) {
    case LineKind::handwritten:
      return "handwritten";
    case LineKind::seal:
      return "seal";
    case LineKind::printed:
      break;
  }
  return "printed";
}

const char* name_of(BatchState state) {
  switch (state) {
    case BatchState::complete:
      return "complete";
    case BatchState::held:
      return "held";
    case BatchState::open:
      break;
  }
  return "open";
}

Json optional_blob(const std::optional<BlobId>& blob) {
  return blob ? Json(blob->text()) : Json(nullptr);
}

Json fields_json(const std::vector<FieldRecord>& fields) {
  Json list = Json::array();
  for (const FieldRecord& field : fields) {
    Json row = {{"field", field.field},
                {"row", field.row < 0 ? Json(nullptr) : Json(field.row)},
                {"raw", field.raw},
                {"value", field.value},
                {"confidence", rounded(field.confidence, 1000)},
                {"validity", name_of(field.validity)},
                {"problem", field.problem},
                {"unsure", field.unsure},
                {"handwritten", field.handwritten},
                {"by_person", field.by_person},
                {"typed_state", name_of(field.typed)},
                {"quad", quad_json(field.quad)}};
    if (field.machine) {
      row["machine"] = {{"raw", field.machine->raw},
                        {"value", field.machine->value},
                        {"confidence", rounded(field.machine->confidence, 1000)},
                        {"quad", quad_json(field.machine->quad)}};
    }
    list.push_back(std::move(row));
  }
  return list;
}

Json characters_json(const TextLine& line) {
  Json list = Json::array();
  for (std::size_t i = 0; i < line.chars.size(); ++i) {
    const TextChar& c = line.chars[i];
    Json row = {{"text", c.text},
                {"quad", quad_json(place_of(line, i))},
                {"confidence", rounded(c.confidence, 1000)}};
    for (const Alternative& other : c.alternatives) {
      row["alternatives"].push_back(
          {{"text", other.text}, {"confidence", rounded(other.confidence, 1000)}});
    }
    list.push_back(std::move(row));
  }
  return list;
}

Json lines_json(const std::vector<TextLine>& lines) {
  Json list = Json::array();
  for (const TextLine& line : lines) {
    list.push_back({{"text", line.text},
                    {"quad", quad_json(line.quad)},
                    {"confidence", rounded(line.confidence, 1000)},
                    {"unsure", line.unsure},
                    {"vertical", line.vertical},
                    {"kind", name_of(line.kind)},
                    {"characters", characters_json(line)}});
  }
  return list;
}

Json pairs_json(const std::vector<LabelledValue>& pairs) {
  Json list = Json::array();
  for (const LabelledValue& pair : pairs) {
    list.push_back({{"label", pair.label},
                    {"value", pair.value},
                    {"label_quad", quad_json(pair.label_quad)},
                    {"value_quad", quad_json(pair.value_quad)},
                    {"confidence", rounded(pair.confidence, 1000)}});
  }
  return list;
}

void add_marks(const PageRecord& page, Json& json) {
  json["codes"] = Json::array();
  for (const MachineCode& code : page.codes) {
    json["codes"].push_back(
        {{"symbology", code.symbology}, {"text", code.text}, {"quad", quad_json(code.quad)}});
  }
  json["seals"] = Json::array();
  for (const SealMark& seal : page.seals) {
    json["seals"].push_back({{"quad", quad_json(seal.quad)},
                             {"colour", seal.colour},
                             {"shape", seal.shape},
                             {"text", seal.text}});
  }
}

}  // namespace

const char* name_of(FieldValidity validity) {
  switch (validity) {
    case FieldValidity::suspicious:
      return "suspicious";
    case FieldValidity::invalid:
      return "invalid";
    case FieldValidity::valid:
      break;
  }
  return "valid";
}

Json page_json(const PageRecord& page, const PageLayout& layout,
               const std::optional<DossierRecord>& dossier) {
  Json json = {{"page", page.number},
               {"batch", page.occurrence.batch},
               {"source", page.source_name},
               {"page_in_file", page.occurrence.page_in_file},
               {"order", page.occurrence.order},
               {"state", page.state == PageState::filed ? "filed" : "set_aside"},
               {"stage", page.fault ? Json(name_of(page.fault->stage)) : Json(nullptr)},
               {"reason", page.fault ? Json(name_of(page.fault->reason)) : Json(nullptr)},
               {"detail", page.fault ? Json(page.fault->detail) : Json(nullptr)},
               {"review", page.review_reasons},
               {"width", page.width},
               {"height", page.height},
               {"dpi_x", rounded(page.dpi_x, 100)},
               {"dpi_y", rounded(page.dpi_y, 100)},
               {"bits_per_pixel", page.bits_per_pixel},
               {"rotation", page.rotation},
               {"rotation_by_person", page.rotation_by_person},
               {"skew_degrees", rounded(page.skew_degrees, 1000)},
               {"kind", name_of(page.kind)},
               {"doc_type", page.doc_type},
               {"doc_type_confidence", rounded(page.doc_type_confidence, 1000)},
               {"doc_type_by_person", page.doc_type_by_person},
               {"title", page.title},
               {"evidence", page.evidence},
               {"text_confidence", rounded(page.text_confidence, 1000)},
               {"illegible", page.illegible},
               {"side_pages", page.side_pages},
               {"dark_borders", page.dark_borders},
               {"quality", page.quality ? quality_json(*page.quality, nullptr) : Json(nullptr)},
               {"source_object", optional_blob(page.source_blob)},
               {"layout_object", optional_blob(page.layout_blob)},
               {"alto_object", optional_blob(page.alto_blob)},
               {"engines", Json::parse(page.engines.empty() ? "[]" : page.engines, nullptr, false)},
               {"config_version", page.config_version},
               {"filed_at", page.filed_at},
               {"dossier", page.dossier},
               {"dossier_key", dossier ? Json(dossier->key) : Json(nullptr)},
               {"dossier_no", dossier ? Json(dossier->dossier_no) : Json(nullptr)},
               {"item", page.item},
               {"page_of_item", page.page_of_item},
               {"page_of_dossier", page.page_of_dossier},
               {"replaced_by", page.replaced_by == 0 ? Json(nullptr) : Json(page.replaced_by)}};
  add_marks(page, json);
  json["fields"] = fields_json(page.fields);
  json["typed_values"] = Json::array();
  for (const TypedValue& typed : page.typed) {
    json["typed_values"].push_back(typed_value_json(typed));
  }
  json["pairs"] = pairs_json(page.pairs);
  json["lines"] = lines_json(layout.lines);
  return json;
}

Json typed_value_json(const TypedValue& typed) {
  return {{"typed_value", typed.number},
          {"field", typed.field},
          {"row", typed.row < 0 ? Json(nullptr) : Json(typed.row)},
          {"raw", typed.raw},
          {"value", typed.value},
          {"validity", name_of(typed.validity)},
          {"problem", typed.problem},
          {"mandatory", typed.mandatory},
          {"confirms", typed.confirms == 0 ? Json(nullptr) : Json(typed.confirms)},
          {"box", {typed.box.x, typed.box.y, typed.box.width, typed.box.height}},
          {"person", typed.person},
          {"typed_at", typed.typed_at},
          {"ended_at", typed.ended_at}};
}

Json readings_json(const std::vector<ReadingRecord>& readings) {
  Json list = Json::array();
  for (const ReadingRecord& reading : readings) {
    list.push_back({{"reading", reading.number},
                    {"read_at", reading.read_at},
                    {"replaced_at", reading.replaced_at},
                    {"engines", Json::parse(reading.engines, nullptr, false)},
                    {"config_version", reading.config_version},
                    {"doc_type", reading.doc_type},
                    {"doc_type_by_person", reading.doc_type_by_person},
                    {"text_confidence", rounded(reading.text_confidence, 1000)},
                    {"layout_object", optional_blob(reading.layout_blob)},
                    {"alto_object", optional_blob(reading.alto_blob)},
                    {"fields", Json::parse(reading.fields, nullptr, false)}});
  }
  return list;
}

Json dossier_json(const DossierRecord& dossier) {
  Json items = Json::array();
  for (const ItemRecord& item : dossier.items) {
    items.push_back({{"item", item.number},
                     {"sequence", item.sequence},
                     {"doc_type", item.doc_type},
                     {"class", item.class_code},
                     {"title", item.title},
                     {"date", item.date},
                     {"pages_declared", item.pages_declared},
                     {"retention", item.retention}});
  }
  return {{"dossier", dossier.number},
          {"batch", dossier.batch},
          {"key", dossier.key},
          {"dossier_no", dossier.dossier_no},
          {"title", dossier.title},
          {"opened_by", dossier.opened_by},
          {"items", std::move(items)},
          {"merged_into", dossier.merged_into == 0 ? Json(nullptr) : Json(dossier.merged_into)}};
}

Json batch_json(const BatchRecord& batch, const BatchCounts& counts) {
  return {{"batch", batch.number},
          {"name", batch.name},
          {"key", batch.key},
          {"state", name_of(batch.state)},
          {"held_reason", batch.held_reason},
          {"pages_expected",
           batch.job_sheet.sheets == 0 ? Json(nullptr) : Json(batch.job_sheet.pages_expected())},
          {"opened_at", batch.opened_at},
          {"closed_at", batch.closed_at},
          {"report", optional_blob(batch.report_blob)},
          {"counts", counts_json(counts)}};
}

Json search_json(const SearchPage& result) {
  Json hits = Json::array();
  for (const FoundPage& found : result.found) {
    Json boxes = Json::array();
    for (const Quad& quad : found.hit.boxes) boxes.push_back(quad_json(quad));
    Json persons = Json::array();
    for (const PersonRecord& person : found.persons) persons.push_back(person.name);
    hits.push_back(
        {{"page", found.page.number},
         {"score", rounded(found.hit.score, 1000)},
         {"reason", found.hit.reason},
         {"snippet", found.hit.snippet},
         {"boxes", std::move(boxes)},
         {"picture", found.page.source_blob ? Json(found.page.source_blob->text()) : Json(nullptr)},
         {"replaced_by",
          found.page.replaced_by == 0 ? Json(nullptr) : Json(found.page.replaced_by)},
         {"source", found.page.source_name},
         {"page_in_file", found.page.occurrence.page_in_file},
         {"doc_type", found.page.doc_type},
         {"title", found.page.title},
         {"dossier", found.page.dossier},
         {"dossier_no", found.dossier_no},
         {"persons", std::move(persons)}});
  }
  Json facets = Json::object();
  for (const Facet& facet : result.answer.facets) {
    Json counts = Json::array();
    for (const FacetCount& one : facet.counts) {
      counts.push_back({{"value", one.value}, {"pages", one.pages}});
    }
    facets[facet.name] = std::move(counts);
  }
  Json json = {{"understood", result.answer.understood},
               {"estimated_total", result.answer.estimated_total},
               {"total_exact", result.answer.total_exact},
               {"complete", result.answer.complete},
               {"missing", result.answer.missing},
               {"waiting", result.waiting},
               {"ledger_entries", result.index_entries},
               {"next", result.answer.next},
               {"hits", std::move(hits)}};
  if (!facets.empty()) {
    json["facets"] = std::move(facets);
    json["facets_of"] = result.answer.facets_of;
  }
  return json;
}

}  // namespace archive
