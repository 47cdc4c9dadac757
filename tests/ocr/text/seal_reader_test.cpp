#include "ocr/text/seal_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/utf8.h"
#include "ocr/text/ring_strip.h"
#include "ocr/text/seal_lines.h"
#include "tests/ocr/scripted_engine.h"
#include "tests/ocr/seal_drawing.h"

namespace archive {
namespace {

constexpr Point kCentre{200, 200};
constexpr double kRadius = 150;
constexpr double kLongerThanRows = 2 * kRadius;
const Quad kFrame = Quad::of({50, 50, 350, 350});

Pixels grey_sheet() {
  Pixels sheet{400, 400, 1, {}};
  sheet.bytes.assign(400u * 400u, 255);
  return sheet;
}

int column_of_ink(const Pixels& strip, int row) {
  const std::uint8_t* levels = strip.row(row);
  return static_cast<int>(std::min_element(levels, levels + strip.width) - levels);
}

TEST(Unrolled, DirectionsBecomeColumnsAndTheOutsideIsTheTop) {
  Pixels sheet = grey_sheet();
  // A spot at 300 degrees, near the outside.
  bar(sheet, 200 + 65 - 3, 200 - 113 - 3, 6, 6, kBlackInk);
  const Pixels strip = unrolled(sheet, kFrame, {90, 450, 0.6, 1});
  EXPECT_EQ(strip.height, 60);
  EXPECT_NEAR(strip.width, 2 * 3.14159 * 0.8 * kRadius, 1);
  const int row = static_cast<int>((1 - 130.4 / kRadius) * kRadius);
  EXPECT_NEAR(column_of_ink(strip, row), strip.width * (300 - 90) / 360, 6);
  EXPECT_EQ(*std::min_element(strip.row(50), strip.row(50) + strip.width), 255);
}

TEST(Unrolled, FromInsideItRunsTheOtherWay) {
  Pixels sheet = grey_sheet();
  bar(sheet, 200 - 65 - 3, 200 + 113 - 3, 6, 6, kBlackInk);  // at 120 degrees
  const Pixels strip = unrolled(sheet, kFrame, {40, 140, 0.8, 1}, true);
  const int row = static_cast<int>((130.4 / kRadius - 0.8) * kRadius);
  EXPECT_NEAR(column_of_ink(strip, row), strip.width * (140 - 120) / 100, 6);
}

TEST(CutSeal, LeavesThePrintAway) {
  Pixels page = colour_sheet(400, 400);
  arc(page, kCentre, kRadius, kRadius, 8, kRedInk);
  bar(page, 60, 190, 280, 14, kBlackInk);
  const SealPicture seal = cut_seal(page, kFrame, "red");
  const auto at = [&](int x, int y) {
    return seal.picture.row(y -
                            static_cast<int>(seal.origin.y))[x - static_cast<int>(seal.origin.x)];
  };
  EXPECT_GT(at(120, 197), 240);
  EXPECT_LT(at(200, 50), 30);
  EXPECT_EQ(seal.frame.width(), kFrame.width());
}

LineReading line_of(const std::string& text, double confidence) {
  LineReading line;
  for (const std::string& c : characters(text)) line.chars.push_back({c, 0.5, confidence});
  line.confidence = confidence;
  return line;
}

// The ring of a seal, its text in view of the engine as the only long strip.
class ReadSeal : public testing::Test {
 protected:
  ReadSeal() {
    page.delivered.pixels = colour_sheet(400, 400);
    round_seal(page.delivered.pixels, kCentre, kRadius, kRadius, kRedInk);
  }

  SealReading read(const std::string& ring, double confidence) {
    engine.reading_by = [=](const Pixels&, const Quad& quad) {
      return quad.width() > kLongerThanRows ? line_of(ring, confidence) : LineReading{};
    };
    return read_seal(engine, page, seal);
  }

  ScriptedEngine engine;
  CleanPage page;
  SealMark seal{kFrame, "red", "round", {}};
};

TEST_F(ReadSeal, TheRingIsText) {
  const SealReading reading = read("示例县社会保险局", 0.95);
  EXPECT_EQ(reading.text, "示例县社会保险局");
  EXPECT_NEAR(reading.confidence, 0.95, 1e-9);
}

TEST_F(ReadSeal, AnUnsureRingIsNone) { EXPECT_EQ(read("示例县社会保险局", 0.5).text, ""); }

TEST_F(ReadSeal, TheStripBeginsAtTheFoot) {
  double first = 1;
  engine.reading_by = [&](const Pixels& strip, const Quad& quad) {
    if (quad.width() < kLongerThanRows || first < 1) return LineReading{};
    for (int x = strip.width - 1; x >= 0; --x) {
      for (int y = 0; y < strip.height; ++y) {
        if (strip.row(y)[x] < 100) first = static_cast<double>(x) / strip.width;
      }
    }
    return line_of("示例县社会保险局", 0.95);
  };
  read_seal(engine, page, seal);
  EXPECT_LT(first, 0.05);
}

TEST_F(ReadSeal, ANameStampIsReadFromTheRight) {
  page.delivered.pixels = colour_sheet(400, 400);
  rectangle(page.delivered.pixels, {100, 100}, 50, 50, 0, 5, kRedInk);
  print(page.delivered.pixels, 60, 60, 2, 34, kRedInk);
  print(page.delivered.pixels, 60, 104, 2, 34, kRedInk);
  seal = {Quad::of({50, 50, 150, 150}), "red", "square", {}};
  engine.reading_by = [](const Pixels&, const Quad& quad) {
    return quad.width() > 3 * quad.height() ? line_of("李示例印", 0.9) : LineReading{};
  };
  EXPECT_EQ(read_seal(engine, page, seal).text, "李示例印");
  // Where 印 stands at the lower right, rows are read first.
  engine.reading_by = [](const Pixels&, const Quad& quad) {
    return quad.width() > 3 * quad.height() ? line_of("示印李例", 0.9) : LineReading{};
  };
  EXPECT_EQ(read_seal(engine, page, seal).text, "李示例印");
}

TextLine text_line(const std::string& text, const Box& box) {
  TextLine line;
  line.text = text;
  line.quad = Quad::of(box);
  return line;
}

TEST(SealLines, ItsOwnRowAndPiecesOfTheRingAreTheSeals) {
  const SealMark seal{kFrame, "red", "round", {}};
  const SealReading reading{
      "示例县社会保险局 业务专用章", "示例县社会保险局", 0.9, {Quad::of({120, 250, 280, 280})}};
  std::vector<TextLine> lines = {
      text_line("业务专用章", {125, 252, 278, 279}),       // the seal's own row
      text_line("保险", {285, 100, 315, 150}),             // a piece of its ring
      text_line("示例县社会保险局", {40, 180, 330, 210}),  // printed under it
      text_line("2024年3月", {125, 252, 278, 279}),        // printed over its row
      text_line("保险", {20, 100, 90, 130}),               // print that leaves the seal
  };
  mark_seal_lines(seal, reading, lines);
  const auto is_seal = [&](std::size_t i) { return lines[i].kind == LineKind::seal; };
  EXPECT_TRUE(is_seal(0));
  EXPECT_TRUE(is_seal(1));
  EXPECT_FALSE(is_seal(2));
  EXPECT_FALSE(is_seal(3));
  EXPECT_FALSE(is_seal(4));
}

// The row of a stamp was read with the print under it.
TEST(SealLines, AShortPieceOfARectanglesRowIsPrintUnderIt) {
  const SealMark seal{Quad::of({100, 100, 300, 160}), "black", "square", {}};
  const SealReading reading{"已扫描 20100年.04.26", {}, 0.9, {Quad::of({110, 130, 290, 158})}};
  std::vector<TextLine> lines = {text_line("100年", {140, 132, 190, 156}),
                                 text_line("20.04.26", {112, 131, 288, 157})};
  mark_seal_lines(seal, reading, lines);
  EXPECT_NE(lines[0].kind, LineKind::seal);
  EXPECT_EQ(lines[1].kind, LineKind::seal);
}

}  // namespace
}  // namespace archive
