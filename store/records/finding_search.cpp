#include "store/records/finding_search.h"

#include "store/records/records_impl.h"

namespace archive {

std::vector<DossierNumber> dossiers_with_open_finding(Records& records, std::string_view rule) {
  Rows rows = records.inside().database.query(
      "SELECT DISTINCT dossier FROM findings WHERE rule = $1 AND state = 'open' AND gone_at = '' "
      "ORDER BY dossier",
      {std::string(rule)});
  std::vector<DossierNumber> dossiers;
  while (rows.next()) dossiers.push_back(rows.integer());
  return dossiers;
}

}  // namespace archive
