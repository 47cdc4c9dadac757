#pragma once

#include <vector>

#include "core/page.h"

namespace archive {

/// Reads the machine codes on a delivered page: Code 128, Code 39, ITF, EAN, QR and
/// Data Matrix by zxing-cpp, patch codes by our own reader. Finds codes turned by quarter
/// turns and lying a few degrees askew; several on a page come in the order top to bottom.
///
/// Most pages have no code, so a page is first looked at from afar; only one that shows
/// parallel bars is looked at closely. `dpi` 0: guessed from the size of the picture.
/// Quads are in pixels of `image`. Pure, thread-safe.
std::vector<MachineCode> find_codes(const Pixels& image, double dpi);

}  // namespace archive
