#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/page/seals.h"

namespace archive {

/// The plane without the ink of its seals, round or rectangular, as far as it can be told from
/// print, so that text is found where print runs and not where a ring runs. Coloured ink is light
/// where the page is seen in light of its colour; so is what a pen wrote in that colour under it.
/// On a grey page a seal is lighter than print: inside it, what is no darker than its frame becomes
/// paper. Where it is as dark, and on bilevel pages, its frame is taken out, but for strokes that
/// cross it, and the characters along a ring that touch nothing else. This is for finding text;
/// some print is lost, so text is read on the plane itself.
/// REQUIRES: `plane` has one channel and the size of `page`, and `seals` are in its pixels.
Pixels without_seal_ink(const Pixels& plane, const Pixels& page,
                        const std::vector<SealOutline>& seals);

/// Whether a place lies where a seal has its characters and its frame: along a ring, or anywhere
/// in a rectangle.
bool is_on_inscription(const SealOutline& seal, Point place);

}  // namespace archive
