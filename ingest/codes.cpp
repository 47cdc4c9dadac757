#include "ingest/codes.h"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "ingest/patch_code.h"

namespace archive {
namespace {

constexpr double kFarDpi = 150;  // from afar: enough for modules of a third of a millimetre
constexpr double kCloseDpi = 300;
constexpr double kA4HeightInch = 11.69;

double resolution_of(const Pixels& image, double dpi) {
  constexpr double kLeast = 60;
  constexpr double kMost = 1200;
  if (dpi >= kLeast && dpi <= kMost) return dpi;
  return std::max(image.width, image.height) / kA4HeightInch;
}

/// The means of groups of sums, each by a table: dividing for each pixel takes longer.
/// `kInGroup` 0: `in_group` says how many; else it is the same, known when this is compiled.
template <int kInGroup>
void write_means(const std::vector<std::uint16_t>& sums, const std::vector<std::uint8_t>& means,
                 int in_group, int count, std::uint8_t* to) {
  const int group = kInGroup == 0 ? in_group : kInGroup;
  const std::uint16_t* from = sums.data();
  for (int i = 0; i < count; ++i) {
    std::uint32_t sum = 0;
    for (int k = 0; k < group; ++k) sum += *from++;
    to[i] = means[sum];
  }
}

/// Grey, and smaller by a whole factor: each pixel the mean of a square.
Pixels shrunk_grey(const Pixels& image, int factor) {
  Pixels small;
  small.width = std::max(1, image.width / factor);
  small.height = std::max(1, image.height / factor);
  small.bytes.resize(small.stride() * static_cast<std::size_t>(small.height));
  const int x_in = std::min(factor, image.width);
  const int y_in = std::min(factor, image.height);
  const int samples = x_in * image.channels;
  const std::size_t count = static_cast<std::size_t>(samples) * static_cast<std::size_t>(y_in);
  std::vector<std::uint8_t> means(255 * count + 1);
  for (std::size_t sum = 0; sum < means.size(); ++sum) {
    means[sum] = static_cast<std::uint8_t>(sum / count);
  }
  const auto write_row = samples == 2   ? write_means<2>
                         : samples == 3 ? write_means<3>
                                        : write_means<0>;
  // Rows are added up first: that runs on many values at once.
  std::vector<std::uint16_t> columns(static_cast<std::size_t>(small.width * factor) *
                                     static_cast<std::size_t>(image.channels));
  columns.resize(std::min(columns.size(), image.stride()));
  for (int y = 0; y < small.height; ++y) {
    std::ranges::fill(columns, 0);
    for (int dy = 0; dy < y_in; ++dy) {
      const std::uint8_t* from = image.row(y * factor + dy);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i] = static_cast<std::uint16_t>(columns[i] + from[i]);
      }
    }
    write_row(columns, means, samples, small.width, small.row(y));
  }
  return small;
}

/// Bars are what text never is: many changes of dark and light on a line, and the same
/// ones a little further down.
class BarFinder {
 public:
  BarFinder(const Pixels& grey, double dpi)
      : grey_(grey), gap_max_(static_cast<int>(std::lround(dpi * kGapMaxInch))) {}

  bool found() const { return along(false) || along(true); }

 private:
  static constexpr int kDark = 128;
  static constexpr int kStep = 14;      // between looked-at lines, about 2.4 mm
  static constexpr int kApart = 5;      // where the same bars must be seen again
  static constexpr int kEdgesMin = 24;  // of a short Code 39; a ruled table has fewer
  // The widest element of a code: four modules of 1.3 mm.
  static constexpr double kGapMaxInch = 0.21;

  int value(int line, int at, bool columns) const {
    return columns ? grey_.row(at)[line] : grey_.row(line)[at];
  }

  bool along(bool columns) const {
    const int lines = columns ? grey_.width : grey_.height;
    const int length = columns ? grey_.height : grey_.width;
    for (int line = kApart; line + 2 * kApart < lines; line += kStep) {
      if (bars_on(line, length, columns)) return true;
    }
    return false;
  }

  bool bars_on(int line, int length, bool columns) const {
    int edges = 0;
    int same = 0;
    int ink = 0;
    int last_edge = 0;
    bool dark = false;
    for (int at = 0; at < length; ++at) {
      const bool here = value(line, at, columns) < kDark;
      const bool below = value(line + kApart, at, columns) < kDark;
      const bool further = value(line + 2 * kApart, at, columns) < kDark;
      if (at - last_edge > gap_max_) edges = same = ink = 0;
      ink += here ? 1 : 0;
      same += here && below && further ? 1 : 0;
      if (here != dark) {
        dark = here;
        last_edge = at;
        if (++edges >= kEdgesMin && same * 10 >= ink * 8) return true;
      }
    }
    return false;
  }

  const Pixels& grey_;
  int gap_max_;
};

std::string symbology_name(ZXing::BarcodeFormat format) {
  switch (format) {
    case ZXing::BarcodeFormat::Code128:
      return "CODE-128";
    case ZXing::BarcodeFormat::Code39:
      return "CODE-39";
    case ZXing::BarcodeFormat::QRCode:
      return "QR-CODE";
    case ZXing::BarcodeFormat::DataMatrix:
      return "DATA-MATRIX";
    case ZXing::BarcodeFormat::ITF:
      return "ITF";
    case ZXing::BarcodeFormat::EAN13:
      return "EAN-13";
    case ZXing::BarcodeFormat::EAN8:
      return "EAN-8";
    default:
      return ZXing::ToString(format);
  }
}

Quad quad_of(const ZXing::Position& position, double factor) {
  Quad quad;
  for (int i = 0; i < 4; ++i) {
    quad.corners[static_cast<std::size_t>(i)] = {position[i].x * factor, position[i].y * factor};
  }
  return quad;
}

/// Paints over what was read, so that the next look finds the next code.
void cover(const Box& box, Pixels& grey) {
  constexpr double kMargin = 4;
  const int left = std::clamp(static_cast<int>(box.left - kMargin), 0, grey.width);
  const int right = std::clamp(static_cast<int>(box.right + kMargin), 0, grey.width);
  const int top = std::clamp(static_cast<int>(box.top - kMargin), 0, grey.height);
  const int bottom = std::clamp(static_cast<int>(box.bottom + kMargin), 0, grey.height);
  for (int y = top; y < bottom; ++y) {
    std::fill(grey.row(y) + left, grey.row(y) + std::max(left, right), std::uint8_t{255});
  }
}

/// Bar codes are found on a few lines of the picture; the bars go on above and below.
/// REQUIRES: the box lies in the picture. Codes that lie askew are followed less far.
Box whole_bars(Box box, const Pixels& grey) {
  constexpr int kDark = 128;
  const int left = std::clamp(static_cast<int>(box.left), 0, grey.width - 1);
  const int right = std::clamp(static_cast<int>(box.right), left + 1, grey.width);
  const int middle = std::clamp(static_cast<int>((box.top + box.bottom) / 2), 0, grey.height - 1);
  const auto same_bars = [&](int y) {
    int same = 0;
    for (int x = left; x < right; ++x) {
      same += (grey.row(y)[x] < kDark) == (grey.row(middle)[x] < kDark) ? 1 : 0;
    }
    return same * 10 >= (right - left) * 8;
  };
  int top = middle;
  while (top > 0 && same_bars(top - 1)) --top;
  int bottom = middle;
  while (bottom + 1 < grey.height && same_bars(bottom + 1)) ++bottom;
  return {box.left, std::min<double>(box.top, top), box.right,
          std::max<double>(box.bottom, bottom + 1)};
}

/// zxing-cpp 1.4 ends the whole program by an assertion when its list of codes holds the
/// same bar code twice, on one page or at two scales. So it is asked for one code at a
/// time, and the picture is never scaled by it.
std::vector<MachineCode> read(Pixels grey, int factor) {
  constexpr int kLooksMax = 8;
  const auto linear = ZXing::BarcodeFormat::Code128 | ZXing::BarcodeFormat::Code39 |
                      ZXing::BarcodeFormat::ITF | ZXing::BarcodeFormat::EAN13 |
                      ZXing::BarcodeFormat::EAN8;
  const auto square = ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::DataMatrix;
  std::vector<MachineCode> codes;
  for (const auto& formats : {linear, square}) {
    const auto hints = ZXing::DecodeHints().setFormats(formats).setTryDownscale(false);
    for (int look = 0; look < kLooksMax; ++look) {
      const ZXing::ImageView view(grey.bytes.data(), grey.width, grey.height,
                                  ZXing::ImageFormat::Lum);
      const ZXing::Result result = ZXing::ReadBarcode(view, hints);
      if (!result.isValid()) break;
      const Box box = quad_of(result.position(), 1).bounds();
      cover(box.width() > box.height() ? whole_bars(box, grey) : box, grey);
      codes.push_back(
          {symbology_name(result.format()), result.text(), quad_of(result.position(), factor)});
    }
  }
  return codes;
}

int factor_for(double dpi, double wanted) {
  return std::max(1, static_cast<int>(std::lround(dpi / wanted)));
}

// Parts of one code may be found at two sizes or in two places of the bars.
void add_new(std::vector<MachineCode> more, std::vector<MachineCode>& codes) {
  for (MachineCode& code : more) {
    const bool known = std::ranges::any_of(codes, [&](const MachineCode& other) {
      return other.symbology == code.symbology && other.text == code.text;
    });
    if (!known) codes.push_back(std::move(code));
  }
}

}  // namespace

std::vector<MachineCode> find_codes(const Pixels& image, double dpi) {
  constexpr int kSideMin = 40;
  if (image.width < kSideMin || image.height < kSideMin) return {};
  const double resolution = resolution_of(image, dpi);
  const int far = factor_for(resolution, kFarDpi);
  const Pixels small = shrunk_grey(image, far);
  std::vector<MachineCode> codes;
  if (BarFinder(small, resolution / far).found()) {
    const int close = factor_for(resolution, kCloseDpi);
    add_new(read(close == far ? small : shrunk_grey(image, close), close), codes);
    if (close != far) add_new(read(small, far), codes);
  }
  if (const auto patch = find_patch_code(small, resolution / far)) {
    Quad quad = patch->quad;
    for (Point& corner : quad.corners) corner = {corner.x * far, corner.y * far};
    codes.push_back({"PATCH", std::string("PATCH") + patch->name, quad});
  }
  std::ranges::stable_sort(codes, [](const MachineCode& a, const MachineCode& b) {
    return a.quad.centre().y < b.quad.centre().y;
  });
  return codes;
}

}  // namespace archive
