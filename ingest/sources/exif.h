#pragma once

#include "ingest/sources/source_reader.h"

namespace archive {

/// The few words of EXIF that concern how a picture is to be laid on a table.
struct ExifFacts {
  int orientation = 1;  ///< 1 to 8, see turn_upright()
  double dpi_x = 0;     ///< 0 when it does not say
  double dpi_y = 0;
};

/// Reads the first directory of an EXIF block, which is a small TIFF (EXIF 2.3, 4.6).
/// Never fails: what cannot be read keeps its default.
ExifFacts read_exif(Bytes tiff);

}  // namespace archive
