#include "checks/dossier_checks.h"

#include <utility>

#include "checks/rule_groups.h"

namespace archive {

std::vector<Finding> check_dossier(const DossierFacts& dossier, const CheckTables& tables,
                                   const std::vector<ListedRecord>& listed) {
  const DossierView view(dossier);
  Findings findings(tables.rules);
  check_lists(view, listed, tables, findings);
  return std::move(findings).take();
}

}  // namespace archive
