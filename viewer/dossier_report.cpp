#include "viewer/dossier_report.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "viewer/html.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

/// The pages of a dossier by number, and those of other dossiers that its findings name.
using Pages = std::map<PageNumber, PageRecord>;

Pages pages_of(const Records& records, DossierNumber dossier) {
  Pages pages;
  for (PageRecord& page : records.pages_of_dossier(dossier)) {
    const PageNumber number = page.number;
    pages.emplace(number, std::move(page));
  }
  return pages;
}

void add_named_pages(const Records& records, const Finding& finding, Pages& pages) {
  for (const FindingPlace& place : finding.places) {
    if (pages.contains(place.page)) continue;
    if (auto page = records.page(place.page)) pages.emplace(place.page, *std::move(page));
  }
}

std::optional<Quad> box_of(const PageRecord& page, const FindingPlace& place) {
  if (place.field.empty()) return std::nullopt;
  const auto field = std::ranges::find_if(page.fields, [&place](const FieldRecord& known) {
    return known.field == place.field && known.row == place.row;
  });
  if (field == page.fields.end()) return std::nullopt;
  return field->quad;
}

ReportedFinding reported(FindingRecord record, const CheckTables& tables, const Pages& pages) {
  ReportedFinding told;
  const Finding& finding = record.finding;
  const auto page_name = [](PageNumber number) { return std::to_string(number); };
  // A rule that an office took out since then still has its number.
  const CheckRule* rule = tables.rules.rule(finding.rule, finding.variant);
  told.name_zh = rule == nullptr ? finding.rule : rule->name_zh;
  told.name_en = rule == nullptr ? finding.rule : rule->name_en;
  told.sentence_zh = rule == nullptr ? "" : sentence_of(rule->zh, finding, page_name);
  told.sentence_en = rule == nullptr ? "" : sentence_of(rule->en, finding, page_name);
  for (const FindingPlace& place : finding.places) {
    const auto page = pages.find(place.page);
    if (page == pages.end()) continue;
    told.places.push_back({place, page->second.source_name, page->second.occurrence.page_in_file,
                           box_of(page->second, place)});
  }
  told.record = std::move(record);
  return told;
}

Json box_json(const std::optional<Quad>& box) {
  if (!box) return nullptr;
  Json corners = Json::array();
  for (const Point& corner : box->corners) corners.push_back({corner.x, corner.y});
  return corners;
}

}  // namespace

std::int64_t DossierReport::count(Severity severity, FindingState state) const {
  return std::ranges::count_if(findings, [&](const ReportedFinding& told) {
    return told.record.finding.severity == severity && told.record.state == state;
  });
}

bool DossierReport::clean() const {
  return count(Severity::error, FindingState::open) == 0 &&
         count(Severity::warn, FindingState::open) == 0;
}

DossierReport dossier_report(const Records& records, const CheckTables& tables,
                             DossierNumber number) {
  auto dossier = records.dossier(number);
  if (!dossier) {
    throw ArchiveError(ErrorKind::not_found, std::to_string(number),
                       "there is no dossier of this number",
                       "`juanzong check` lists the dossiers with their numbers");
  }
  DossierReport report;
  report.dossier = std::move(*dossier);
  report.persons = records.persons_of_dossier(number);
  if (const auto facts = records.facts(number)) report.overview = overview_of(*facts, tables);
  Pages pages = pages_of(records, number);
  report.pages = static_cast<std::int64_t>(pages.size());
  report.set_aside = std::ranges::count_if(
      pages, [](const auto& page) { return page.second.state == PageState::set_aside; });
  for (FindingRecord& record : records.findings(number)) {
    add_named_pages(records, record.finding, pages);
    report.findings.push_back(reported(std::move(record), tables, pages));
  }
  std::ranges::stable_sort(report.findings, std::greater{}, [](const ReportedFinding& told) {
    return std::pair(told.record.state == FindingState::open, told.record.finding.severity);
  });
  return report;
}

ReportedFinding reported_finding(const Records& records, const CheckTables& tables,
                                 FindingRecord record) {
  Pages pages = pages_of(records, record.dossier);
  add_named_pages(records, record.finding, pages);
  return reported(std::move(record), tables, pages);
}

nlohmann::ordered_json finding_json(const ReportedFinding& told) {
  const FindingRecord& record = told.record;
  Json places = Json::array();
  for (const ReportedPlace& place : told.places) {
    places.push_back({{"page", place.place.page},
                      {"source", place.source},
                      {"page_in_file", place.page_in_file},
                      {"field", place.place.field},
                      {"row", place.place.row < 0 ? Json(nullptr) : Json(place.place.row)},
                      {"printed", place.place.printed},
                      {"quad", box_json(place.box)}});
  }
  return {{"finding", record.number},
          {"rule", record.finding.rule},
          {"variant", record.finding.variant},
          {"severity", name_of(record.finding.severity)},
          {"state", name_of(record.state)},
          {"name", {{"zh", told.name_zh}, {"en", told.name_en}}},
          {"sentence", {{"zh", told.sentence_zh}, {"en", told.sentence_en}}},
          {"places", std::move(places)},
          {"expected", record.finding.expected},
          {"persons", record.finding.persons},
          {"reason", record.reason},
          {"decided_by", record.decided_by},
          {"decided_at", record.decided_at},
          {"found_at", record.found_at}};
}

Json overview_json(const DossierOverview& overview) {
  Json papers = Json::array();
  for (const PaperPresence& paper : overview.papers) {
    papers.push_back({{"business", paper.business_zh},
                      {"doc_types", paper.doc_types},
                      {"mandatory", paper.need == Need::mandatory},
                      {"state", name_of(paper.state)},
                      {"pages", paper.pages}});
  }
  Json years = Json::array();
  for (const ContributionYear& year : overview.years) {
    years.push_back({{"year", year.year},
                     {"months", year.months},
                     {"told", year.told ? Json(*year.told) : Json(nullptr)}});
  }
  const auto groups_json = [](const std::vector<ContentPages>& groups) {
    Json list = Json::array();
    for (const ContentPages& group : groups) {
      list.push_back({{"id", group.id},
                      {"name", {{"zh", group.name_zh}, {"en", group.name_en}}},
                      {"pages", group.pages}});
    }
    return list;
  };
  return {{"businesses", overview.businesses_zh},
          {"scopes", groups_json(overview.scopes)},
          {"record_contents", groups_json(overview.records)},
          {"papers", std::move(papers)},
          {"contribution_years", std::move(years)}};
}

nlohmann::ordered_json report_json(const DossierReport& report) {
  Json findings = Json::array();
  for (const ReportedFinding& told : report.findings) findings.push_back(finding_json(told));
  Json persons = Json::array();
  for (const PersonRecord& person : report.persons) {
    persons.push_back(
        {{"person", person.number}, {"name", person.name}, {"id", person.citizen_id}});
  }
  return {{"dossier", report.dossier.number},
          {"batch", report.dossier.batch},
          {"dossier_no", report.dossier.dossier_no},
          {"title", report.dossier.title},
          {"persons", std::move(persons)},
          {"pages", report.pages},
          {"set_aside", report.set_aside},
          {"clean", report.clean()},
          {"overview", overview_json(report.overview)},
          {"findings", std::move(findings)}};
}

std::string findings_csv_header() {
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return "\xEF\xBB\xBF"
         "dossier,dossier_no,finding,rule,variant,severity,state,pages,printed,expected,zh,en,"
         "reason,decided_by,decided_at\r\n";
}

std::string findings_csv(const DossierReport& report) {
  std::string lines;
  for (const ReportedFinding& told : report.findings) {
    std::string pages;
    for (const ReportedPlace& place : told.places) {
      pages += (pages.empty() ? "" : "; ") + std::to_string(place.place.page) + ": " +
               place.source + " #" + std::to_string(place.page_in_file + 1);
    }
    const Finding& finding = told.record.finding;
    const std::vector<std::string> cells = {
        std::to_string(report.dossier.number),
        report.dossier.dossier_no,
        std::to_string(told.record.number),
        finding.rule,
        finding.variant,
        std::string(name_of(finding.severity)),
        std::string(name_of(told.record.state)),
        pages,
        finding.places.empty() ? "" : finding.places.front().printed,
        finding.expected,
        told.sentence_zh,
        told.sentence_en,
        told.record.reason,
        told.record.decided_by,
        told.record.decided_at};
    for (std::size_t i = 0; i < cells.size(); ++i)
      lines += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    lines += "\r\n";
  }
  return lines;
}

}  // namespace archive
