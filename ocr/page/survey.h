#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// What there is on a page besides its letters, in the delivered image. Ink is what is
/// darker than the paper around it, in the colour channel that shows it best; not the
/// dark surroundings of the sheet, punch holes, staples and specks.
struct PageSurvey {
  double ink_share = 0;    ///< of the page's area
  std::vector<Box> marks;  ///< pieces of ink of about the size of a character
  bool dark_left = false, dark_top = false, dark_right = false, dark_bottom = false;
  Pixels depth;  ///< coarse: grey levels that the page is darker than its paper
  Pixels small;  ///< the page itself, as coarse
};

PageSurvey survey_page(const Pixels& page);

/// PageSurvey::ink_share without what is faint, such as print of the back.
double deep_ink_share(const PageSurvey& survey);

}  // namespace archive
