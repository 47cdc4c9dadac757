#include "ocr/page/orphans.h"

#include <gtest/gtest.h>

#include "tests/ocr/scripted_engine.h"

namespace archive {
namespace {

Box bounds_of(const TextPatch& patch) {
  return {patch.outline[0].x, patch.outline[0].y, patch.outline[2].x, patch.outline[2].y};
}

TEST(Orphans, AMarkThatNoLineCoversIsAPatchOfItsOwn) {
  const auto found = orphans_of({{500, 20, 520, 50}}, {patch_of({20, 20, 300, 50})});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(bounds_of(found[0]), (Box{500, 20, 520, 50}));
  EXPECT_GT(found[0].margin, 0);
}

TEST(Orphans, WhatLiesInALineBelongsToIt) {
  EXPECT_TRUE(orphans_of({{40, 25, 60, 45}}, {patch_of({20, 20, 300, 50})}).empty());
}

// A number stamped beside the form's own number was taken for a part of it, and lost.
TEST(Orphans, ANumberStampedIntoTheMarginOfALineIsItsOwn) {
  const auto found = orphans_of({{302, 10, 326, 50}}, {patch_of({20, 20, 300, 50}, 6)});
  EXPECT_EQ(found.size(), 1u);
}

TEST(Orphans, FiguresSideBySideAreOneNumber) {
  const auto found = orphans_of({{500, 20, 520, 50}, {526, 20, 546, 50}}, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(bounds_of(found[0]), (Box{500, 20, 546, 50}));
}

// The detector had seen the middle of an 8, and K was read.
TEST(Orphans, APatchInTheMiddleOfAMarkIsTheMark) {
  const Box mark{2301, 86, 2338, 155};
  const auto whole =
      whole_marks({mark}, {patch_of({2311, 106, 2332, 128}), patch_of({20, 20, 300, 50})});
  ASSERT_EQ(whole.size(), 2u);
  EXPECT_EQ(bounds_of(whole[0]), mark);
  EXPECT_EQ(bounds_of(whole[1]), (Box{20, 20, 300, 50}));
  EXPECT_TRUE(orphans_of({mark}, whole).empty());
}

TEST(Orphans, APatchThatHoldsItsMarkStays) {
  const auto whole = whole_marks({{100, 20, 120, 50}}, {patch_of({98, 22, 123, 49})});
  EXPECT_EQ(bounds_of(whole[0]), (Box{98, 22, 123, 49}));
}

TEST(Orphans, APageFullOfThemHasAPictureOnIt) {
  std::vector<Box> marks;
  for (int i = 0; i < 101; ++i) {
    const double left = 100.0 * (i % 20), top = 100.0 * (i / 20);
    marks.push_back({left, top, left + 20, top + 30});
  }
  EXPECT_TRUE(orphans_of(marks, {}).empty());
  marks.pop_back();
  EXPECT_EQ(orphans_of(marks, {}).size(), 100u);
}

}  // namespace
}  // namespace archive
