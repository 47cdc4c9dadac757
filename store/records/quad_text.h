#pragma once

#include <string>
#include <string_view>

#include "core/geometry.h"

namespace archive {

/// A quad as "x,y x,y x,y x,y" in tenths of a pixel at most ("12.5,3 ..."); the quad
/// whose corners are all at the origin, which stands for "no place known", is "".
std::string quad_text(const Quad& quad);

/// Throws ArchiveError{records} for any other text.
Quad parse_quad(std::string_view text);

}  // namespace archive
