#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.h"
#include "core/page.h"
#include "core/result.h"

// Readers of image files. They run in the sandboxed child only and are never linked
// into the program that holds the archive; each library stands behind one .cpp file.

namespace archive {

/// The bytes of one file, lent for as long as its reader lives.
using Bytes = std::span<const std::uint8_t>;

/// What one file may cost. Checked against what a header announces, before a pixel
/// is touched.
struct DecodeLimits {
  std::uint64_t pixels_max = 0;
  int pages_max = 0;
  int render_dpi = 300;
};

using DecodedPage = Result<PageImage, PageFault>;

/// An open file of one or more pages. The result of page() is upright by the file's own
/// orientation tag; its `occurrence` and `source_name` are left alone.
class SourceReader {
 public:
  virtual ~SourceReader() = default;

  virtual int pages() const = 0;
  /// REQUIRES: 0 <= page_in_file < pages().
  virtual DecodedPage page(int page_in_file) = 0;
  /// Complaints about the file as a whole.
  virtual std::vector<std::string> warnings() const { return {}; }
};

using OpenedSource = Result<std::unique_ptr<SourceReader>, PageFault>;

OpenedSource open_tiff(Bytes bytes, const DecodeLimits& limits);
OpenedSource open_pdf(Bytes bytes, const DecodeLimits& limits);
DecodedPage decode_jpeg(Bytes bytes, const DecodeLimits& limits);
DecodedPage decode_png(Bytes bytes, const DecodeLimits& limits);
DecodedPage decode_bmp(Bytes bytes, const DecodeLimits& limits);
DecodedPage decode_jp2(Bytes bytes, const DecodeLimits& limits);

/// The reader for a kind of file. SourceKind::other is a fault.
OpenedSource open_source(SourceKind kind, Bytes bytes, const DecodeLimits& limits);

/// Loads what the PDF reader needs of the system's font tables. Called once, before
/// the sandbox closes.
void prepare_fonts();

/// A JPEG as it lies in a PDF: whether its values are inverted says the PDF's Decode
/// array and not the Adobe marker (ISO 32000-1, 8.9.5.2), and EXIF data do not count.
DecodedPage decode_embedded_jpeg(Bytes bytes, const DecodeLimits& limits, bool inverted);

}  // namespace archive
