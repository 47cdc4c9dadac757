#include "core/running_text.h"

#include <gtest/gtest.h>

#include "core/utf8.h"

namespace archive {
namespace {

/// A line 20 high whose characters stand evenly, as wide as it needs for square ones.
TextLine line_of(const std::string& text) {
  TextLine line;
  line.text = text;
  const auto parts = characters(text);
  const double count = static_cast<double>(parts.size());
  line.quad = Quad::of({100, 50, 100 + 20 * count, 70});
  for (std::size_t i = 0; i < parts.size(); ++i) {
    line.chars.push_back({parts[i], (static_cast<double>(i) + 0.5) / count, 0.9});
  }
  return line;
}

struct Case {
  const char* read;
  const char* given_out;
};

class Blanks : public testing::TestWithParam<Case> {};

TEST_P(Blanks, AreKeptWhereTheyPartWords) {
  EXPECT_EQ(text_of(running_text(line_of(GetParam().read))), GetParam().given_out);
}

INSTANTIATE_TEST_SUITE_P(Lines, Blanks,
                         testing::Values(Case{"姓 名", "姓名"}, Case{"第八条　甲方", "第八条甲方"},
                                         Case{"以上属实 ，同意。", "以上属实，同意。"},
                                         Case{"（ 盖章 ）", "（盖章）"},
                                         Case{"No 12  of 30", "No 12 of 30"},
                                         Case{"2004 年", "2004 年"}, Case{"姓名 ABC", "姓名 ABC"},
                                         Case{"  两端 ", "两端"}, Case{"\t1\n2", "1 2"},
                                         Case{"\u00A0x\u2003y", "x y"}, Case{"𠀀 㐀", "𠀀㐀"},
                                         Case{" ", ""}, Case{"", ""}));

TEST(RunningText, LettersLieEndToEndOverTheirLine) {
  for (const char* text : {"社会保险", "No 12 of", "张 三", "a", "11111111111111111111"}) {
    const auto letters = running_text(line_of(text));
    ASSERT_FALSE(letters.empty());
    EXPECT_GE(letters.front().from, 0);
    EXPECT_LE(letters.back().to, 1);
    for (std::size_t i = 1; i < letters.size(); ++i) {
      EXPECT_EQ(letters[i].from, letters[i - 1].to) << text;
    }
    for (const Letter& letter : letters) EXPECT_GT(letter.to, letter.from) << text;
  }
}

TEST(RunningText, AreMetHalfWayBetweenTheirCentres) {
  const auto letters = running_text(line_of("社会"));
  EXPECT_DOUBLE_EQ(letters[0].from, 0);
  EXPECT_DOUBLE_EQ(letters[0].to, 0.5);
  EXPECT_DOUBLE_EQ(letters[1].to, 1);
}

// Positions that the recognizer put at one place, or in the wrong order.
TEST(RunningText, NoLetterIsLostOnAnother) {
  TextLine line = line_of("12345");
  for (TextChar& c : line.chars) c.position = 0.99;
  line.chars[4].position = 0.1;
  const auto letters = running_text(line);
  ASSERT_EQ(text_of(letters), "12345");
  for (const Letter& letter : letters) {
    EXPECT_GT(letter.to - letter.from, 0.03);
    EXPECT_GE(letter.from, 0);
    EXPECT_LE(letter.to, 1);
  }
}

TEST(RunningText, ABlankIsWideEnoughToBeSeen) {
  TextLine line = line_of("ab cd");
  const double places[] = {0.1, 0.30, 0.33, 0.36, 0.6};
  for (std::size_t i = 0; i < line.chars.size(); ++i) line.chars[i].position = places[i];
  const auto letters = running_text(line);
  ASSERT_TRUE(letters[2].blank());
  EXPECT_GE((letters[2].to - letters[2].from) * line.quad.width(), 0.29 * line.quad.height());
}

TEST(RunningText, TakesTheTextOfALineWhoseCharactersDoNotAgreeWithIt) {
  TextLine line = line_of("社会保险");
  line.chars.pop_back();
  EXPECT_EQ(text_of(running_text(line)), "社会保险");
  line.chars.clear();
  const auto letters = running_text(line);
  EXPECT_EQ(text_of(letters), "社会保险");
  EXPECT_DOUBLE_EQ(letters[1].to, 0.5);
}

TEST(RunningText, ATextLayersOwnBlanksAreKept) {
  TextLine line = line_of("ab");
  line.text = "a b";
  EXPECT_EQ(text_of(running_text(line)), "a b");
}

TEST(RunningText, WordsAreWhatBlanksPart) {
  const auto letters = running_text(line_of("No 12 张三"));
  const auto words = words_of(letters);
  ASSERT_EQ(words.size(), 3u);
  EXPECT_EQ(words[1].first, 3u);
  EXPECT_EQ(words[1].last, 5u);
  EXPECT_NEAR(confidence_of(letters, words[1]), 0.9, 1e-9);
}

TEST(RunningText, AVerticalLineIsReadAlongItsLongSide) {
  TextLine line = line_of("填表");
  line.quad = Quad::of({100, 50, 120, 90});
  line.vertical = true;
  const Quad along = along_reading(line);
  EXPECT_EQ(along.corners[0], (Point{120, 50}));
  EXPECT_EQ(along.corners[1], (Point{120, 90}));
  EXPECT_EQ(along.corners[3], (Point{100, 50}));
  const auto letters = running_text(line);
  const Quad second = part_of(line, letters[1].from, letters[1].to);
  EXPECT_EQ(second, Quad::of({100, 70, 120, 90}));
}

}  // namespace
}  // namespace archive
