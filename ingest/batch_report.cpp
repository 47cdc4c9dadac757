#include "ingest/batch_report.h"

#include <map>
#include <nlohmann/json.hpp>

#include "store/records/counts_json.h"
#include "store/records/quality_json.h"

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

/// How many pages have which verdict, and those that a person must go back to the paper for.
class QualityPart {
 public:
  explicit QualityPart(const QualityRules& rules) : rules_(rules) {}

  void add(const PageRecord& page) {
    if (!page.quality) {
      ++not_measured_;
      return;
    }
    const Verdict verdict = page.quality->verdict;
    ++pages_[std::string(name_of(verdict))];
    for (const QualityFinding& finding : page.quality->findings) ++by_rule_[finding.rule];
    if (verdict == Verdict::accept) return;
    Json row = place(page);
    row["findings"] = quality_json(*page.quality, &rules_)["findings"];
    (verdict == Verdict::rescan ? rescan_ : look_).push_back(std::move(row));
  }

  Json json() && {
    return {{"pages", pages_},
            {"not_measured", not_measured_},
            {"by_rule", by_rule_},
            {"rescan", std::move(rescan_)},
            {"look", std::move(look_)}};
  }

 private:
  const QualityRules& rules_;
  std::map<std::string, std::int64_t> pages_;
  std::map<std::string, std::int64_t> by_rule_;
  std::int64_t not_measured_ = 0;
  Json rescan_ = Json::array();
  Json look_ = Json::array();
};

}  // namespace

std::string batch_report(const Records& records, const BatchRecord& batch,
                         const QualityRules& rules) {
  Json report = {{"report", "juanzong batch report"},
                 {"version", 1},
                 {"batch", batch.name},
                 {"number", batch.number},
                 {"opened_at", batch.opened_at},
                 {"category", batch.job_sheet.category},
                 {"job_sheet", job_sheet_json(batch.job_sheet)},
                 {"counts", counts_json(records.counts(batch.number))},
                 {"set_aside", Json::array()},
                 {"replaced", Json::array()},
                 {"for_review", Json::array()},
                 {"quality", Json::object()},
                 {"repeats", Json::array()},
                 {"dossiers", Json::array()}};
  QualityPart quality(rules);
  for (const PageRecord& page : records.pages(batch.number)) {
    if (page.replaced_by != 0) {
      Json row = place(page);
      row["replaced_by"] = page.replaced_by;
      report["replaced"].push_back(std::move(row));
      continue;
    }
    quality.add(page);
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
  report["quality"] = std::move(quality).json();
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
  if (sheet.sheets == 0 || sheet.pages_expected() == counts.occurrences - counts.replaced) {
    return {};
  }
  return "job sheet: " + std::to_string(sheet.pages_expected()) + " pages expected, " +
         std::to_string(counts.occurrences - counts.replaced) + " handed in";
}

}  // namespace archive
