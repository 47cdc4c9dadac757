#include "viewer/searchable_pdf.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/running_text.h"
#include "viewer/pdf_archival.h"

namespace archive {
namespace {

constexpr double kPointsAnInch = 72;
constexpr double kA4Width = 595.28;
constexpr double kA4Height = 841.89;
constexpr double kSideMax = 14400;  // ISO 32000-1, annex C.2
// What lies outside says nothing of the paper: cameras write 72, some scanners 1.
constexpr double kDpiMin = 75;
constexpr double kDpiMax = 2400;

// A page that lies straighter than this is shown as it was delivered.
constexpr double kLevelDegrees = 0.15;
// Lines that rise by less than this part of their thickness are written level: readers of a PDF
// tear words apart whose letters do not stand at the same height.
constexpr double kRiseMax = 0.4;

// Letters that are narrower than this part of the font's size are taken for doubles.
constexpr double kNarrowest = 0.15;

/// How the delivered image lies on the page of the PDF.
struct Placement {
  Affine to_points;  ///< delivered pixels -> points, origin at the lower left
  double width = 0;  ///< of the page, in points
  double height = 0;
};

// Undoes the turn of the paper. `rotation` counts as in CleanPage.
Affine upright(int rotation, Point size) {
  switch (rotation) {
    case 90:
      return {0, 1, 0, -1, 0, size.x};
    case 180:
      return {-1, 0, size.x, 0, -1, size.y};
    case 270:
      return {0, -1, size.y, 1, 0, 0};
    default:
      return {};
  }
}

bool believable(double dpi) { return dpi >= kDpiMin && dpi <= kDpiMax; }

// Turns the page back by its skew; the page grows so that no corner of the scan is cut off.
Placement levelled(const Placement& placement, double skew_degrees) {
  if (std::abs(skew_degrees) < kLevelDegrees) return placement;
  const double angle = skew_degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const Affine turn{c, -s, 0, s, c, 0};
  const Box box = turn(Quad::of({0, 0, placement.width, placement.height})).bounds();
  const Affine moved{c, -s, -box.left, s, c, -box.top};
  return {moved.after(placement.to_points), box.width(), box.height()};
}

Placement placement_of(const PdfPage& page) {
  const Point size = delivered_size(page.picture);
  const bool sideways = page.layout.rotation % 180 != 0;
  double dpi_x = sideways ? page.dpi_y : page.dpi_x;
  double dpi_y = sideways ? page.dpi_x : page.dpi_y;
  const double longer = std::max(size.x, size.y);
  if (!believable(dpi_x) || !believable(dpi_y)) {
    dpi_x = dpi_y = longer / kA4Height * kPointsAnInch;
  }
  const double least = longer / kSideMax * kPointsAnInch;
  dpi_x = std::max(dpi_x, least);
  dpi_y = std::max(dpi_y, least);
  const double x = kPointsAnInch / dpi_x;
  const double y = kPointsAnInch / dpi_y;
  const double width = (sideways ? size.y : size.x) * x;
  const double height = (sideways ? size.x : size.y) * y;
  return levelled(
      {Affine{x, 0, 0, 0, -y, height}.after(upright(page.layout.rotation, size)), width, height},
      page.layout.skew_degrees);
}

std::string numbers(std::initializer_list<double> values) {
  std::string text;
  for (const double value : values) text += pdf_number(value) + " ";
  return text;
}

// PDF writes the matrix column by column.
std::string matrix(const Affine& m) { return numbers({m.a, m.d, m.b, m.e, m.c, m.f}); }

std::string draw_picture(const PdfPicture& picture, const Placement& placement) {
  // An image fills the unit square, its first row at the top.
  const double w = picture.width;
  const double h = picture.height;
  const Affine unit{w, 0, 0, 0, -h, h};
  return "q " + matrix(placement.to_points.after(picture.to_delivered).after(unit)) +
         "cm /Im Do Q\n";
}

Point along(Point from, Point way, double distance) {
  return {from.x + way.x * distance, from.y + way.y * distance};
}

/// How a line of text lies on the page.
struct Lie {
  Point way;    ///< in which direction it runs, of length 1
  Point start;  ///< the left end of its baseline
  double length = 0;
  double thickness = 0;
};

Lie lie_of(const Quad& quad) {
  const auto& [top_left, top_right, bottom_right, bottom_left] = quad.corners;
  Lie lie{{}, {}, quad.width(), quad.height()};
  const Point run{(top_right.x - top_left.x + bottom_right.x - bottom_left.x) / 2,
                  (top_right.y - top_left.y + bottom_right.y - bottom_left.y) / 2};
  const double length = std::max(1e-6, std::hypot(run.x, run.y));
  lie.way = {run.x / length, run.y / length};
  const Point level = std::abs(lie.way.x) > std::abs(lie.way.y)
                          ? Point{std::copysign(1.0, lie.way.x), 0}
                          : Point{0, std::copysign(1.0, lie.way.y)};
  const double rise = std::abs(lie.way.x * level.y - lie.way.y * level.x) * lie.length;
  if (rise < kRiseMax * lie.thickness) lie.way = level;
  const Point up{-lie.way.y, lie.way.x};
  const Point left_end = along(quad.centre(), lie.way, -lie.length / 2);
  lie.start = along(left_end, up, (GlyphlessFont::kDescent - 0.5) * lie.thickness);
  return lie;
}

class TextLayer {
 public:
  TextLayer(const Affine& to_points, GlyphlessFont& font) : to_points_(to_points), font_(font) {}

  void add(const TextLine& line) {
    const std::vector<Letter> letters = running_text(line);
    if (letters.empty()) return;
    const Lie lie = lie_of(to_points_(along_reading(line)));
    if (lie.length <= 0 || lie.thickness <= 0) return;
    double narrowest = lie.length;
    for (const Letter& letter : letters) {
      narrowest = std::min(narrowest, (letter.to - letter.from) * lie.length);
    }
    size_ = std::min(lie.thickness, narrowest / kNarrowest);
    if (size_ <= 0) return;
    const Point first = along(lie.start, lie.way, letters.front().from * lie.length);
    content_ += "/F " + pdf_number(size_) + " Tf " +
                numbers({lie.way.x, lie.way.y, -lie.way.y, lie.way.x, first.x, first.y}) + "Tm";
    show(letters, lie.length);
  }

  std::string take() { return content_.empty() ? "" : "BT 3 Tr\n" + content_ + "ET\n"; }

 private:
  // One em wide as the font has them, letters are squeezed or stretched to their places.
  void show(const std::vector<Letter>& letters, double length) {
    std::string scale;
    std::string codes;
    const auto flush = [&] {
      if (!codes.empty()) content_ += "\n" + scale + " Tz <" + codes + "> Tj";
      codes.clear();
    };
    for (const Letter& letter : letters) {
      const std::string wanted = pdf_number(100 * (letter.to - letter.from) * length / size_);
      if (wanted != scale) flush();
      scale = wanted;
      codes += font_.code_of(letter.code_point);
    }
    flush();
    content_ += "\n";
  }

  const Affine& to_points_;
  GlyphlessFont& font_;
  double size_ = 0;
  std::string content_;
};

std::string literal(const std::string& ascii) {
  std::string string = "(";
  for (const char c : ascii) {
    if (c == '(' || c == ')' || c == '\\') string += '\\';
    string += c >= ' ' && c <= '~' ? c : '?';
  }
  return string + ")";
}

}  // namespace

SearchablePdf::SearchablePdf(ByteSink sink, PdfDescription description)
    : file_(std::move(sink)),
      description_(std::move(description)),
      font_number_(file_.reserve()),
      pages_number_(file_.reserve()) {}

void SearchablePdf::begin_part(std::string name) { next_part_ = std::move(name); }

void SearchablePdf::add(double width, double height, const std::string& resources,
                        const std::string& content) {
  const int contents = file_.reserve();
  file_.packed_stream(contents, "", content);
  const int page =
      file_.object("<< /Type /Page /Parent " + pdf_reference(pages_number_) + " /MediaBox [0 0 " +
                   pdf_number(width) + " " + pdf_number(height) + "] /Resources << " + resources +
                   " >> /Contents " + pdf_reference(contents) + " >>");
  pages_.push_back(page);
  if (!next_part_.empty()) parts_.push_back({std::exchange(next_part_, {}), page});
}

void SearchablePdf::add_page(const PdfPage& page) {
  const Placement placement = placement_of(page);
  TextLayer text(placement.to_points, font_);
  for (const TextLine& line : page.layout.lines) text.add(line);
  if (page.picture.entries.find("/DeviceCMYK") != std::string::npos) archival_ = false;
  const int image =
      file_.stream("/Type /XObject /Subtype /Image " + page.picture.entries, page.picture.bytes);
  add(placement.width, placement.height,
      "/XObject << /Im " + pdf_reference(image) + " >> /Font << /F " + pdf_reference(font_number_) +
          " >>",
      draw_picture(page.picture, placement) + text.take());
}

void SearchablePdf::add_sheet_for_missing_page(const std::vector<std::string>& words) {
  constexpr double kMargin = 72;
  archival_ = false;
  std::string content = "BT /H 12 Tf 18 TL " + numbers({kMargin, kA4Height - kMargin}) + "Td\n";
  for (const std::string& line : words) content += literal(line) + " Tj T*\n";
  // Every reader brings this font (9.6.2.2).
  add(kA4Width, kA4Height, "/Font << /H << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>",
      content + "ET\n");
}

int SearchablePdf::write_outline() {
  const int outline = file_.reserve();
  std::vector<int> numbers_of_parts;
  for (std::size_t i = 0; i < parts_.size(); ++i) numbers_of_parts.push_back(file_.reserve());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    std::string item = "<< /Title " + pdf_text(parts_[i].name) + " /Parent " +
                       pdf_reference(outline) + " /Dest [" + pdf_reference(parts_[i].page) +
                       " /Fit]";
    if (i > 0) item += " /Prev " + pdf_reference(numbers_of_parts[i - 1]);
    if (i + 1 < parts_.size()) item += " /Next " + pdf_reference(numbers_of_parts[i + 1]);
    file_.object(numbers_of_parts[i], item + " >>");
  }
  file_.object(outline, "<< /Type /Outlines /First " + pdf_reference(numbers_of_parts.front()) +
                            " /Last " + pdf_reference(numbers_of_parts.back()) + " /Count " +
                            std::to_string(parts_.size()) + " >>");
  return outline;
}

std::string SearchablePdf::archival_entries() {
  const int profile = file_.reserve();
  file_.packed_stream(profile, "/N 3", srgb_profile());
  const int metadata = file_.stream("/Type /Metadata /Subtype /XML",
                                    xmp_of_pdfa(description_.title, description_.producer));
  return " /Metadata " + pdf_reference(metadata) +
         " /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) "
         "/Info (sRGB IEC61966-2.1) /DestOutputProfile " +
         pdf_reference(profile) + " >>]";
}

void SearchablePdf::finish() {
  assert(!pages_.empty());
  font_.write(file_, font_number_);
  std::string kids;
  for (const int page : pages_) kids += pdf_reference(page) + " ";
  file_.object(pages_number_, "<< /Type /Pages /Count " + std::to_string(pages_.size()) +
                                  " /Kids [" + kids + "] >>");
  std::string catalogue = "<< /Type /Catalog /Pages " + pdf_reference(pages_number_) +
                          " /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >>";
  if (archival_) catalogue += archival_entries();
  if (!parts_.empty()) {
    catalogue += " /Outlines " + pdf_reference(write_outline()) + " /PageMode /UseOutlines";
  }
  const int root = file_.object(catalogue + " >>");
  const int information = file_.object("<< /Title " + pdf_text(description_.title) + " /Producer " +
                                       pdf_text(description_.producer) + " >>");
  file_.finish(root, information);
}

}  // namespace archive
