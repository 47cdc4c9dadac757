#pragma once

#include <string>
#include <string_view>

// What a PDF/A-2 file (ISO 19005-2) has beside its pages.

namespace archive {

/// A colour profile of sRGB (ICC.1:2001-04, version 2.1): matrix and gamma 2.2.
std::string srgb_profile();

/// The metadata packet (XMP) that says PDF/A-2b, with the same title and producer as the document's
/// information.
std::string xmp_of_pdfa(std::string_view title, std::string_view producer);

}  // namespace archive
