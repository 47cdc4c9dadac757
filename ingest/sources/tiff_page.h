#pragma once

#include "ingest/sources/complaints.h"
#include "ingest/sources/source_reader.h"

struct tiff;  // libtiff's handle

namespace archive {

/// Where libtiff's words go while a page is read.
struct TiffEar {
  Complaints complaints;
  int errors = 0;
};

/// The page of the directory `file` stands at. Complaints of libtiff arrive in `ear`
/// meanwhile. An error that ends decoding after a part of the page leaves the rest white
/// and says "partial:"; so does one that libtiff itself went on from (bad fax rows).
DecodedPage decode_tiff_page(tiff* file, Bytes bytes, const DecodeLimits& limits, TiffEar& ear);

}  // namespace archive
