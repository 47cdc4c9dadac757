#include "viewer/searchable_pdf.h"

#include <gtest/gtest.h>

#include <regex>

#include "ingest/sources/source_reader.h"
#include "tests/viewer/text_lines.h"
#include "viewer/pdf_archival.h"

namespace archive {
namespace {

// A file that is made here is opened by the reader of files that are handed in: it takes the
// scan out of a page that is one picture and text nobody sees, pixel by pixel.
PageImage opened(const std::string& pdf, int page = 0) {
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(pdf.data()), pdf.size());
  auto source = open_pdf(bytes, {100'000'000, 100, 300});
  if (!source) throw std::runtime_error("not opened: " + source.error().detail);
  auto image = (*source)->page(page);
  if (!image) throw std::runtime_error("not decoded: " + image.error().detail);
  return *std::move(image);
}

Pixels pattern(int width, int height, int channels) {
  Pixels pixels{width, height, channels, {}};
  pixels.bytes.resize(pixels.stride() * static_cast<std::size_t>(height));
  std::uint32_t state = 7;
  for (std::uint8_t& value : pixels.bytes) {
    state = state * 1664525 + 1013904223;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return pixels;
}

Pixels bilevel(int width, int height) {
  Pixels pixels = pattern(width, height, 1);
  for (std::uint8_t& value : pixels.bytes) value = value < 200 ? 255 : 0;
  return pixels;
}

PdfPage page_of(const Pixels& pixels, int rotation = 0, double skew = 0) {
  PdfPage page;
  page.picture = packed_picture(pixels);
  page.layout = {pixels.width, pixels.height, rotation, skew, {}};
  page.dpi_x = page.dpi_y = 100;
  return page;
}

std::string pdf_of(const std::vector<PdfPage>& pages) {
  std::string bytes;
  SearchablePdf pdf([&bytes](std::string_view more) { bytes += more; }, {"标题", "juanzong test"});
  for (const PdfPage& page : pages) pdf.add_page(page);
  pdf.finish();
  return bytes;
}

class APicture : public testing::TestWithParam<int> {};

TEST_P(APicture, ComesOutAsItWasWhateverItsColours) {
  PdfPage page = page_of(GetParam() == 0 ? bilevel(203, 101) : pattern(203, 101, GetParam()));
  page.layout.lines = {line_at({10, 10, 110, 30}, "社会保险 2004")};
  const PageImage image = opened(pdf_of({page}));
  const Pixels put_in = GetParam() == 0 ? bilevel(203, 101) : pattern(203, 101, GetParam());
  EXPECT_FALSE(image.rendered);
  EXPECT_EQ(image.pixels.width, 203);
  EXPECT_EQ(image.pixels.channels, put_in.channels);
  EXPECT_TRUE(image.pixels.bytes == put_in.bytes);
  EXPECT_NEAR(image.dpi_x, 100, 0.1);
}

INSTANTIATE_TEST_SUITE_P(Of, APicture, testing::Values(0, 1, 3));

TEST(SearchablePdf, APageThatLiesTurnedIsShownUpright) {
  for (const int rotation : {90, 180, 270}) {
    const Pixels delivered = pattern(40, 30, 1);
    const PageImage shown = opened(pdf_of({page_of(delivered, rotation)}));
    const bool sideways = rotation % 180 != 0;
    ASSERT_EQ(shown.pixels.width, sideways ? 30 : 40) << rotation;
    // Where the upper left pixel of the upright page lies on the delivered one.
    const int x = rotation == 90 ? 39 : rotation == 180 ? 39 : 0;
    const int y = rotation == 90 ? 0 : rotation == 180 ? 29 : 29;
    EXPECT_EQ(shown.pixels.row(0)[0], delivered.row(y)[x]) << rotation;
  }
}

TEST(SearchablePdf, APageThatLiesCrookedIsShownLevelAndWhole) {
  const std::string straight = pdf_of({page_of(bilevel(400, 600), 0, 0.1)});
  const std::string level = pdf_of({page_of(bilevel(400, 600), 0, 2)});
  const std::regex box(R"(/MediaBox \[0 0 ([\d.]+) ([\d.]+)\])");
  std::smatch was, is;
  ASSERT_TRUE(std::regex_search(straight, was, box));
  ASSERT_TRUE(std::regex_search(level, is, box));
  EXPECT_EQ(was[1], "288");
  EXPECT_EQ(was[2], "432");
  EXPECT_NEAR(std::stod(is[1]), 288 * 0.99939 + 432 * 0.0349, 0.01);
  EXPECT_NEAR(std::stod(is[2]), 432 * 0.99939 + 288 * 0.0349, 0.01);
}

TEST(SearchablePdf, ManyPagesComeInTheirOrder) {
  const PageImage second = opened(pdf_of({page_of(bilevel(50, 60)), page_of(bilevel(70, 80))}), 1);
  EXPECT_EQ(second.pixels.width, 70);
}

TEST(SearchablePdf, TheSamePagesAreTheSameBytes) {
  PdfPage page = page_of(bilevel(50, 60));
  page.layout.lines = {line_at({5, 5, 45, 15}, "张三 A1")};
  EXPECT_EQ(pdf_of({page, page}), pdf_of({page, page}));
}

TEST(SearchablePdf, APageOfUnknownResolutionIsAsHighAsA4) {
  for (const double dpi : {0.0, 1.0, 72.0, 100000.0}) {
    PdfPage page = page_of(bilevel(1000, 2000));
    page.dpi_x = page.dpi_y = dpi;
    EXPECT_NE(pdf_of({page}).find("/MediaBox [0 0 420.945 841.89]"), std::string::npos) << dpi;
  }
}

TEST(SearchablePdf, ASheetStandsForAPageThatCannotBeShown) {
  std::string bytes;
  SearchablePdf pdf([&bytes](std::string_view more) { bytes += more; }, {"t", "p"});
  pdf.begin_part("1 退休审批表");
  pdf.add_sheet_for_missing_page({"Page 7 (of 9) is not shown", "\\"});
  pdf.finish();
  const PageImage image = opened(bytes);
  EXPECT_TRUE(image.rendered);
  EXPECT_NE(bytes.find("/Outlines"), std::string::npos);
}

TEST(SearchablePdf, SaysNothingOfItselfButWhatItWasTold) {
  const std::string bytes = pdf_of({page_of(bilevel(50, 60))});
  EXPECT_NE(bytes.find("/Title <FEFF68079898>"), std::string::npos);
  for (const char* word : {"Author", "CreationDate", "ModDate", "Creator"}) {
    EXPECT_EQ(bytes.find(word), std::string::npos) << word;
  }
}

TEST(GlyphlessFont, EachCharacterHasOneCodeAndItsName) {
  GlyphlessFont font;
  EXPECT_EQ(font.code_of(U'张'), "0001");
  EXPECT_EQ(font.code_of(U'𠀀'), "0002");
  EXPECT_EQ(font.code_of(U'张'), "0001");
}

TEST(GlyphlessFont, HoldsMoreCharactersThanThereAreCodes) {
  GlyphlessFont font;
  for (char32_t c = 1; c <= 70000; ++c) font.code_of(c);
  EXPECT_EQ(font.code_of(69999), font.code_of(70000));
  EXPECT_NE(font.code_of(2), font.code_of(70000));
}

struct Number {
  double value;
  const char* text;
};

TEST(PdfFile, NumbersHaveNoExponentAndNoNeedlessPlaces) {
  for (const auto& [value, text] :
       {Number{0, "0"}, Number{-0.00001, "0"}, Number{12, "12"}, Number{0.5, "0.5"},
        Number{-1.23456, "-1.2346"}, Number{1e-7, "0"}, Number{1e12, "1000000000"}}) {
    EXPECT_EQ(pdf_number(value), text);
  }
}

TEST(PdfFile, TextIsUtf16) { EXPECT_EQ(pdf_text("A张𠀀"), "<FEFF00415F20D840DC00>"); }

// ISO 19005-2, 6.2.3 and 6.6: a file says that it is for the archive only where nothing in it is
// not.
TEST(SearchablePdf, SaysThatItIsForTheArchiveUnlessASheetStandsForAPage) {
  const std::string sound = pdf_of({page_of(bilevel(40, 30))});
  EXPECT_NE(sound.find("/GTS_PDFA1"), std::string::npos);
  EXPECT_NE(sound.find("<pdfaid:part>2</pdfaid:part>"), std::string::npos);
  EXPECT_NE(sound.find("/ID [<"), std::string::npos);
  std::string bytes;
  SearchablePdf pdf([&bytes](std::string_view more) { bytes += more; }, {"<&>", "juanzong test"});
  pdf.add_page(page_of(bilevel(40, 30)));
  pdf.add_sheet_for_missing_page({"Page 2 is not shown here."});
  pdf.finish();
  EXPECT_EQ(bytes.find("pdfaid"), std::string::npos);
  EXPECT_EQ(bytes.find("/GTS_PDFA1"), std::string::npos);
}

TEST(ColourProfile, IsAsLongAsItSaysAndItsTagsLieInIt) {
  const std::string profile = srgb_profile();
  const auto number = [&profile](std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8 | static_cast<unsigned char>(profile.at(at + i));
    }
    return value;
  };
  EXPECT_EQ(number(0), profile.size());
  EXPECT_EQ(profile.substr(36, 4), "acsp");
  ASSERT_EQ(number(128), 9u);
  for (std::size_t tag = 0; tag < 9; ++tag) {
    const std::size_t offset = number(128 + 4 + 12 * tag + 4);
    EXPECT_EQ(offset % 4, 0u);
    EXPECT_LE(offset + number(128 + 4 + 12 * tag + 8), profile.size());
  }
}

}  // namespace
}  // namespace archive
