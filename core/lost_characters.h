#pragma once

#include <cstddef>
#include <string_view>

namespace archive {

/// How many characters of a text were lost on its way through other programs (R71): replacement
/// characters, characters of no alphabet (private use), and the remains of broken conversions among
/// Chinese characters, "社?;鸬" and "社??鸬". A single question mark is none.
std::size_t lost_characters(std::string_view utf8);

}  // namespace archive
