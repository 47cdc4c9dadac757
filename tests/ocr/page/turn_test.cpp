#include "ocr/page/turn.h"

#include <gtest/gtest.h>

#include "ocr/page/show_through.h"
#include "tests/ocr/drawing.h"
#include "tests/ocr/scripted_engine.h"

namespace archive {
namespace {

std::vector<TextPatch> rows() {
  std::vector<TextPatch> patches;
  for (int i = 0; i < 20; ++i) patches.push_back(patch_of({100, 50.0 * i, 700, 50.0 * i + 24}));
  return patches;
}

std::vector<TextPatch> columns() {
  std::vector<TextPatch> patches;
  for (int i = 0; i < 20; ++i) patches.push_back(patch_of({50.0 * i, 100, 50.0 * i + 24, 700}));
  return patches;
}

int rotation_of(const std::vector<TextPatch>& patches, bool on_its_head) {
  ScriptedEngine engine;
  engine.upside_down_by = [=](const Quad&) { return on_its_head ? 0.98 : 0.02; };
  const std::vector<double> weights(patches.size(), 1.0);
  return find_turn(engine, white_sheet(1100, 1100), patches, weights).rotation;
}

TEST(Turn, IsToldByTheShapeOfLinesAndTheHeadsOfLetters) {
  EXPECT_EQ(rotation_of(rows(), false), 0);
  EXPECT_EQ(rotation_of(rows(), true), 180);
  const int sideways = rotation_of(columns(), false);
  const int other_way = rotation_of(columns(), true);
  EXPECT_EQ(sideways % 180, 90);
  EXPECT_EQ((sideways + 180) % 360, other_way);
}

TEST(Turn, OfABarePageIsNone) {
  ScriptedEngine engine;
  EXPECT_EQ(find_turn(engine, white_sheet(800, 1100), {}, {}).rotation, 0);
}

/// Reads well when the quad runs from left to right, or when it is mirrored.
LineReading reads_when(bool mirrored, const Quad& quad) {
  const bool is_mirrored = quad.corners[1].x < quad.corners[0].x;
  return {{{"字", 0.5, 0.5}}, is_mirrored == mirrored ? 0.95 : 0.3};
}

TEST(ShowThrough, IsWhatReadsBetterMirrored) {
  const std::vector<Quad> lines(6, Quad::of({100, 100, 700, 130}));
  for (const bool mirrored : {true, false}) {
    ScriptedEngine engine;
    engine.reading_by = [=](const Pixels&, const Quad& q) { return reads_when(mirrored, q); };
    EXPECT_EQ(shines_through(engine, white_sheet(800, 200), lines), mirrored);
  }
}

// Each line is read as it is seen; what reads surely need not be turned over.
TEST(ShowThrough, IsNotLookedForFurtherThanItCanBe) {
  const std::vector<Quad> lines(6, Quad::of({100, 100, 700, 130}));
  const auto readings = [&](double as_seen) {
    ScriptedEngine engine;
    int count = 0;
    engine.reading_by = [&](const Pixels&, const Quad&) {
      ++count;
      return LineReading{{{"字", 0.5, 0.5}}, count <= 6 ? as_seen : 0.3};
    };
    EXPECT_FALSE(shines_through(engine, white_sheet(800, 200), lines));
    return count;
  };
  EXPECT_EQ(readings(0.99), 6);
  EXPECT_EQ(readings(0.7), 6 + 2 * 3);  // after three of six the others cannot turn it
}

}  // namespace
}  // namespace archive
