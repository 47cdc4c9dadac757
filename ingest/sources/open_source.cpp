#include <utility>

#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

using DecodeImage = DecodedPage (*)(Bytes, const DecodeLimits&);

// A file that is one picture: nothing is read before its page is asked for.
class SinglePicture : public SourceReader {
 public:
  SinglePicture(DecodeImage decode, Bytes bytes, const DecodeLimits& limits)
      : decode_(decode), bytes_(bytes), limits_(limits) {}

  int pages() const override { return 1; }
  DecodedPage page(int) override { return decode_(bytes_, limits_); }

 private:
  DecodeImage decode_;
  Bytes bytes_;
  DecodeLimits limits_;
};

OpenedSource single(DecodeImage decode, Bytes bytes, const DecodeLimits& limits) {
  return std::unique_ptr<SourceReader>(std::make_unique<SinglePicture>(decode, bytes, limits));
}

}  // namespace

OpenedSource open_source(SourceKind kind, Bytes bytes, const DecodeLimits& limits) {
  switch (kind) {
    case SourceKind::tiff:
      return open_tiff(bytes, limits);
    case SourceKind::pdf:
      return open_pdf(bytes, limits);
    case SourceKind::jpeg:
      return single(decode_jpeg, bytes, limits);
    case SourceKind::png:
      return single(decode_png, bytes, limits);
    case SourceKind::bmp:
      return single(decode_bmp, bytes, limits);
    case SourceKind::jpeg2000:
      return single(decode_jp2, bytes, limits);
    case SourceKind::other:
      break;
  }
  return Failure{PageFault{Stage::decode, FaultReason::not_an_image, "no known format"}};
}

}  // namespace archive
