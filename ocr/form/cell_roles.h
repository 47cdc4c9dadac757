#pragma once

#include <vector>

#include "ocr/form/cells.h"

namespace archive::form {

enum class Role {
  value,  ///< filled in, or to be filled in
  label,
  heading,  ///< a label whose values stand below it
  mixed,    ///< labels and their values in one cell
};

/// What each cell of a page is for.
struct CellRoles {
  std::vector<Role> role;
  std::vector<double> sureness;  ///< 0..1
  std::vector<int> heading;      ///< of a value in a column, or -1

  Role of(int cell) const { return role[static_cast<std::size_t>(cell)]; }
  bool is_label(int cell) const { return of(cell) == Role::label || of(cell) == Role::heading; }
};

/// Told by what a cell says, how it is set, and what stands beside, above and below it.
CellRoles roles_of(const Cells& cells, const Blocks& blocks, const LabelHits& hits,
                   const LabelBook& book);

}  // namespace archive::form
