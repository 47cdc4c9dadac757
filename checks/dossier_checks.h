#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/check_tables.h"
#include "core/comparison_list.h"
#include "core/facts.h"
#include "core/finding.h"
#include "core/voucher.h"

namespace archive {

/// What is missing or contradictory in a dossier, and nothing else: every rule of
/// config/checks/rules.csv that one dossier can answer. Pure: the same facts and tables give the
/// same findings in the same order (volume first, then by page). No value is ever changed (R43),
/// a reference that the tables lack gives no finding (R55), and values that a person is still to
/// look at are not compared.
///
/// `listed` is what comparison lists say about those in list_keys(), `elsewhere` the vouchers of
/// other dossiers that bear a number of this one's (checks/vouchers.h).
std::vector<Finding> check_dossier(const DossierFacts& dossier, const CheckTables& tables,
                                   const std::vector<ListedRecord>& listed = {},
                                   const std::vector<VoucherFact>& elsewhere = {});

/// Raised with every change by which check_dossier() finds something else in the same facts with
/// the same tables: what an older program checked is checked again.
constexpr int kRulesRevision = 2;

/// The citizen numbers and credit codes that a dossier names without doubt.
std::set<std::string> list_keys(const DossierFacts& dossier);

}  // namespace archive
