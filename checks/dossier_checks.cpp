#include "checks/dossier_checks.h"

#include <utility>

#include "checks/rule_groups.h"

namespace archive {

std::vector<Finding> check_dossier(const DossierFacts& dossier, const CheckTables& tables,
                                   const std::vector<ListedRecord>& listed) {
  const DossierView view(dossier);
  const Volume volume(view, tables);
  const std::vector<LackingPaper> lacking = lacking_papers(view, volume, tables);
  Findings findings(tables.rules);
  check_completeness(view, volume, lacking, tables, findings);
  check_volume(view, volume, lacking, tables, findings);
  check_sheets(view, volume, tables, findings);
  check_pages(view, volume, tables, findings);
  check_lists(view, listed, tables, findings);
  return std::move(findings).take();
}

}  // namespace archive
