#include "ocr/text/under_seals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/utf8.h"
#include "ocr/text/seal_rows.h"
#include "tests/ocr/drawing.h"
#include "tests/ocr/scripted_engine.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const SealArea kSeal({Quad::of({400, 400, 600, 600}), "black", "round", {}});

TEST(SealRows, RunOnAsHighAsTheNearestBoxShows) {
  EXPECT_THAT(rows_under(kSeal, {{0, 440, 100, 480}, {300, 450, 390, 470}, {0, 520, 90, 550}}, {}),
              ElementsAre(Span{452, 468}, Span{523, 547}));
}

TEST(SealRows, OnesAboveAndBelowDoNot) {
  EXPECT_THAT(rows_under(kSeal, {{0, 340, 100, 380}, {0, 595, 90, 625}}, {}), IsEmpty());
}

TEST(SealRows, WithinTheSealCountIfTheyAreAsHighAsTheOthers) {
  EXPECT_THAT(rows_under(kSeal, {{0, 440, 100, 470}}, {{420, 500, 560, 530}, {480, 540, 540, 600}}),
              ElementsAre(Span{443, 467}, Span{503, 527}));
}

TEST(SealRows, ColumnsAreAsWideAsTheirBoxesTogether) {
  EXPECT_THAT(columns_under(kSeal, {{430, 300, 500, 320}, {420, 340, 498, 360}, {0, 300, 90, 320}}),
              ElementsAre(Span{420, 500}));
}

TEST(SealRows, WhatIsFarOrWideIsNoColumn) {
  EXPECT_THAT(columns_under(kSeal, {{430, 1010, 500, 1030}, {350, 300, 650, 320}}), IsEmpty());
}

TEST(SealRows, ACellIsOfferedInThreeWidthsAndTheRowWithItsEnds) {
  const std::vector<Span> columns = {{450, 520}};
  const std::vector<Box> beside = {{300, 490, 390, 510}};
  const RowPlaces places = places_in(kSeal, {490, 510}, columns, beside, beside);
  ASSERT_EQ(places.cells.size(), 1u);
  EXPECT_THAT(places.cells[0], ElementsAre(Span{444, 526}, Span{455, 515}, Span{432, 538}));
  EXPECT_THAT(places.stretches, ElementsAre(Span{300, 390}, Span{300, 410}, Span{300, 605}));
}

TEST(SealRows, ARingIsWhereItsFrameAndCharactersAre) {
  EXPECT_TRUE(kSeal.on_ring({580, 500}));
  EXPECT_TRUE(kSeal.on_frame({600, 500}));
  EXPECT_FALSE(kSeal.on_frame({580, 500}));
  EXPECT_FALSE(kSeal.on_ring({520, 500}));
}

LineReading reading_of(const std::string& text, double confidence) {
  LineReading reading;
  const std::vector<std::string> all = characters(text);
  for (std::size_t i = 0; i < all.size(); ++i) {
    reading.chars.push_back(
        {all[i], (static_cast<double>(i) + 0.5) / static_cast<double>(all.size()), confidence});
  }
  reading.confidence = confidence;
  return reading;
}

TextLine line_at(const Box& box, const std::string& text, double confidence) {
  TextLine line;
  line.text = text;
  line.quad = Quad::of(box);
  line.chars = reading_of(text, confidence).chars;
  line.confidence = confidence;
  return line;
}

// A table under a seal: its columns above the seal, its rows to the left of it.
class UnderSeals : public testing::Test {
 protected:
  UnderSeals() {
    page.delivered.pixels = page.plane = page.pixels = white_sheet(1000, 1000);
    page.seals.push_back({Quad::of({400, 400, 600, 600}), "black", "round", {}});
    lines = {line_at({450, 300, 530, 324}, "182.38", 1), line_at({450, 350, 530, 374}, "332.99", 1),
             line_at({200, 440, 300, 464}, "201612", 1),
             line_at({200, 490, 300, 514}, "本年合计", 1)};
  }

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const TextLine& line : lines) all.push_back(line.text);
    return all;
  }

  void read() { read_under_seals(engine, page, {}, lines); }

  // Answers in a row, when asked for no more than `widest` pixels around x = 490.
  void stands_at(double y, double widest, const std::string& text, double confidence) {
    engine.reading_by = [=](const Pixels&, const Quad& quad) {
      const Box box = quad.bounds();
      const bool there = box.top < y && y < box.bottom && box.width() < widest && box.left < 490 &&
                         490 < box.right;
      return there ? reading_of(text, confidence) : LineReading{};
    };
  }

  ScriptedEngine engine;
  CleanPage page;
  std::vector<TextLine> lines;
};

TEST_F(UnderSeals, ACellThatWasNotFoundIsRead) {
  stands_at(502, 140, "626.86", 0.97);
  read();
  EXPECT_THAT(texts(), ElementsAre("182.38", "332.99", "201612", "本年合计", "626.86"));
  EXPECT_NEAR(lines.back().quad.bounds().top, 492.4, 0.01);
}

TEST_F(UnderSeals, ABetterReadingTakesThePlaceOfAPiece) {
  lines.push_back(line_at({445, 470, 520, 530}, "会7保8", 0.5));
  stands_at(502, 140, "626.86", 0.97);
  read();
  EXPECT_THAT(texts(), ElementsAre("182.38", "332.99", "201612", "本年合计", "626.86"));
}

TEST_F(UnderSeals, AWorseOneDoesNot) {
  lines.push_back(line_at({455, 490, 525, 514}, "626.86", 0.9));
  stands_at(502, 140, "62886", 0.8);
  read();
  EXPECT_EQ(lines.back().text, "626.86");
}

TEST_F(UnderSeals, NothingDoesNotReplaceAnything) {
  lines.push_back(line_at({455, 490, 525, 514}, "〇", 0.05));
  read();
  EXPECT_EQ(lines.back().text, "〇");
}

TEST_F(UnderSeals, ALineThatRunsIntoTheSealIsReadOn) {
  lines = {line_at({250, 440, 420, 464}, "单位名", 0.9)};
  engine.reading_by = [](const Pixels&, const Quad& quad) {
    const Box box = quad.bounds();
    return box.left < 260 && box.right > 560 ? reading_of("单位名称（章）：示例公司", 0.95)
                                             : LineReading{};
  };
  read();
  EXPECT_THAT(texts(), ElementsAre("单位名称（章）：示例公司"));
}

TEST_F(UnderSeals, ARingIsNoFigureOfAColumnOfFigures) {
  lines.push_back(line_at({445, 484, 520, 520}, "会7保8", 0.9));
  stands_at(502, 140, "1626.86", 0.8);
  read();
  EXPECT_EQ(lines.back().text, "1626.86");
}

TEST_F(UnderSeals, WhatTheRingLeavesAtTheEndsIsNoText) {
  engine.reading_by = [](const Pixels&, const Quad& quad) {
    const Box box = quad.bounds();
    if (box.top > 502 || box.bottom < 502 || box.left > 405 || box.right < 595)
      return LineReading{};
    LineReading reading = reading_of("（626.86）", 0.97);
    reading.chars.front().confidence = 0.3;
    reading.chars.pop_back();
    return reading;
  };
  read();
  EXPECT_EQ(lines.back().text, "626.86");
}

TEST_F(UnderSeals, CertainLinesAreNotReadAgain) {
  lines = {line_at({300, 490, 660, 514}, "甲方（公章）：", 1)};
  read();
  EXPECT_EQ(engine.readings, 0);
}

TEST_F(UnderSeals, OnlyBlackSealsAreLookedUnder) {
  page.seals[0].colour = "red";
  read();
  EXPECT_EQ(engine.readings, 0);
}

}  // namespace
}  // namespace archive
