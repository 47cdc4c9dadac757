#include "ocr/text/column.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"
#include "tests/ocr/scripted_engine.h"

namespace archive {
namespace {

/// Three characters below each other; the middle one is two strokes apart, as 二 is.
Pixels column_of_three() {
  Pixels sheet = white_sheet(60, 240);
  frame(sheet, 10, 20, 40, 6);
  fill(sheet, 10, 100, 40, 8);
  fill(sheet, 10, 126, 40, 8);
  frame(sheet, 10, 180, 40, 6);
  return sheet;
}

TEST(Column, CharactersAreReadSideBySideAndKeepTheirPlaces) {
  ScriptedEngine engine;
  Pixels seen;
  engine.reading_by = [&](const Pixels& row, const Quad&) {
    seen = row;
    return LineReading{{{"口", 1 / 6.0, 0.9}, {"二", 0.5, 0.9}, {"口", 5 / 6.0, 0.9}}, 0.9};
  };
  const Pixels sheet = column_of_three();
  const LineReading reading = read_column(engine, sheet, Quad::of({5, 10, 55, 230}));
  EXPECT_EQ(seen.width, 3 * seen.height);
  ASSERT_EQ(reading.chars.size(), 3u);
  const auto y_of = [&](std::size_t i) { return 10 + 220 * reading.chars[i].position; };
  EXPECT_NEAR(y_of(0), 40, 8);
  EXPECT_NEAR(y_of(1), 117, 8);
  EXPECT_NEAR(y_of(2), 200, 8);
}

TEST(Column, OneCharacterIsNoColumn) {
  ScriptedEngine engine;
  Pixels sheet = white_sheet(60, 240);
  frame(sheet, 10, 20, 40, 6);
  EXPECT_TRUE(read_column(engine, sheet, Quad::of({5, 10, 55, 230})).chars.empty());
  EXPECT_EQ(engine.readings, 0);
}

TEST(Column, BarePaperIsNotRead) {
  ScriptedEngine engine;
  EXPECT_TRUE(read_column(engine, white_sheet(60, 240), Quad::of({5, 10, 55, 230})).chars.empty());
  EXPECT_EQ(engine.readings, 0);
}

}  // namespace
}  // namespace archive
