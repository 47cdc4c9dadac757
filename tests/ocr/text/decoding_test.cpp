#include <gtest/gtest.h>

#include <cmath>

#include "ocr/text/recognizer.h"

namespace archive {
namespace {

/// One step of a network's answer: what is likely in it, the rest being the gap.
struct Step {
  std::string likely;
  float probability = 0.98F;
};

const Step kGap{"", 0};

class Decoding : public testing::Test {
 protected:
  const std::vector<std::string> known_{"社", "保", "险", "1", "2", "3", "沅"};
  const Alphabet alphabet_{known_};

  LineReading decode(const std::vector<Step>& steps, const std::vector<bool>& inked = {}) const {
    std::vector<float> answer;
    for (const Step& step : steps) {
      std::vector<float> row(alphabet_.classes(), 0);
      row[0] = 1 - step.probability;
      for (std::size_t i = 0; i < known_.size(); ++i) {
        if (known_[i] == step.likely) row[i + 1] = step.probability;
      }
      answer.insert(answer.end(), row.begin(), row.end());
    }
    return decode_steps(answer, alphabet_, inked);
  }

  static std::string text(const LineReading& reading) {
    std::string text;
    for (const TextChar& c : reading.chars) text += c.text;
    return text;
  }
};

TEST_F(Decoding, RepeatsAreOneCharacterAndAGapPartsTwins) {
  EXPECT_EQ(text(decode({{"社"}, {"社"}, kGap, {"保"}, kGap, {"保"}})), "社保保");
}

TEST_F(Decoding, ACharacterIsAsSureAsItsSurestStepAndStandsInTheMiddleOfThem) {
  const LineReading reading = decode({kGap, {"社", 0.6F}, {"社", 0.9F}, kGap});
  ASSERT_EQ(reading.chars.size(), 1u);
  EXPECT_NEAR(reading.chars[0].confidence, 0.9, 1e-6);
  EXPECT_NEAR(reading.chars[0].position, 0.5, 1e-6);
}

TEST_F(Decoding, MarksSayHowLikelyACharacterIsRightAndWhetherAPenDrewIt) {
  std::vector<float> answer(2 * alphabet_.classes(), 0);
  answer[1] = 0.5F;                        // 社, logit 0
  answer[alphabet_.classes() + 2] = 0.5F;  // 保
  const std::vector<float> marks = {-2, 3, 1, 2, -3, 1};
  const LineReading reading = decode_steps(answer, alphabet_, {}, marks);
  ASSERT_EQ(reading.chars.size(), 2u);
  EXPECT_NEAR(reading.chars[0].confidence, 1 / (1 + std::exp(-3.0)), 1e-6);
  EXPECT_NEAR(reading.chars[1].confidence, 1 / (1 + std::exp(3.0)), 1e-6);
  EXPECT_LT(reading.chars[0].by_hand, 0);
  EXPECT_GT(reading.chars[1].by_hand, 0);
  EXPECT_NEAR(reading.confidence, 0.5, 1e-6);  // by which readings are chosen
}

TEST_F(Decoding, ADoubtfulCharacterKeepsWhatItMayHaveBeenInstead) {
  std::vector<float> row(alphabet_.classes(), 0);
  row[1] = 0.6F, row[2] = 0.1F, row[3] = 0.2F, row[4] = 0.001F, row[0] = 0.099F;
  const LineReading reading = decode_steps(row, alphabet_);
  ASSERT_EQ(reading.chars.size(), 1u);
  ASSERT_EQ(reading.chars[0].alternatives.size(), 2u);
  EXPECT_EQ(reading.chars[0].alternatives[0].text, "险");
  EXPECT_EQ(reading.chars[0].alternatives[1].text, "保");
  EXPECT_TRUE(decode({{"社", 0.999F}}).chars[0].alternatives.empty());
}

// 一、劳动合同期限 would have become 、劳动合同期限.
TEST_F(Decoding, WhatLosesToTheGapAtAnEndIsSeenByItsInk) {
  const std::vector<Step> steps = {{"沅", 0.3F}, kGap, kGap,   kGap, kGap, {"社"}, kGap, kGap,
                                   kGap,         kGap, {"保"}, kGap, kGap, kGap,   kGap, {"险"}};
  std::vector<bool> inked(steps.size(), true);
  EXPECT_EQ(text(decode(steps, inked)), "沅社保险");
  inked[0] = false;
  EXPECT_EQ(text(decode(steps, inked)), "社保险");
}

TEST_F(Decoding, NothingIsReadFromGaps) {
  const LineReading reading = decode({kGap, kGap, kGap});
  EXPECT_TRUE(reading.chars.empty());
  EXPECT_EQ(reading.confidence, 0);
}

// 临沅县 would have become 临县 without a trace.
TEST_F(Decoding, ARareCharacterThatLosesToTheGapIsSeenByItsPlace) {
  const std::vector<Step> steps = {{"社"}, kGap, kGap,         kGap, kGap, {"保"}, kGap, kGap,
                                   kGap,   kGap, {"沅", 0.3F}, kGap, kGap, kGap,   kGap, {"险"}};
  const LineReading reading = decode(steps);
  EXPECT_EQ(text(reading), "社保沅险");
  EXPECT_NEAR(reading.chars[2].confidence, 0.3, 1e-6);
}

// 第八条　甲方 was read as 第八条一甲方.
TEST_F(Decoding, NothingIsPutBackWhereThePaperIsBare) {
  const std::vector<Step> steps = {{"社"}, kGap, kGap,         kGap, kGap, {"保"}, kGap, kGap,
                                   kGap,   kGap, {"沅", 0.3F}, kGap, kGap, kGap,   kGap, {"险"}};
  std::vector<bool> inked(steps.size(), true);
  inked[10] = false;
  EXPECT_EQ(text(decode(steps, inked)), "社保险");
}

TEST_F(Decoding, AFigureThatLosesToTheGapIsSeenByItsPlaceAmongFigures) {
  const std::vector<Step> steps = {{"1"},       kGap, {"2"}, kGap, {"3"}, kGap,
                                   {"2", 0.4F}, kGap, {"1"}, kGap, {"3"}};
  EXPECT_EQ(text(decode(steps)), "123213");
}

TEST_F(Decoding, NothingIsPutBetweenNeighboursThatStandClose) {
  const std::vector<Step> steps = {{"社"}, kGap, kGap,        kGap, kGap,  {"保"},
                                   kGap,   kGap, {"1", 0.4F}, kGap, {"险"}};
  EXPECT_EQ(text(decode(steps)), "社保险");
}

}  // namespace
}  // namespace archive
