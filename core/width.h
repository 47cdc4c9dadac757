#pragma once

#include <string>
#include <string_view>

namespace archive {

/// Full-width digits, letters and signs (U+FF01..FF5E) and the ideographic space as
/// their ASCII twins; the yen sign ￥ as ¥. Every other character stays.
char32_t half_width(char32_t c);
std::string half_width(std::string_view text);

}  // namespace archive
