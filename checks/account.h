#pragma once

#include <vector>

#include "checks/findings.h"
#include "checks/statement.h"

namespace archive {

/// X11 and X20 on the statements of the personal account.
void check_account(const std::vector<Statement>& statements, const CheckTables& tables,
                   const Subject& subject, Findings& findings);

/// X12 on their months: gaps and overlaps.
void check_months(const std::vector<Statement>& statements, const CheckTables& tables,
                  const Subject& subject, Findings& findings);

}  // namespace archive
