#include "ingest/batch_report.h"

#include <nlohmann/json.hpp>

#include "store/records/counts_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json job_sheet_json(const JobSheet& sheet) {
  if (sheet.sheets == 0) return nullptr;
  return {{"sheets", sheet.sheets},
          {"sides", sheet.sides},
          {"operator", sheet.operator_name},
          {"scanner", sheet.scanner},
          {"dpi", sheet.dpi},
          {"pages_expected", sheet.pages_expected()}};
}

Json place(const PageRecord& page) {
  return {{"page", page.number},
          {"file", page.source_name},
          {"page_in_file", page.occurrence.page_in_file}};
}

}  // namespace

std::string batch_report(const Records& records, const BatchRecord& batch) {
  Json report = {{"report", "juanzong batch report"},
                 {"version", 1},
                 {"batch", batch.name},
                 {"number", batch.number},
                 {"opened_at", batch.opened_at},
                 {"job_sheet", job_sheet_json(batch.job_sheet)},
                 {"counts", counts_json(records.counts(batch.number))},
                 {"set_aside", Json::array()},
                 {"for_review", Json::array()},
                 {"repeats", Json::array()},
                 {"dossiers", Json::array()}};
  for (const PageRecord& page : records.pages(batch.number)) {
    if (page.fault) {
      Json row = place(page);
      row["stage"] = name_of(page.fault->stage);
      row["reason"] = name_of(page.fault->reason);
      row["detail"] = page.fault->detail;
      report["set_aside"].push_back(std::move(row));
    } else if (!page.review_reasons.empty()) {
      Json row = place(page);
      row["reasons"] = page.review_reasons;
      report["for_review"].push_back(std::move(row));
    }
  }
  for (const SourceRecord& source : records.sources(batch.number)) {
    if (source.repeat_of == 0) continue;
    report["repeats"].push_back(
        {{"file", source.name}, {"same_bytes_as_source", source.repeat_of}});
  }
  for (const DossierRecord& dossier : records.dossiers(batch.number)) {
    report["dossiers"].push_back({{"dossier", dossier.number},
                                  {"key", dossier.key},
                                  {"opened_by", dossier.opened_by},
                                  {"items", dossier.items.size()}});
  }
  return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string reason_to_hold(const JobSheet& sheet, const BatchCounts& counts) {
  if (sheet.sheets == 0 || sheet.pages_expected() == counts.occurrences) return {};
  return "job sheet: " + std::to_string(sheet.pages_expected()) + " pages expected, " +
         std::to_string(counts.occurrences) + " handed in";
}

}  // namespace archive
