#include "viewer/picture.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numbers>

#include "core/error.h"
#include "viewer/cairo_handles.h"

namespace archive {
namespace {

using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;

void check(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw ArchiveError(ErrorKind::internal, "picture of a page", cairo_status_to_string(status),
                     "write the delivered file out with --original");
}

Surface surface_of(const Pixels& pixels) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels.width, pixels.height));
  check(cairo_surface_status(surface.get()));
  unsigned char* to = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < pixels.height; ++y) {
    auto* row = reinterpret_cast<std::uint32_t*>(to + static_cast<std::ptrdiff_t>(y) * stride);
    const std::uint8_t* from = pixels.row(y);
    for (int x = 0; x < pixels.width; ++x) {
      const std::uint32_t blue = from[0];
      const std::uint32_t green = pixels.channels == 3 ? from[1] : blue;
      const std::uint32_t red = pixels.channels == 3 ? from[2] : blue;
      row[x] = red << 16 | green << 8 | blue;
      from += pixels.channels;
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

struct Pen {
  double red, green, blue;
  double width;
};

Pen pen_of(Marking::Style style) {
  switch (style) {
    case Marking::Style::field:
      return {0.12, 0.55, 0.24, 4};
    case Marking::Style::unsure_field:
      return {0.95, 0.50, 0.00, 4};
    case Marking::Style::hit:
      return {0.95, 0.80, 0.00, 4};
    case Marking::Style::seal:
      return {0.60, 0.20, 0.70, 4};
    case Marking::Style::line:
      break;
  }
  return {0.65, 0.70, 0.78, 1.5};
}

void draw(const Marking& marking, cairo_t* page) {
  const Pen pen = pen_of(marking.style);
  for (const Point& p : marking.quad.corners) cairo_line_to(page, p.x, p.y);
  cairo_close_path(page);
  if (marking.style == Marking::Style::hit) {
    // A highlighter darkens the paper and leaves the print.
    cairo_set_operator(page, CAIRO_OPERATOR_MULTIPLY);
    cairo_set_source_rgb(page, 1, 0.92, 0.25);
    cairo_fill_preserve(page);
    cairo_set_operator(page, CAIRO_OPERATOR_OVER);
  }
  cairo_set_source_rgb(page, pen.red, pen.green, pen.blue);
  cairo_set_line_width(page, pen.width);
  cairo_stroke(page);
}

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

// `rotation` degrees of turn are undone, counted as in CleanPage.
Surface upright(const Surface& whole, int rotation, double scale) {
  const double width = cairo_image_surface_get_width(whole.get()) * scale;
  const double height = cairo_image_surface_get_height(whole.get()) * scale;
  const bool sideways = rotation % 180 != 0;
  const auto side = [](double length) { return std::max(1, static_cast<int>(length)); };
  Surface turned(cairo_image_surface_create(CAIRO_FORMAT_RGB24, side(sideways ? height : width),
                                            side(sideways ? width : height)));
  const std::unique_ptr<cairo_t, FreeContext> page(cairo_create(turned.get()));
  if (rotation == 90) cairo_translate(page.get(), 0, width);
  if (rotation == 180) cairo_translate(page.get(), width, height);
  if (rotation == 270) cairo_translate(page.get(), height, 0);
  cairo_rotate(page.get(), -rotation * std::numbers::pi / 180);
  cairo_scale(page.get(), scale, scale);
  cairo_set_source_surface(page.get(), whole.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(page.get()), CAIRO_FILTER_BEST);
  cairo_paint(page.get());
  check(cairo_status(page.get()));
  return turned;
}

}  // namespace

std::string png_of(const Pixels& pixels, const std::vector<Marking>& markings, int rotation,
                   int side_max) {
  Surface surface = surface_of(pixels);
  {
    const std::unique_ptr<cairo_t, FreeContext> page(cairo_create(surface.get()));
    for (const Marking& marking : markings) draw(marking, page.get());
    check(cairo_status(page.get()));
  }
  const int side = std::max(pixels.width, pixels.height);
  const double scale = side_max > 0 && side > side_max ? static_cast<double>(side_max) / side : 1;
  if (scale < 1 || rotation != 0) surface = upright(surface, rotation, scale);
  std::string png;
  check(cairo_surface_write_to_png_stream(surface.get(), append, &png));
  return png;
}

}  // namespace archive
