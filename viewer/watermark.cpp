#include "viewer/watermark.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>

#include "core/error.h"
#include "viewer/cairo_handles.h"

namespace archive {
namespace {

constexpr double kFontShare = 0.022;  // of the page's shorter side
constexpr double kSlant = -25;        // degrees
constexpr double kLinesApart = 9;     // font sizes
constexpr double kTextsApart = 4;     // font sizes
constexpr double kStrength = 0.26;
constexpr int kInk = 40;
constexpr double kFontLeast = 5;  // pixels of the answer: smaller is dirt

/// Pixels of the whole picture -> pixels of the piece.
cairo_matrix_t matrix_of(const ImageRequest& request) {
  const double sx = static_cast<double>(request.out_width) / request.width;
  const double sy = static_cast<double>(request.out_height) / request.height;
  cairo_matrix_t piece;
  cairo_matrix_init(&piece, sx, 0, 0, sy, -request.x * sx, -request.y * sy);
  const auto then = [&piece](double xx, double yx, double xy, double yy, double x0, double y0) {
    cairo_matrix_t next;
    cairo_matrix_init(&next, xx, yx, xy, yy, x0, y0);
    cairo_matrix_multiply(&piece, &piece, &next);
  };
  if (request.mirrored) then(-1, 0, 0, 1, request.out_width, 0);
  if (request.rotation == 90) then(0, 1, -1, 0, request.out_height, 0);
  if (request.rotation == 180) then(-1, 0, 0, -1, request.out_width, request.out_height);
  if (request.rotation == 270) then(0, -1, 1, 0, 0, request.out_width);
  return piece;
}

void write_text(cairo_t* page, const cairo_matrix_t& matrix, double width, double height,
                const Watermark& mark) {
  cairo_set_matrix(page, &matrix);
  cairo_translate(page, width / 2, height / 2);
  cairo_rotate(page, (mark.rotation + kSlant) * std::numbers::pi / 180);
  cairo_select_font_face(page, "Noto Sans CJK SC", CAIRO_FONT_SLANT_NORMAL,
                         CAIRO_FONT_WEIGHT_NORMAL);
  const double font = kFontShare * std::min(width, height);
  cairo_set_font_size(page, font);
  cairo_text_extents_t extents;
  cairo_text_extents(page, mark.text.c_str(), &extents);
  const double step = extents.x_advance + kTextsApart * font;
  const double radius = std::hypot(width, height) / 2;
  double left = 0, top = 0, right = 0, bottom = 0;
  cairo_clip_extents(page, &left, &top, &right, &bottom);
  int line = static_cast<int>(std::floor(-radius / (kLinesApart * font)));
  for (; line * kLinesApart * font < radius; ++line) {
    const double y = line * kLinesApart * font;
    if (y < top - font || y > bottom + 2 * font) continue;
    const double shift = line % 2 == 0 ? 0 : step / 2;
    for (double x = -std::ceil(radius / step) * step - shift; x < radius; x += step) {
      if (x > right || x + step < left) continue;
      cairo_move_to(page, x, y);
      cairo_show_text(page, mark.text.c_str());
    }
  }
}

}  // namespace

void write_over(Pixels& piece, const ImageRequest& request, int whole_width, int whole_height,
                const Watermark& mark) {
  const double scale = static_cast<double>(request.out_width) / request.width;
  if (kFontShare * std::min(whole_width, whole_height) * scale < kFontLeast) return;
  const std::unique_ptr<cairo_surface_t, FreeSurface> surface(
      cairo_image_surface_create(CAIRO_FORMAT_A8, piece.width, piece.height));
  {
    const std::unique_ptr<cairo_t, FreeContext> page(cairo_create(surface.get()));
    write_text(page.get(), matrix_of(request), whole_width, whole_height, mark);
    if (const cairo_status_t status = cairo_status(page.get()); status != CAIRO_STATUS_SUCCESS) {
      throw ArchiveError(ErrorKind::internal, "watermark", cairo_status_to_string(status),
                         "no picture is shown without it: tell the maintainers");
    }
  }
  cairo_surface_flush(surface.get());
  const unsigned char* alpha = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < piece.height; ++y) {
    const unsigned char* line = alpha + static_cast<std::ptrdiff_t>(y) * stride;
    std::uint8_t* out = piece.row(y);
    for (int x = 0; x < piece.width; ++x, out += piece.channels) {
      if (line[x] == 0) continue;
      const double share = kStrength * line[x] / 255;
      // On dark paper the ink is light.
      const int ink = out[0] < 128 ? 255 - kInk : kInk;
      for (int c = 0; c < piece.channels; ++c) {
        out[c] = static_cast<std::uint8_t>(out[c] + (ink - out[c]) * share);
      }
    }
  }
}

}  // namespace archive
