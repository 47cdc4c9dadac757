#pragma once

#include <optional>
#include <vector>

#include "checks/contribution_rows.h"
#include "checks/dossier_view.h"
#include "checks/subject.h"

namespace archive {

/// A page of a personal-account statement 个人账户对账单 (DT11): a year, a row a month.
struct Statement {
  const PageFact* page = nullptr;
  std::optional<int> year;
  Read<Money> open, paid, interest, close;
  std::vector<ContributionRow> rows;
  std::vector<Read<Money>> balances;  ///< one a row
};

/// The statements of the dossier's person, by year, each once however often it was copied. Months
/// that break the order of their rows and fit between their neighbours were misread and are put
/// right here.
std::vector<Statement> statements_of(const DossierView& view, const Subject& subject);

}  // namespace archive
