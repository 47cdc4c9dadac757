#pragma once

#include "core/pixels.h"

namespace archive {

/// What there is on a page besides its letters, in the delivered image.
struct PageSurvey {
  double paper_level = 255;  ///< grey level of the bare paper, 0..255
  /// Share of the page that is ink: neither the dark surroundings of the sheet, nor
  /// punch holes, staples and specks, nor anything lighter than `ink_depth`.
  double ink_share = 0;
  bool dark_left = false, dark_top = false, dark_right = false, dark_bottom = false;
};

/// `ink_depth`: grey levels by which ink is darker than the paper around it, in the
/// colour channel that shows it best.
PageSurvey survey_page(const Pixels& page, double ink_depth);

}  // namespace archive
