#include "viewer/jpeg_header.h"

#include <cstdint>

namespace archive {
namespace {

constexpr unsigned kStart = 0xD8;
constexpr unsigned kBaseline = 0xC0;
constexpr unsigned kProgressive = 0xC2;
constexpr unsigned kScan = 0xDA;
constexpr unsigned kJfif = 0xE0;
constexpr unsigned kExif = 0xE1;
constexpr unsigned kAdobe = 0xEE;
constexpr unsigned kOrientation = 274;
constexpr std::size_t kEntryBytes = 12;

bool is_frame(unsigned marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Numbers out of bytes. Reading past the end gives 0.
class View {
 public:
  explicit View(std::string_view bytes, bool low_first = false)
      : bytes_(bytes), low_first_(low_first) {}
  unsigned u8(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
  }
  unsigned u16(std::size_t at) const {
    return low_first_ ? u8(at) | u8(at + 1) << 8 : u8(at) << 8 | u8(at + 1);
  }
  std::size_t u32(std::size_t at) const {
    const std::size_t first = u16(at);
    const std::size_t second = u16(at + 2);
    return low_first_ ? first | second << 16 : first << 16 | second;
  }

 private:
  std::string_view bytes_;
  bool low_first_;
};

int orientation_in(std::string_view exif) {
  constexpr std::string_view kName("Exif\0\0", 6);
  if (!exif.starts_with(kName)) return 1;
  const std::string_view tiff = exif.substr(kName.size());
  const View view(tiff, tiff.starts_with("II"));
  const std::size_t directory = view.u32(4);
  const unsigned entries = view.u16(directory);
  for (unsigned i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (entry + kEntryBytes > tiff.size()) break;
    if (view.u16(entry) != kOrientation) continue;
    const unsigned value = view.u16(entry + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

struct Markers {
  JpegHeader header;
  bool jfif = false;
  unsigned adobe_transform = 0;
  unsigned bits = 0;
  bool frame_is_common = false;

  void take_frame(unsigned marker, const View& view) {
    frame_is_common = marker >= kBaseline && marker <= kProgressive;
    bits = view.u8(0);
    header.height = static_cast<int>(view.u16(1));
    header.width = static_cast<int>(view.u16(3));
    header.components = static_cast<int>(view.u8(5));
    header.components_rgb =
        header.components == 3 && view.u8(6) == 'R' && view.u8(9) == 'G' && view.u8(12) == 'B';
  }

  bool shown_alike() const {
    const int count = header.components;
    const bool contradictory = jfif && header.adobe && count == 3 && adobe_transform != 1;
    return frame_is_common && bits == 8 && (count == 1 || count == 3 || count == 4) &&
           header.width > 0 && header.height > 0 && !contradictory;
  }
};

}  // namespace

std::optional<JpegHeader> read_jpeg_header(std::string_view bytes) {
  const View view(bytes);
  if (view.u8(0) != 0xFF || view.u8(1) != kStart) return std::nullopt;
  Markers found;
  for (std::size_t at = 2; at + 4 <= bytes.size();) {
    if (view.u8(at) != 0xFF) return std::nullopt;
    const unsigned marker = view.u8(at + 1);
    if (marker == 0xFF) {
      ++at;  // markers may be filled up
      continue;
    }
    if (marker == kScan) break;
    const std::size_t length = view.u16(at + 2);
    if (length < 2 || at + 2 + length > bytes.size()) return std::nullopt;
    const std::string_view segment = bytes.substr(at + 4, length - 2);
    if (is_frame(marker)) found.take_frame(marker, View(segment));
    if (marker == kJfif && segment.starts_with("JFIF")) found.jfif = true;
    // Of several blocks the first one counts, as it does when the page is read.
    if (marker == kExif && found.header.orientation == 1) {
      found.header.orientation = orientation_in(segment);
    }
    if (marker == kAdobe && segment.starts_with("Adobe")) {
      found.header.adobe = true;
      found.adobe_transform = View(segment).u8(11);
    }
    at += 2 + length;
  }
  if (!found.shown_alike()) return std::nullopt;
  found.header.components_rgb = found.header.components_rgb && !found.jfif && !found.header.adobe;
  return found.header;
}

}  // namespace archive
