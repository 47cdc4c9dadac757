#pragma once

#include "checks/completeness.h"
#include "checks/dossier_view.h"
#include "checks/findings.h"
#include "checks/subject.h"
#include "checks/volume.h"
#include "config/check_tables.h"
#include "core/comparison_list.h"
#include "core/voucher.h"

// The groups of rules, a source file each. What a rule demands stands in docs/CHECKS.md and in
// config/checks/rules.csv; where it comes from, in the table's last columns.

namespace archive {

void check_numbers(const Subject&, Findings&);   // V01-V07
void check_persons(const Subject&, Findings&);   // X01-X06, X50
void check_formulas(const Subject&, Findings&);  // sums.csv and the like
/// X10-X20, X26, X29; X19 also against the vouchers of other dossiers.
void check_contributions(const Subject&, const std::vector<VoucherFact>& elsewhere, Findings&);
void check_arrears(const Subject&, Findings&);      // X18, X28
void check_transfer(const Subject&, Findings&);     // X21-X25b
void check_pension(const Subject&, Findings&);      // X30-X36
void check_benefits(const Subject&, Findings&);     // X37-X39d
void check_hooking(const DossierView&, Findings&);  // Q20
/// R38: `listed` is what comparison lists say about the persons and employers of the dossier.
void check_lists(const DossierView&, const std::vector<ListedRecord>& listed, const CheckTables&,
                 Findings&);

using Lacking = std::vector<LackingPaper>;
/// Numbers of pages, catalogue and counts: X40, X41, X43, X44. What `lacking` says is left out.
void check_volume(const DossierView&, const Volume&, const Lacking&, const CheckTables&, Findings&);
/// X42, X45, X46, X60, X70, X71.
void check_sheets(const DossierView&, const Volume&, const CheckTables&, Findings&);
/// Q10, Q18, pages scanned twice, misfiled pages.
void check_pages(const DossierView&, const Volume&, const CheckTables&, Findings&);
/// must_have.csv
void check_completeness(const DossierView&, const Volume&, const Lacking&, const CheckTables&,
                        Findings&);

}  // namespace archive
