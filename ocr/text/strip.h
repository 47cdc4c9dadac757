#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// A line of text cut out of its page, turned level and brought to one height, as
/// the three equal colour planes that the networks want: values -1 (black) to 1.
struct Strip {
  int width = 0;
  int height = 0;
  std::vector<float> planes;
};

/// Cuts `quad` out of a page as a picture of `width` columns and `height` rows, with the page's
/// channels. REQUIRES: width and height are at least 1.
Pixels cut_picture(const Pixels& page, const Quad& quad, int width, int height);

/// Cuts `quad` out of a grey page to `height` rows and `width` columns.
/// REQUIRES: `grey` has one channel; width and height are at least 1.
Strip cut_strip(const Pixels& grey, const Quad& quad, int width, int height);

}  // namespace archive
