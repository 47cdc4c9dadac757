#pragma once

#include <optional>
#include <string>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// A patch code: four parallel bars, two of them wide, that tell a scanner where a
/// document ends. Wide bars are 0.20 inch, narrow bars and all spaces 0.08 inch, 0.80
/// inch in all and at least 2 inches long (Kodak; figures as published by makers of
/// readers). Which two are wide is the code:
///
///     1 wide wide narrow narrow    4 narrow wide wide narrow
///     2 wide narrow narrow wide    6 narrow narrow wide wide
///     3 wide narrow wide narrow    T narrow wide narrow wide
///
/// Read from the far side a code looks like another one (1 and 6, 3 and T), so bars are
/// read from the edge of the page they lie nearer to, as a feeder meets them.
struct PatchCode {
  char name = 'T';
  Quad quad;
};

/// REQUIRES: one channel. `dpi` must be right within a fifth. Bars may lie along either
/// side of the page and up to 3 degrees askew.
std::optional<PatchCode> find_patch_code(const Pixels& grey, double dpi);

}  // namespace archive
