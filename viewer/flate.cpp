#include "viewer/flate.h"

#include <zlib.h>

#include <cassert>

namespace archive {
namespace {

// The best level takes three times as long for one part in a hundred.
constexpr int kLevel = 6;

}  // namespace

std::string flate(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                               reinterpret_cast<const Bytef*>(bytes.data()),
                               static_cast<uLong>(bytes.size()), kLevel);
  assert(status == Z_OK);
  static_cast<void>(status);
  packed.resize(size);
  return packed;
}

}  // namespace archive
