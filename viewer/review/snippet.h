#pragma once

#include <span>
#include <string>

#include "core/geometry.h"
#include "core/typed_value.h"
#include "viewer/iiif/rendering.h"

namespace archive {

/// Whole pixels around a quad, on a picture of this size; at least one pixel.
PixelBox pixel_box_of(const Quad& quad, int picture_width, int picture_height);

/// How much of the page around a value is cut out with it, as a part of its height.
struct SnippetMargin {
  double across = 0, down = 0;
};
inline constexpr SnippetMargin kMarginForOffice{1.5, 0.6};
/// Contractors see the value and hardly its edge (allow-list: nothing else of the page).
inline constexpr SnippetMargin kMarginForContractor{0.15, 0.15};

/// The picture of one value, upright for a page that lies turned by `rotation`, at most as large
/// as kSnippetSide. Whatever of `covered` lies outside the box itself is painted over.
inline constexpr int kSnippetSide = 1'600;
Pixels snippet_of(const PicturePyramid& picture, const PixelBox& box, int rotation,
                  const SnippetMargin& margin, std::span<const PixelBox> covered);

}  // namespace archive
