#pragma once

#include "checks/dossier_view.h"
#include "checks/findings.h"
#include "config/check_tables.h"

// The groups of rules, a source file each. What a rule demands stands in docs/CHECKS.md and in
// config/checks/rules.csv; where it comes from, in the table's last columns.

namespace archive {

void check_numbers(const DossierView&, const CheckTables&, Findings&);        // V01-V07
void check_persons(const DossierView&, const CheckTables&, Findings&);        // X01-X06, X50
void check_formulas(const DossierView&, const CheckTables&, Findings&);       // sums.csv and the like
void check_contributions(const DossierView&, const CheckTables&, Findings&);  // X10-X20, X26, X29
void check_arrears(const DossierView&, const CheckTables&, Findings&);        // X18, X28
void check_transfer(const DossierView&, const CheckTables&, Findings&);       // X21-X25b
void check_pension(const DossierView&, const CheckTables&, Findings&);        // X30-X36
void check_benefits(const DossierView&, const CheckTables&, Findings&);       // X37-X39d
void check_volume(const DossierView&, const CheckTables&, Findings&);         // X40-X46, X60-X71
void check_pages(const DossierView&, const CheckTables&, Findings&);  // Q10, Q18, misfiled, twice
void check_completeness(const DossierView&, const CheckTables&, Findings&);  // must_have.csv

}  // namespace archive
