#include <pango/pangocairo.h>

#include <cstdint>
#include <memory>

#include "viewer/cairo_handles.h"
#include "viewer/copy_document.h"

namespace archive {
namespace {

constexpr int kDpi = 200;
constexpr int kWidth = 1654;   // A4
constexpr int kHeight = 2339;
constexpr double kMargin = 190;
constexpr double kLabelWidth = 260;
constexpr double kTitleTop = 230;
constexpr double kRowPad = 18;
constexpr double kTextGap = 60;
constexpr double kSignGap = 110;
constexpr int kTitlePoints = 22;
constexpr int kTextPoints = 12;
constexpr int kNotePoints = 9;

struct FreeObject {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};

class Drawing {
 public:
  explicit Drawing(DrawnSheet& sheet)
      : sheet_(sheet),
        surface_(cairo_image_surface_create(CAIRO_FORMAT_A8, kWidth, kHeight)),
        page_(cairo_create(surface_.get())) {
    cairo_set_source_rgba(page_.get(), 0, 0, 0, 1);
    cairo_set_line_width(page_.get(), 2);
  }

  void title(const std::string& text) {
    y_ = kTitleTop;
    write(text, kMargin, kWidth - 2 * kMargin, kTitlePoints, PANGO_ALIGN_CENTER);
    y_ += kTextGap;
  }

  void row(const std::string& label, const std::string& text) {
    const double top = y_;
    y_ = top + kRowPad;
    write(label, kMargin + kRowPad, kLabelWidth - 2 * kRowPad, kTextPoints, PANGO_ALIGN_LEFT);
    const double below_label = y_;
    y_ = top + kRowPad;
    write(text, kMargin + kLabelWidth + kRowPad,
          kWidth - 2 * kMargin - kLabelWidth - 2 * kRowPad, kTextPoints, PANGO_ALIGN_LEFT);
    y_ = std::max(y_, below_label) + kRowPad;
    cairo_rectangle(page_.get(), kMargin, top, kWidth - 2 * kMargin, y_ - top);
    cairo_move_to(page_.get(), kMargin + kLabelWidth, top);
    cairo_line_to(page_.get(), kMargin + kLabelWidth, y_);
    cairo_stroke(page_.get());
  }

  void paragraph(const std::string& text) {
    y_ += kTextGap;
    write(text, kMargin, kWidth - 2 * kMargin, kTextPoints, PANGO_ALIGN_LEFT);
  }

  void sign(const std::string& text) {
    y_ += kSignGap;
    write(text, kWidth / 2.0 - kMargin, kWidth / 2.0, kTextPoints, PANGO_ALIGN_LEFT);
  }

  void note(const std::string& text) {
    y_ += kTextGap;
    write(text, kMargin, kWidth - 2 * kMargin, kNotePoints, PANGO_ALIGN_LEFT);
  }

  Pixels pixels() {
    cairo_surface_flush(surface_.get());
    Pixels made{kWidth, kHeight, 1, {}};
    made.bytes.reserve(static_cast<std::size_t>(kWidth) * kHeight);
    const unsigned char* from = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        made.bytes.push_back(static_cast<std::uint8_t>(255 - from[y * stride + x]));
      }
    }
    return made;
  }

 private:
  void write(const std::string& text, double left, double width, int points,
             PangoAlignment alignment) {
    const std::unique_ptr<PangoLayout, FreeObject> layout(pango_cairo_create_layout(page_.get()));
    PangoFontDescription* font = pango_font_description_from_string("Noto Sans CJK SC");
    // Points at this resolution: Pango's own would be at 96 dpi.
    pango_font_description_set_absolute_size(font, points * kDpi / 72.0 * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), alignment);
    pango_layout_set_spacing(layout.get(), points * PANGO_SCALE);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    cairo_move_to(page_.get(), left, y_);
    pango_cairo_show_layout(page_.get(), layout.get());
    for (int i = 0; i < pango_layout_get_line_count(layout.get()); ++i) {
      PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), i);
      PangoRectangle place;
      pango_layout_line_get_extents(line, nullptr, &place);
      int top = 0;
      for (int before = 0; before < i; ++before) {
        PangoRectangle above;
        pango_layout_line_get_extents(pango_layout_get_line_readonly(layout.get(), before), nullptr,
                                      &above);
        top += above.height + points * PANGO_SCALE;
      }
      const double line_width = static_cast<double>(place.width) / PANGO_SCALE;
      const double shift = alignment == PANGO_ALIGN_CENTER ? (width - line_width) / 2 : 0;
      sheet_.texts.push_back({text.substr(static_cast<std::size_t>(line->start_index),
                                          static_cast<std::size_t>(line->length)),
                              left + shift, y_ + static_cast<double>(top) / PANGO_SCALE,
                              line_width, static_cast<double>(place.height) / PANGO_SCALE});
    }
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    y_ += static_cast<double>(height) / PANGO_SCALE;
  }

  DrawnSheet& sheet_;
  std::unique_ptr<cairo_surface_t, FreeSurface> surface_;
  std::unique_ptr<cairo_t, FreeContext> page_;
  double y_ = kTitleTop;
};

}  // namespace

DrawnSheet drawn_sheet(const std::vector<CopySheet::Line>& sheet) {
  DrawnSheet made;
  Drawing drawing(made);
  for (const CopySheet::Line& line : sheet) {
    switch (line.part) {
      case CopySheet::Part::title:
        drawing.title(line.text);
        break;
      case CopySheet::Part::row:
        drawing.row(line.label, line.text);
        break;
      case CopySheet::Part::text:
        drawing.paragraph(line.text);
        break;
      case CopySheet::Part::sign:
        drawing.sign(line.text);
        break;
      case CopySheet::Part::note:
        drawing.note(line.text);
        break;
    }
  }
  made.pixels = drawing.pixels();
  return made;
}

}  // namespace archive
