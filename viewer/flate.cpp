#include "viewer/flate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <new>
#include <utility>

namespace archive {
namespace {

// The best level takes three times as long for one part in a hundred.
constexpr int kLevel = 6;
constexpr int kMemoryLevel = 8;  // zlib's own
constexpr std::size_t kOutputAtOnce = std::size_t{64} << 10;

}  // namespace

struct Flate::State {
  z_stream stream{};
  std::string packed;
  std::array<Bytef, kOutputAtOnce> output;

  void run(int flush) {
    do {
      stream.next_out = output.data();
      stream.avail_out = static_cast<uInt>(output.size());
      deflate(&stream, flush);
      packed.append(reinterpret_cast<const char*>(output.data()), output.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
};

Flate::Flate(Frame frame) : state_(std::make_unique<State>()) {
  const int window = frame == Frame::gzip ? MAX_WBITS + 16 : MAX_WBITS;
  // With sound arguments it fails for want of memory only.
  if (deflateInit2(&state_->stream, kLevel, Z_DEFLATED, window, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

Flate::~Flate() { deflateEnd(&state_->stream); }

void Flate::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t now = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    // zlib does not write to its input, it only lacks the word for it.
    state_->stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state_->stream.avail_in = static_cast<uInt>(now);
    state_->run(Z_NO_FLUSH);
    bytes.remove_prefix(now);
  }
}

std::string Flate::take() {
  state_->run(Z_FINISH);
  return std::move(state_->packed);
}

std::string flate(std::string_view bytes) {
  Flate packer;
  packer.add(bytes);
  return packer.take();
}

std::string gzip(std::string_view bytes) {
  Flate packer(Flate::Frame::gzip);
  packer.add(bytes);
  return packer.take();
}

}  // namespace archive
