#pragma once

#include <string>

#include "core/pixels.h"

namespace archive {

/// Whether a picture has nothing but black (0) and white (255).
bool is_bilevel(const Pixels& pixels);

/// A bilevel picture as Group 4 fax (ITU-T T.6), which PDF calls CCITTFaxDecode with K = -1:
/// about a tenth of what other lossless codes need for a page of text. Ends with an EOFB.
/// REQUIRES: one channel; every value below 128 is taken for black.
std::string group4(const Pixels& pixels);

}  // namespace archive
