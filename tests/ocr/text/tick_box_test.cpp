#include "ocr/text/tick_box.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

constexpr int kHeight = 60;
constexpr int kPitch = 50;

/// A line with room for some characters; each place is drawn by the test.
struct Line {
  Pixels sheet = white_sheet(6 * kPitch, kHeight);
  LineReading reading;

  void put(int place, const char* text, double confidence = 0.9) {
    reading.chars.push_back({text, (place + 0.5) / 6, confidence});
  }
  std::string text() const {
    std::string all;
    for (const TextChar& c : reading.chars) all += c.text;
    return all;
  }
  void mark(bool sealed = false) {
    mark_tick_boxes(sheet, Quad::of({0, 0, 6.0 * kPitch, kHeight}), sealed, reading);
  }
  void box(int place, std::uint8_t level = 0) {
    frame(sheet, place * kPitch + 10, 15, 30, 2, level);
  }
  void tick(int place) {
    const double x = place * kPitch + 14.0;
    stroke(sheet, {x, 28}, {x + 9, 38}, 4);
    stroke(sheet, {x + 9, 38}, {x + 26, 8}, 4);
  }
  /// Strokes like those of 其: two long uprights.
  void hanzi(int place) {
    fill(sheet, place * kPitch + 12, 12, 4, 36);
    fill(sheet, place * kPitch + 34, 12, 4, 36);
    fill(sheet, place * kPitch + 8, 20, 34, 3);
  }
};

TEST(TickBox, AnEmptyFrameAndATickedOne) {
  Line line;
  line.box(0);
  line.box(2);
  line.tick(2);
  line.put(0, "口");
  line.put(1, "男");
  line.put(2, "M");
  line.put(3, "女");
  line.mark();
  EXPECT_EQ(line.text(), "□男☑女");
}

TEST(TickBox, APaleFrameWithADarkTick) {
  Line line;
  line.box(1, 150);
  line.tick(1);
  line.put(1, "V");
  line.mark();
  EXPECT_EQ(line.text(), "☑");
}

// The uprights of 其 were taken for those of the frame before it.
TEST(TickBox, AFrameCloseToACharacterWithLongUprights) {
  Line line;
  line.box(1);
  line.hanzi(2);
  line.hanzi(0);
  line.put(0, "其");
  line.put(1, "口");
  line.put(2, "其");
  line.mark();
  EXPECT_EQ(line.text(), "其□其");
}

TEST(TickBox, ALetterWithoutAFrameStaysALetter) {
  Line line;
  stroke(line.sheet, {62, 15}, {75, 44}, 4);
  stroke(line.sheet, {75, 44}, {88, 15}, 4);
  line.put(1, "V");
  line.mark();
  EXPECT_EQ(line.text(), "V");
}

TEST(TickBox, TheMouthOfAHouseholdStays) {
  Line line;
  line.box(1);
  line.put(0, "户");
  line.put(1, "口");
  line.mark();
  EXPECT_EQ(line.text(), "户口");
}

TEST(TickBox, BoxesThatWereReadAsNothing) {
  Line line;
  line.box(0);
  line.hanzi(1);
  line.box(2);
  line.tick(2);
  line.hanzi(3);
  line.hanzi(5);
  line.put(1, "其");
  line.put(3, "其");
  line.put(5, "其");
  line.mark();
  EXPECT_EQ(line.text(), "□其☑其其");
  EXPECT_NEAR(line.reading.chars[0].position, 0.5 / 6, 0.02);
  EXPECT_NEAR(line.reading.chars[2].position, 2.5 / 6, 0.02);
}

// Half of 题 was a mark of its own, read as 月 behind a box.
TEST(TickBox, BeforeWhatWasHardlyReadThereIsNoBox) {
  Line line;
  line.box(0);
  line.hanzi(1);
  line.put(1, "月", 0.33);
  line.mark();
  EXPECT_EQ(line.text(), "月");
}

// The rules of a table are no box.
TEST(TickBox, RulesBesideALine) {
  Line line;
  fill(line.sheet, 10, 0, 2, kHeight);
  fill(line.sheet, 0, 2, 6 * kPitch, 2);
  line.hanzi(1);
  line.hanzi(4);
  line.put(1, "其");
  line.put(4, "其");
  line.mark();
  EXPECT_EQ(line.text(), "其其");
}

// A page with five seals on print had a ☑ on each.
TEST(TickBox, StrokesOfASealThatCrossEachOther) {
  Line line;
  fill(line.sheet, 60, 0, 4, kHeight);
  fill(line.sheet, 86, 16, 4, 28);
  for (const int y : {16, 40}) fill(line.sheet, 60, y, 30, 4);
  stroke(line.sheet, {62, 20}, {84, 40}, 5);
  line.hanzi(0);
  line.hanzi(2);
  line.put(0, "打");
  line.put(2, "日");
  line.mark(true);
  EXPECT_EQ(line.text(), "打日");
}

// Ticks of a quick hand run over more than one corner.
TEST(TickBox, AWildTickOnABoxWhereNoSealIs) {
  Line line;
  line.box(1);
  stroke(line.sheet, {kPitch + 2.0, 26}, {kPitch + 22.0, 40}, 6);
  stroke(line.sheet, {kPitch + 22.0, 40}, {kPitch + 46.0, 2}, 6);
  line.put(1, "V");
  line.mark();
  EXPECT_EQ(line.text(), "☑");
}

TEST(TickBox, AWordWhoseStemGoesOnBelowIsNoFrame) {
  Line line;
  line.box(1);
  fill(line.sheet, kPitch + 10, 28, 30, 2);
  fill(line.sheet, kPitch + 23, 15, 4, 42);
  line.put(1, "甲", 0.4);
  line.mark();
  EXPECT_EQ(line.text(), "甲");
}

TEST(TickBox, AWordThatWasHardlyReadMayBeAFrame) {
  for (const double confidence : {0.3, 0.95}) {
    Line line;
    line.box(1);
    line.put(1, "回", confidence);
    line.mark();
    EXPECT_EQ(line.text(), confidence < 0.6 ? "□" : "回");
  }
}

}  // namespace
}  // namespace archive
