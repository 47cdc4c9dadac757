#pragma once

#include <string>
#include <string_view>

#include "core/page.h"

namespace archive {

/// What writes JPEG 2000 here, for the record of a conversion.
struct WritingTool {
  std::string_view name;
  std::string version;
};
WritingTool jp2_writing_tool();

/// The picture as a JP2 file (ISO/IEC 15444-1) without loss: reversible wavelet and colours, one
/// bit where the page was delivered with one, its resolution in a box of its own. By OpenJPEG.
/// Throws std::runtime_error when the library refuses.
std::string jp2_of(const PageImage& page);

}  // namespace archive
