#pragma once

#include <cstddef>

#include "core/page.h"

namespace archive {

/// Where a character of a line stands, in the pixels of the line's quad: around its centre,
/// half way to its neighbours and at most as long as the line is thick.
/// REQUIRES: index < line.chars.size().
Quad place_of(const TextLine& line, std::size_t index);

}  // namespace archive
