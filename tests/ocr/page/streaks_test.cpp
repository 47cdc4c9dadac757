#include "ocr/page/streaks.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

constexpr std::uint8_t kPaper = 240, kMarkInk = 20;

/// A page of A4 at 150 dpi with marks like lines of text between margins.
Pixels lined_sheet() {
  Pixels sheet = white_sheet(1240, 1754);
  fill(sheet, 0, 0, sheet.width, sheet.height, kPaper);
  for (int y = 150; y < 1600; y += 40) {
    for (int x = 120; x < 1120; x += 24) fill(sheet, x, y, 14, 20, kMarkInk);
  }
  return sheet;
}

/// Dirt over columns: what passes is so many percent.
void dirt(Pixels& sheet, int left, int width, int percent) {
  for (int y = 0; y < sheet.height; ++y) {
    for (int x = left; x < left + width; ++x) {
      sheet.row(y)[x] = static_cast<std::uint8_t>(sheet.row(y)[x] * percent / 100);
    }
  }
}

Pixels cleaned(Pixels sheet) {
  remove_streaks(sheet, find_streaks(sheet));
  return sheet;
}

TEST(Streaks, AGreyOneIsTakenAwayAndWhatShowsThroughStays) {
  const Pixels clean = lined_sheet();
  Pixels sheet = clean;
  dirt(sheet, 700, 2, 70);
  const auto found = find_streaks(sheet);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].upright);
  EXPECT_EQ(found[0].first, 700);
  EXPECT_EQ(found[0].last, 701);
  const Pixels restored = cleaned(sheet);
  for (int y = 0; y < sheet.height; ++y) {
    ASSERT_NEAR(restored.row(y)[700], clean.row(y)[700], 6) << y;
  }
}

TEST(Streaks, UnderABlackOneWhatIsDarkOnBothSidesStaysDark) {
  Pixels sheet = lined_sheet();
  fill(sheet, 100, 800, 1000, 3, kMarkInk);  // a rule
  dirt(sheet, 693, 2, 2);                    // beside a mark
  const Pixels restored = cleaned(sheet);
  EXPECT_EQ(restored.row(60)[693], kPaper);
  EXPECT_EQ(restored.row(801)[693], kMarkInk);
  EXPECT_EQ(restored.row(155)[684], kMarkInk) << "the marks are left alone";
}

TEST(Streaks, AlongTheRowsOfASheetThatWasFedSideways) {
  Pixels sheet = lined_sheet();
  for (int x = 0; x < sheet.width; ++x) {
    sheet.row(1000)[x] = static_cast<std::uint8_t>(sheet.row(1000)[x] * 7 / 10);
  }
  const auto found = find_streaks(sheet);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_FALSE(found[0].upright);
  EXPECT_EQ(found[0].first, 1000);
  EXPECT_NEAR(cleaned(sheet).row(1000)[60], kPaper, 3);
}

TEST(Streaks, RulesAndFramesThatLeaveTheMarginsStay) {
  Pixels sheet = lined_sheet();
  fill(sheet, 700, 100, 2, 1560, kMarkInk);
  fill(sheet, 60, 800, 1120, 2, kMarkInk);
  EXPECT_TRUE(find_streaks(sheet).empty());
}

TEST(Streaks, ABroadBandIsNone) {
  Pixels sheet = lined_sheet();
  dirt(sheet, 700, 12, 60);
  EXPECT_TRUE(find_streaks(sheet).empty());
}

TEST(Streaks, APictureOfManyLinesIsNoSheetWithStreaks) {
  Pixels sheet = lined_sheet();
  for (int x = 60; x < 1180; x += 40) dirt(sheet, x, 2, 60);
  EXPECT_TRUE(find_streaks(sheet).empty());
}

TEST(Streaks, NothingInSmallAndEmptyPictures) {
  EXPECT_TRUE(find_streaks(white_sheet(1, 1)).empty());
  EXPECT_TRUE(find_streaks(white_sheet(40, 2000)).empty());
  EXPECT_TRUE(find_streaks(lined_sheet()).empty());
}

}  // namespace
}  // namespace archive
