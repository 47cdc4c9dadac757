#include "checks/dossier_checks.h"

#include <algorithm>
#include <map>
#include <utility>

#include "checks/rule_groups.h"

namespace archive {
namespace {

/// What is absent and has no place first, then by the delivered order of the page to open.
void put_in_order(std::vector<Finding>& findings, const DossierFacts& dossier) {
  std::map<PageNumber, std::size_t> delivered;
  for (const PageFact& page : dossier.pages) delivered.emplace(page.number, delivered.size() + 1);
  const auto place = [&delivered](const Finding& finding) -> std::size_t {
    if (finding.places.empty()) return 0;
    const auto found = delivered.find(finding.places.front().page);
    return found == delivered.end() ? 0 : found->second;
  };
  std::ranges::stable_sort(findings, {}, place);
}

/// Deemed months without their confirmation (DT21) are seen by X15, which shows where they stand,
/// and by must_have, which knows of the catalogue and of pages that nobody could read. The one that
/// says more is kept.
void say_once(std::vector<Finding>& findings) {
  const auto paper = std::ranges::find_if(findings, [](const Finding& finding) {
    return finding.rule == "must_have" && finding.expected == "DT21";
  });
  const auto months = std::ranges::find(findings, "X15", &Finding::rule);
  if (paper == findings.end() || months == findings.end()) return;
  const bool knows_more = paper->variant == "listed" || paper->variant == "unreadable";
  findings.erase(knows_more ? months : paper);
}

}  // namespace

std::vector<Finding> check_dossier(const DossierFacts& dossier, const CheckTables& tables,
                                   const std::vector<ListedRecord>& listed,
                                   const std::vector<VoucherFact>& elsewhere) {
  const DossierView view(dossier);
  const Subject subject(view, tables);
  const Volume volume(subject);
  const std::vector<LackingPaper> lacking = lacking_papers(view, volume, tables);
  Findings findings(tables.rules);
  check_completeness(view, volume, lacking, tables, findings);
  check_volume(view, volume, lacking, tables, findings);
  check_sheets(view, volume, tables, findings);
  check_pages(view, volume, tables, findings);
  check_numbers(subject, findings);
  check_persons(subject, findings);
  check_formulas(subject, findings);
  check_contributions(subject, elsewhere, findings);
  check_arrears(subject, findings);
  check_transfer(subject, findings);
  check_pension(subject, findings);
  check_benefits(subject, findings);
  check_hooking(view, findings);
  check_lists(view, listed, tables, findings);
  std::vector<Finding> found = std::move(findings).take();
  say_once(found);
  put_in_order(found, dossier);
  return found;
}

}  // namespace archive
