#pragma once

#include <optional>
#include <vector>

#include "checks/volume.h"

namespace archive {

/// What is wrong with the page numbers of a catalogue, measured by its other rows and by the
/// pages that are there.
struct CatalogueFit {
  struct WrongRow {
    const CatalogueRow* row = nullptr;
    std::optional<PageRange> expected;  ///< nothing when several numbers would do
  };
  std::vector<WrongRow> wrong;
  std::vector<PageRange> unclaimed;  ///< numbers of the volume that no row has, between two rows
  bool complete = false;  ///< every row is believed and right, and together they have all numbers
};

/// The fewest rows whose numbers must be wrong for the rest to follow one another (X44).
CatalogueFit fit_of_catalogue(const Volume& volume);

}  // namespace archive
