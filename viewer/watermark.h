#pragma once

#include <string>

#include "core/pixels.h"
#include "viewer/iiif/image_request.h"

namespace archive {

/// Who looks, when, and the number of the entry that says so.
struct Watermark {
  std::string text;
  int rotation = 0;  ///< degrees that the paper lies turned clockwise in its image
};

/// Writes it over a piece of a picture that is so wide as a whole: slanting, again and again, at
/// the same places of the page whichever piece is asked for; so faint that what lies below can be
/// read. From any thread.
void write_over(Pixels& piece, const ImageRequest& request, int whole_width, int whole_height,
                const Watermark& mark);

}  // namespace archive
