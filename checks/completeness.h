#pragma once

#include <string>
#include <vector>

#include "checks/volume.h"
#include "config/must_haves.h"

namespace archive {

/// A paper that a dossier should hold and does not.
struct LackingPaper {
  const Business* business = nullptr;
  const MustHave* paper = nullptr;
  const CatalogueRow* row = nullptr;  ///< the row that names it, although its pages are not there
  std::vector<const PageFact*> unreadable =
      {};  ///< pages of it that nobody could read; else absent
};

/// The businesses that left their papers in a dossier, told by its title, else by its principal
/// papers, present or named by the catalogue.
std::vector<const Business*> businesses_of(const DossierView& dossier, const Volume& volume,
                                           const CheckTables& tables);

/// What its businesses need and it lacks: mandatory papers, and conditional ones whose condition
/// holds by the values of the dossier.
std::vector<LackingPaper> lacking_papers(const DossierView& dossier, const Volume& volume,
                                         const CheckTables& tables);

}  // namespace archive
