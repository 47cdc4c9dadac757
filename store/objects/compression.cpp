#include "store/objects/compression.h"

#include <zstd.h>

#include <memory>

#include "core/error.h"

namespace archive {
namespace {

// Pages are small and written once, so the slow levels cost little; beyond 15 nothing
// is gained on 10 kB of text.
constexpr int kLevel = 12;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

[[noreturn]] void refuse(const std::string& what) {
  throw ArchiveError(
      ErrorKind::damage, "compressed object", what,
      "run `juanzong verify`; a derivative can be made again by `juanzong reprocess`");
}

}  // namespace

std::string compress(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size)) {
    throw ArchiveError(ErrorKind::internal, "compression", ZSTD_getErrorName(size),
                       "report this with the version of the program");
  }
  frame.resize(size);
  return frame;
}

std::string expand(std::string_view frame, std::size_t bytes_max) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) {
    refuse("is not a Zstandard frame of ours");
  }
  if (size > bytes_max) refuse("announces more bytes than allowed");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) || got != bytes.size()) refuse("cannot be expanded");
  return bytes;
}

}  // namespace archive
