#include "ocr/text/reading_order.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

std::string order_of(std::vector<std::pair<std::string, Box>> places,
                     std::optional<double> gutter = {}) {
  std::vector<TextLine> lines;
  for (auto& [text, box] : places) {
    TextLine line;
    line.text = text;
    line.quad = Quad::of(box);
    lines.push_back(line);
  }
  put_in_reading_order(lines, gutter);
  std::string order;
  for (const TextLine& line : lines) order += line.text;
  return order;
}

TEST(ReadingOrder, RowsFromTheTopAndWithinThemFromTheLeft) {
  EXPECT_EQ(order_of({{"d", {300, 100, 400, 120}},
                      {"a", {100, 50, 200, 70}},
                      {"c", {100, 104, 200, 124}},
                      {"b", {300, 46, 400, 66}}}),
            "abcd");
}

TEST(ReadingOrder, ATallLabelDoesNotSwallowTheRowsBesideIt) {
  EXPECT_EQ(order_of({{"tall", {20, 40, 40, 200}},
                      {"1", {100, 50, 200, 70}},
                      {"2", {300, 50, 400, 70}},
                      {"3", {100, 170, 200, 190}}}),
            "tall123");
}

TEST(ReadingOrder, TheLeftPageBeforeTheRightOne) {
  const std::vector<std::pair<std::string, Box>> spread = {{"3", {600, 40, 900, 60}},
                                                           {"1", {100, 50, 400, 70}},
                                                           {"4", {600, 90, 900, 110}},
                                                           {"2", {100, 92, 400, 112}}};
  EXPECT_EQ(order_of(spread, 500), "1234");
  EXPECT_EQ(order_of(spread), "1324");
}

TEST(ReadingOrder, OfNothingIsNothing) { EXPECT_EQ(order_of({}), ""); }

}  // namespace
}  // namespace archive
