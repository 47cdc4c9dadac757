#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "checks/overview.h"
#include "config/check_tables.h"
#include "core/records.h"
#include "store/records/records.h"

namespace archive {

/// Where a finding can be seen.
struct ReportedPlace {
  FindingPlace place;
  std::string source;       ///< name of the delivered file
  int page_in_file = 0;     ///< counted from 0
  std::optional<Quad> box;  ///< in pixels of the delivered image; nothing for a whole page
};

/// A finding with its words in both languages.
struct ReportedFinding {
  FindingRecord record;
  std::string name_zh, name_en;          ///< of the rule
  std::string sentence_zh, sentence_en;  ///< what is wrong, with the values as printed
  std::vector<ReportedPlace> places;
};

/// What a records manager is told about one dossier.
struct DossierReport {
  DossierRecord dossier;
  DossierOverview overview;
  std::vector<PersonRecord> persons;
  std::int64_t pages = 0;
  std::int64_t set_aside = 0;
  std::vector<ReportedFinding> findings;  ///< the gravest first

  std::int64_t count(Severity severity, FindingState state) const;
  /// Nothing is open but information.
  bool clean() const;
};

/// Throws ArchiveError{not_found} when there is no such dossier.
DossierReport dossier_report(const Records& records, const CheckTables& tables,
                             DossierNumber number);

ReportedFinding reported_finding(const Records& records, const CheckTables& tables,
                                 FindingRecord record);

// Keys are stable; new ones may be added.
nlohmann::ordered_json finding_json(const ReportedFinding& told);
nlohmann::ordered_json report_json(const DossierReport& report);

/// The first line of a CSV file of findings (RFC 4180), and the lines of a dossier.
std::string findings_csv_header();
std::string findings_csv(const DossierReport& report);

/// A page for a browser and for paper that needs nothing but itself: begin, each dossier, end.
std::string report_html_begin(bool chinese, const std::string& made_at);
std::string report_html(const DossierReport& report, const CheckTables& tables, bool chinese);
std::string report_html_end();

}  // namespace archive
