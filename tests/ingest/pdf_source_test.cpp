#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ingest/sources/raster.h"
#include "tests/ingest/source_checks.h"

namespace archive {
namespace {

// The page is as large as the picture at 30 dpi.
constexpr double kScanDpi = 30;
constexpr const char* kWholePage = "q 96 0 0 57.6 0 0 cm /Im Do Q\n";

struct PdfPage {
  std::string content;
  std::string image = "null";
  std::string more = {};  ///< of the page's dictionary
  std::string box = "0 0 96 57.6";
};

std::vector<std::string> objects_of(const PdfPage& page) {
  return {"<< /Type /Catalog /Pages 2 0 R >>",
          "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
          "<< /Type /Page /Parent 2 0 R /MediaBox [" + page.box + "] " + page.more +
              " /Resources << /XObject << /Im 5 0 R >> /Font << /F 6 0 R >> >> /Contents 4 0 R >>",
          pdf_stream("", page.content),
          page.image,
          "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
}

std::string image_object(const std::string& more, const std::string& bytes) {
  return pdf_stream("/Type /XObject /Subtype /Image /Width " + std::to_string(kWidth) +
                        " /Height " + std::to_string(kHeight) + " " + more,
                    bytes);
}

using Samples = std::function<std::vector<std::uint8_t>(int x, int y)>;
std::string samples(const Samples& at) {
  std::string bytes;
  for (int i = 0; i < kWidth * kHeight; ++i) {
    for (const std::uint8_t value : at(i % kWidth, i / kWidth)) bytes += static_cast<char>(value);
  }
  return bytes;
}

std::vector<std::uint8_t> rgb_at(int x, int y) {
  const Colour c = colour_at(x, y);
  return {c.red, c.green, c.blue};
}

std::string rgb_image() {
  return image_object("/ColorSpace /DeviceRGB /BitsPerComponent 8", samples(rgb_at));
}

DecodedPage read(const FileBytes& file, DecodeLimits limits = usual_limits()) {
  const OpenedSource source = open_pdf(file, limits);
  if (!source) return Failure{source.error()};
  return (*source)->page(0);
}
DecodedPage read(const PdfPage& page) { return read(pdf_file(objects_of(page))); }

// ---- a scan is taken as it is

struct ImageCase {
  const char* name;
  std::string image;
  Expected expected;
  int bits_per_pixel = 24;
  int tolerance = 0;
};
class PdfImageTest : public testing::TestWithParam<ImageCase> {};

TEST_P(PdfImageTest, ComesOutWithThePixelsOfTheScanner) {
  const DecodedPage page = read(PdfPage{kWholePage, GetParam().image});
  expect_picture(page, GetParam().expected, GetParam().tolerance);
  EXPECT_FALSE(page->rendered);
  EXPECT_TRUE(page->text_layer.empty());
  EXPECT_EQ(page->bits_per_pixel, GetParam().bits_per_pixel);
  EXPECT_NEAR(page->dpi_x, kScanDpi, 0.1);
  EXPECT_NEAR(page->dpi_y, kScanDpi, 0.1);
}

std::string bilevel_rows(bool ink_is_one) {
  std::string bytes;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; x += 8) {
      unsigned byte = 0;
      for (int bit = 0; bit < 8; ++bit) {
        const bool white = black_white_at(x + bit, y) == 255;
        byte = byte << 1 | static_cast<unsigned>(white != ink_is_one);
      }
      bytes += static_cast<char>(byte);
    }
  }
  return bytes;
}

Colour bilevel_pixel(int x, int y) { return as_grey(black_white_at(x, y)); }
Colour grey_pixel(int x, int y) { return as_grey(grey_at(x, y)); }
Colour palette_pixel(int x, int y) {
  const std::uint8_t index = grey_at(x, y);
  return {index, static_cast<std::uint8_t>(255 - index), static_cast<std::uint8_t>(index / 2)};
}

std::string palette_space() {
  std::string space = "/ColorSpace [/Indexed /DeviceRGB 255 <";
  char entry[8];
  for (unsigned i = 0; i < 256; ++i) {
    std::snprintf(entry, sizeof entry, "%02X%02X%02X", i, 255 - i, i / 2);
    space += entry;
  }
  return space + ">] /BitsPerComponent 8";
}

std::vector<ImageCase> images() {
  const auto grey = [](int x, int y) { return std::vector<std::uint8_t>{grey_at(x, y)}; };
  const auto grey_16 = [](int x, int y) { return std::vector<std::uint8_t>{grey_at(x, y), 0x12}; };
  const auto negative = [](int x, int y) {
    return std::vector<std::uint8_t>{static_cast<std::uint8_t>(255 - grey_at(x, y))};
  };
  const auto cmyk = [](int x, int y) {
    std::vector<std::uint8_t> inks = rgb_at(x, y);
    for (std::uint8_t& ink : inks) ink = static_cast<std::uint8_t>(255 - ink);
    inks.push_back(0);
    return inks;
  };
  const std::string jpeg = "/Filter /DCTDecode /BitsPerComponent 8 ";
  const std::string grey_space = "/ColorSpace /DeviceGray ";
  return {
      {"rgb", rgb_image(), colour_at},
      {"cmyk", image_object("/ColorSpace /DeviceCMYK /BitsPerComponent 8", samples(cmyk)),
       colour_at},
      {"grey", image_object(grey_space + "/BitsPerComponent 8", samples(grey)), grey_pixel, 8},
      {"grey_16", image_object(grey_space + "/BitsPerComponent 16", samples(grey_16)), grey_pixel,
       8},
      {"grey_inverted",
       image_object(grey_space + "/BitsPerComponent 8 /Decode [1 0]", samples(negative)),
       grey_pixel, 8},
      {"bilevel", image_object(grey_space + "/BitsPerComponent 1", bilevel_rows(false)),
       bilevel_pixel, 1},
      {"mask", image_object("/ImageMask true /BitsPerComponent 1", bilevel_rows(false)),
       bilevel_pixel, 1},
      {"mask_inverted",
       image_object("/ImageMask true /BitsPerComponent 1 /Decode [1 0]", bilevel_rows(true)),
       bilevel_pixel, 1},
      {"palette", image_object(palette_space(), samples(grey)), palette_pixel},
      {"jpeg", image_object(jpeg + "/ColorSpace /DeviceRGB", text_of(jpeg_file(JpegColours::rgb))),
       colour_at, 24, 10},
      {"jpeg_grey", image_object(jpeg + grey_space, text_of(jpeg_file(JpegColours::grey))),
       grey_pixel, 8, 10},
      {"jpeg_cmyk",
       image_object(jpeg + "/ColorSpace /DeviceCMYK /Decode [1 0 1 0 1 0 1 0]",
                    text_of(jpeg_file(JpegColours::cmyk))),
       colour_at, 24, 10},
  };
}
INSTANTIATE_TEST_SUITE_P(Each, PdfImageTest, testing::ValuesIn(images()),
                         [](const auto& row) { return row.param.name; });

TEST(PdfScan, LiesAsThePageAndThePlacementSay) {
  const Pixels stored = read(PdfPage{kWholePage, rgb_image()})->pixels;
  struct Row {
    const char* content;
    const char* more;
    int orientation;
  };
  for (const Row& row :
       {Row{kWholePage, "/Rotate 90", 6}, Row{kWholePage, "/Rotate 180", 3},
        Row{kWholePage, "/Rotate 270", 8}, Row{"q -96 0 0 57.6 96 0 cm /Im Do Q", "", 2},
        Row{"q 96 0 0 -57.6 0 57.6 cm /Im Do Q", "", 4},
        Row{"q -96 0 0 -57.6 96 57.6 cm /Im Do Q", "", 3}}) {
    const DecodedPage page = read(PdfPage{row.content, rgb_image(), row.more});
    ASSERT_TRUE(page);
    EXPECT_FALSE(page->rendered);
    const Pixels expected = turned(stored, row.orientation);
    EXPECT_EQ(page->pixels.width, expected.width) << row.content << row.more;
    EXPECT_TRUE(page->pixels.bytes == expected.bytes) << row.content << row.more;
  }
}

TEST(PdfScan, WithARecognitionBehindItIsStillTheScan) {
  const std::string invisible = "BT /F 10 Tf 3 Tr 5 5 Td (hidden) Tj ET\n";
  const DecodedPage page = read(PdfPage{kWholePage + invisible, rgb_image()});
  expect_picture(page, colour_at, 0);
  EXPECT_FALSE(page->rendered);
  EXPECT_TRUE(page->text_layer.empty());
}

TEST(PdfScan, ThatIsCutIsAPart) {
  std::string bytes = samples(rgb_at);
  bytes.resize(bytes.size() / 2);
  const std::string image = image_object("/ColorSpace /DeviceRGB /BitsPerComponent 8", bytes);
  const DecodedPage page = read(PdfPage{kWholePage, image});
  ASSERT_TRUE(page);
  EXPECT_TRUE(is_partial(*page));
  EXPECT_EQ(page->pixels.row(0)[0], colour_at(0, 0).blue);
  EXPECT_EQ(page->pixels.row(kHeight - 1)[0], 255);
}

TEST(PdfScan, WithTooManyPixelsIsRefused) {
  const std::string huge = pdf_stream(
      "/Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceGray "
      "/BitsPerComponent 1",
      "x");
  const DecodedPage page = read(PdfPage{kWholePage, huge});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().reason, FaultReason::too_many_pixels);
}

// ---- anything else is drawn

TEST(PdfDrawing, IsMadeAt300Dpi) {
  const DecodedPage page = read(PdfPage{"0 g 10 10 20 20 re f"});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->rendered);
  EXPECT_EQ(page->dpi_x, 300);
  EXPECT_EQ(page->pixels.width, 400);
  EXPECT_EQ(page->pixels.height, 240);
  EXPECT_EQ(page->pixels.channels, 1);
  EXPECT_EQ(page->pixels.row(240 - 83)[83], 0) << "the middle of the square, 20 points in";
  EXPECT_EQ(page->pixels.row(5)[5], 255);
}

TEST(PdfDrawing, KeepsItsColour) {
  const DecodedPage page = read(PdfPage{"1 0 0 rg 10 10 20 20 re f"});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->pixels.channels, 3);
  const std::uint8_t* pixel = page->pixels.row(240 - 83) + 3 * 83;
  EXPECT_EQ(std::vector<int>(pixel, pixel + 3), (std::vector<int>{0, 0, 255}));
}

TEST(PdfDrawing, KnowsItsWordsAndTheirPlaces) {
  const DecodedPage page = read(PdfPage{"BT /F 12 Tf 10 30 Td (Form 2024) Tj ET"});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->rendered);
  ASSERT_EQ(page->text_layer.size(), 2u);
  EXPECT_EQ(page->text_layer[0].text, "Form");
  EXPECT_EQ(page->text_layer[1].text, "2024");
  const Point& corner = page->text_layer[0].quad.corners[0];
  EXPECT_NEAR(corner.x, 10 * 300 / 72.0, 3);
  EXPECT_GT(corner.y, (57.6 - 30 - 14) * 300 / 72.0);
  EXPECT_LT(corner.y, (57.6 - 30) * 300 / 72.0);
}

TEST(PdfDrawing, KnowsAWordThatIsStruckSeveralTimesOnce) {
  const std::string strike = "1 0 0 1 10.3 30 Tm (2024:) Tj 1 0 0 1 10 30.3 Tm (2024) Tj ";
  const DecodedPage page =
      read(PdfPage{"BT /F 12 Tf 1 0 0 1 10 30 Tm (2024:) Tj " + strike + "0 -14 Td (2024) Tj ET"});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->text_layer.size(), 2u) << "the second line is another word";
  EXPECT_EQ(page->text_layer[0].text, "2024:");
  EXPECT_EQ(page->text_layer[1].text, "2024");
}

TEST(PdfDrawing, OfAScanWithAStampOnItShowsBoth) {
  const std::string stamp = "1 0 0 rg 10 10 20 20 re f";
  const DecodedPage page = read(PdfPage{kWholePage + stamp, rgb_image()});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->rendered);
  EXPECT_EQ(page->pixels.channels, 3);
  EXPECT_EQ(page->dpi_x, 300);
}

TEST(PdfDrawing, OfTwoStripsIsAsFineAsTheScan) {
  const std::string halves = "q 48 0 0 57.6 0 0 cm /Im Do Q q 48 0 0 57.6 48 0 cm /Im Do Q";
  const DecodedPage page = read(PdfPage{halves, rgb_image()});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->rendered);
  EXPECT_EQ(page->dpi_x, 150) << "60 dpi, but no coarser than this";
}

TEST(PdfDrawing, OfPaperWithoutEndIsRefused) {
  const DecodedPage page = read(PdfPage{"0 g 1 1 9 9 re f", "null", "", "0 0 14000 14000"});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().reason, FaultReason::too_many_pixels);
}

TEST(PdfDrawing, OfAnEmptyPageIsWhitePaper) {
  const DecodedPage page = read(PdfPage{""});
  ASSERT_TRUE(page);
  EXPECT_TRUE(std::ranges::all_of(page->pixels.bytes, [](std::uint8_t b) { return b == 255; }));
}

// ---- files that are not as they should be

std::vector<std::string> scan_objects() { return objects_of(PdfPage{kWholePage, rgb_image()}); }

TEST(PdfFile, WithAPasswordIsEncrypted) {
  const std::string secret(64, 'A');  // 32 bytes that no password gives
  const std::string lock = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + secret +
                           "> /U <" + secret + "> >> /ID [<0123> <0123>]";
  EXPECT_EQ(read(pdf_file(scan_objects(), lock)).error().reason, FaultReason::encrypted);
}

TEST(PdfFile, WhoseTableIsLostIsReadAllTheSame) {
  FileBytes file = pdf_file(scan_objects());
  const std::size_t table = text_of(file).rfind("startxref\n") + 10;
  std::fill(file.begin() + static_cast<std::ptrdiff_t>(table), file.end(), std::uint8_t{'9'});
  const DecodedPage page = read(file);
  ASSERT_TRUE(page) << page.error().detail;
  EXPECT_EQ(difference(page->pixels, colour_at), 0);
}

TEST(PdfFile, WithJunkBeforeItIsReadAllTheSame) {
  const std::string junk = "HTTP/1.1 200\r\n\r\n";
  FileBytes file(junk.begin(), junk.end());
  const FileBytes sound = pdf_file(scan_objects());
  file.insert(file.end(), sound.begin(), sound.end());
  const DecodedPage page = read(file);
  ASSERT_TRUE(page) << page.error().detail;
  EXPECT_EQ(difference(page->pixels, colour_at), 0);
}

TEST(PdfFile, SaysWhatIsWrong) {
  const FileBytes sound = pdf_file(scan_objects());
  EXPECT_EQ(read({sound.begin(), sound.begin() + 30}).error().reason, FaultReason::damaged);
  auto objects = scan_objects();
  objects[1] = "<< /Type /Pages /Kids [] /Count 0 >>";
  EXPECT_EQ(read(pdf_file(objects)).error().reason, FaultReason::no_pages);
}

struct Active {
  const char* name;
  std::string catalogue;  ///< of the file's catalogue
  std::string further;    ///< one more object
  std::vector<std::string> told;
};

// What a PDF would do by itself is told, however deep it hides, and nothing of it is done.
TEST(PdfFile, TellsWhatItWouldDoByItself) {
  const std::string script = "<< /S /JavaScript /JS (app.alert(1)) >>";
  const std::string launch = "<< /S /Launch /F (cmd.exe) >>";
  for (const Active& active : {
           Active{"plain", "", "null", {}},
           Active{"open action", "/OpenAction " + script, "null", {"active: JavaScript"}},
           Active{"named script",
                  "/Names << /JavaScript << /Names [(a) 7 0 R] >> >>",
                  "<< /JS 4 0 R >>",
                  {"active: JavaScript"}},
           Active{"launch on a page",
                  "",
                  "<< /Type /Annot /A << /Next [" + launch + "] >> >>",
                  {"active: launch"}},
           Active{"both",
                  "/AA << /WC " + script + " >>",
                  launch,
                  {"active: JavaScript", "active: launch"}},
           Active{"a link to the web is none", "", "<< /S /URI /URI (https://example.org) >>", {}},
       }) {
    auto objects = scan_objects();
    objects[0] = "<< /Type /Catalog /Pages 2 0 R " + active.catalogue + " >>";
    objects.push_back(active.further);
    const FileBytes file = pdf_file(objects);
    const OpenedSource source = open_pdf(file, usual_limits());
    ASSERT_TRUE(source) << active.name;
    EXPECT_EQ((*source)->warnings(), active.told) << active.name;
    EXPECT_TRUE((*source)->page(0)) << active.name;
  }
}

TEST(PdfFile, HasALimitOfPages) {
  auto objects = scan_objects();
  objects[1] = "<< /Type /Pages /Kids [3 0 R 3 0 R 3 0 R] /Count 3 >>";
  DecodeLimits limits = usual_limits();
  limits.pages_max = 3;
  EXPECT_TRUE(open_pdf(pdf_file(objects), limits));
  limits.pages_max = 2;
  EXPECT_EQ(open_pdf(pdf_file(objects), limits).error().reason, FaultReason::too_many_pages);
}

TEST(PdfFile, ThatRunsInCirclesComesToAnEnd) {
  auto objects = scan_objects();
  objects[4] = pdf_stream(
      "/Subtype /Form /BBox [0 0 96 57.6] "
      "/Resources << /XObject << /Im 5 0 R >> >>",
      "/Im Do");
  EXPECT_TRUE(read(pdf_file(objects)));
  objects = scan_objects();
  objects[1] = "<< /Type /Pages /Kids [2 0 R] /Count 1 >>";
  EXPECT_FALSE(read(pdf_file(objects)));
}

TEST(PdfFile, CutOrChangedAnywhereIsAnAnswer) {
  const FileBytes whole = pdf_file(scan_objects());
  for (std::size_t at = 1; at < whole.size(); at += whole.size() / 29 + 1) {
    const auto cut = read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at)});
    EXPECT_TRUE(cut || !cut.error().detail.empty()) << "cut at " << at;
    FileBytes changed = whole;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ 0xFF);
    const DecodedPage page = read(changed);
    EXPECT_TRUE(page || !page.error().detail.empty()) << "changed at " << at;
  }
}

}  // namespace
}  // namespace archive
