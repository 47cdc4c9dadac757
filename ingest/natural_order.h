#pragma once

#include <string_view>

namespace archive {

/// The order in which people number things: page2 before page10, "a/2" before "a/10".
/// Runs of digits compare as numbers of any length, the rest byte by byte; when two
/// names differ only in leading zeros the shorter one comes first, so that the order
/// is total.
bool natural_less(std::string_view left, std::string_view right);

}  // namespace archive
