#pragma once

#include <string>

#include "core/layout.h"

namespace archive {

/// The text of a page in reading order, a line of print a line, as running_text() has it.
/// Several pages are parted by a form feed.
std::string plain_text_of(const PageLayout& page);

}  // namespace archive
