#pragma once

#include <vector>

#include "core/pixels.h"

namespace archive {

/// A hairline from end to end of a sheet, as dirt under a scanner's glass draws it.
struct Streak {
  bool upright = true;  ///< runs along the columns of the picture, else along its rows
  int first = 0;        ///< first column, or row
  int last = 0;         ///< last one
};

/// The streaks of a grey picture: lines of at most half a millimetre (of A4) that are darker than
/// what lies beside them all along the sheet, its margins included, where no rule goes. At most 12;
/// a picture with more is no sheet with streaks, and has none.
std::vector<Streak> find_streaks(const Pixels& grey);

/// Takes streaks away. What shows through a grey one is brightened; under a black one, what is dark
/// on both sides stays dark.
void remove_streaks(Pixels& grey, const std::vector<Streak>& streaks);

}  // namespace archive
