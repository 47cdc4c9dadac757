#include "ingest/sheets.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <qrcodegen/qrcodegen.hpp>

#include "core/error.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr double kPointsPerMm = 72 / 25.4;
constexpr double kPageWidth = 210 * kPointsPerMm;
constexpr double kPageHeight = 297 * kPointsPerMm;
constexpr double kModule128 = 0.5 * kPointsPerMm;  // 6 pixels at 300 dpi
constexpr double kModuleQr = 1.5 * kPointsPerMm;
constexpr double kBarHeight = 28 * kPointsPerMm;
constexpr std::size_t kSheetCodeMax = 24;  // what fits the page at this module
constexpr std::size_t kDossierNoMax = 100;

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
struct FreeObject {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};

void check(const SheetLabel& label) {
  const bool code_fits = !label.sheet_code.empty() && label.sheet_code.size() <= kSheetCodeMax &&
                         std::ranges::all_of(label.sheet_code, [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                                  (c >= 'a' && c <= 'z') || c == '-';
                         });
  const bool number_fits = !label.dossier_no.empty() && label.dossier_no.size() <= kDossierNoMax &&
                           is_utf8(label.dossier_no) &&
                           label.dossier_no.find_first_of("|\n\r\t") == std::string::npos;
  if (code_fits && number_fits) return;
  throw ArchiveError(
      ErrorKind::usage, "separator sheet",
      code_fits ? "a dossier number that cannot be printed" : "a sheet code that cannot be printed",
      "dossier numbers have 1 to 100 bytes without '|', sheet codes 1 to 24 "
      "letters, digits and hyphens");
}

void write_centred(cairo_t* page, const std::string& text, double y, int points) {
  const std::unique_ptr<PangoLayout, FreeObject> layout(pango_cairo_create_layout(page));
  PangoFontDescription* font =
      pango_font_description_from_string(("Noto Sans CJK SC " + std::to_string(points)).c_str());
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
  pango_layout_set_width(layout.get(), static_cast<int>(kPageWidth * PANGO_SCALE));
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  cairo_move_to(page, 0, y);
  pango_cairo_show_layout(page, layout.get());
}

void draw_bars(cairo_t* page, const std::vector<int>& modules, double y) {
  double width = 0;
  for (const int module : modules) width += module * kModule128;
  double x = (kPageWidth - width) / 2;
  bool bar = true;
  for (const int module : modules) {
    if (bar) cairo_rectangle(page, x, y, module * kModule128, kBarHeight);
    x += module * kModule128;
    bar = !bar;
  }
  cairo_fill(page);
}

void draw_qr(cairo_t* page, const std::string& text, double y) {
  const qrcodegen::QrCode code =
      qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
  const double left = (kPageWidth - code.getSize() * kModuleQr) / 2;
  for (int row = 0; row < code.getSize(); ++row) {
    for (int column = 0; column < code.getSize(); ++column) {
      if (!code.getModule(column, row)) continue;
      cairo_rectangle(page, left + column * kModuleQr, y + row * kModuleQr, kModuleQr, kModuleQr);
    }
  }
  cairo_fill(page);
}

void draw_sheet(cairo_t* page, const SheetLabel& label) {
  write_centred(page, "批量扫描分隔页\nSeparator sheet", 22 * kPointsPerMm, 26);
  draw_bars(page, code_128(label.sheet_code), 70 * kPointsPerMm);
  write_centred(page, label.sheet_code, 100 * kPointsPerMm, 18);
  draw_qr(page, "DA|" + label.dossier_no + "|" + label.sheet_code, 130 * kPointsPerMm);
  write_centred(page, "档号：" + label.dossier_no, 215 * kPointsPerMm, 20);
  write_centred(page,
                "本页供机器识别，请勿取出、折叠或书写。\nRead by machines: do not remove, fold or "
                "write on.",
                245 * kPointsPerMm, 11);
}

}  // namespace

void write_separator_sheets(const std::vector<SheetLabel>& labels,
                            const std::filesystem::path& pdf) {
  for (const SheetLabel& label : labels) check(label);
  const std::unique_ptr<cairo_surface_t, FreeSurface> surface(
      cairo_pdf_surface_create(pdf.c_str(), kPageWidth, kPageHeight));
  {
    const std::unique_ptr<cairo_t, FreeContext> page(cairo_create(surface.get()));
    for (const SheetLabel& label : labels) {
      draw_sheet(page.get(), label);
      cairo_show_page(page.get());
    }
  }
  cairo_surface_finish(surface.get());
  if (const cairo_status_t status = cairo_surface_status(surface.get());
      status != CAIRO_STATUS_SUCCESS) {
    throw ArchiveError(ErrorKind::disk, pdf.string(), cairo_status_to_string(status),
                       "choose a folder that can be written, with free space");
  }
}

}  // namespace archive
