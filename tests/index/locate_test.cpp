#include <gtest/gtest.h>

#include "core/utf8.h"
#include "index/page_index.h"

namespace archive {
namespace {

/// A line whose characters are as wide as it is high, 10 pixels.
TextLine line_at(double left, double top, const std::string& text) {
  TextLine line;
  line.text = text;
  const std::vector<std::string> parts = characters(text);
  const double count = static_cast<double>(parts.size());
  line.quad = Quad::of({left, top, left + 10 * count, top + 10});
  for (std::size_t i = 0; i < parts.size(); ++i) {
    line.chars.push_back({parts[i], (static_cast<double>(i) + 0.5) / count, 1});
  }
  return line;
}

PageLayout page_of(std::vector<TextLine> lines) { return {1000, 1000, 0, 0, std::move(lines)}; }

void expect_boxes(const std::string& query, const PageLayout& page, const std::vector<Box>& boxes) {
  const std::vector<Quad> quads = locate(query, page);
  ASSERT_EQ(quads.size(), boxes.size()) << query;
  // Of a line with characters of known places a tenth is margin, above and below.
  const double margin = page.lines.empty() || page.lines[0].vertical ? 0.1 : 1.1;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box found = quads[i].bounds();
    EXPECT_NEAR(found.left, boxes[i].left, 0.1) << query << " box " << i;
    EXPECT_NEAR(found.top, boxes[i].top, margin) << query << " box " << i;
    EXPECT_NEAR(found.right, boxes[i].right, 0.1) << query << " box " << i;
    EXPECT_NEAR(found.bottom, boxes[i].bottom, margin) << query << " box " << i;
  }
}

TEST(Locate, FindsThePlaceOfAPhrase) {
  const PageLayout page = page_of({line_at(100, 200, "参加社会保险登记")});
  expect_boxes("社会保险", page, {{120, 200, 160, 210}});
  expect_boxes("社會保險", page, {{120, 200, 160, 210}});
  expect_boxes("養老", page, {});
}

TEST(Locate, FindsEveryPlace) {
  const PageLayout page = page_of({line_at(0, 0, "退休退休"), line_at(0, 50, "已退休")});
  expect_boxes("退休", page, {{0, 0, 20, 10}, {20, 0, 40, 10}, {10, 50, 30, 60}});
}

TEST(Locate, FollowsAPhraseOverALineBreak) {
  const PageLayout page = page_of({line_at(500, 0, "参加社会"), line_at(0, 20, "保险登记")});
  expect_boxes("社会保险", page, {{520, 0, 540, 10}, {0, 20, 20, 30}});
  EXPECT_EQ(snippet_of("社会保险", page), "参加«社会保险»登记");
}

TEST(Locate, SeesThroughInsertedPinyin) {
  const PageLayout page = page_of({line_at(0, 0, "業(yè)務員")});
  expect_boxes("业务员", page, {{0, 0, 70, 10}});
}

TEST(Locate, FindsNumbersInAnotherSpelling) {
  const PageLayout page =
      page_of({line_at(0, 0, "于2004年6月30日退休"), line_at(0, 20, "1,234.50元"),
               line_at(0, 40, "110105 19491231 002X")});
  expect_boxes("2004-06-30", page, {{10, 0, 110, 10}});
  expect_boxes("1234.50", page, {{0, 20, 80, 30}});
  expect_boxes("11010519491231002x", page, {{0, 40, 200, 50}});
  expect_boxes("110105********002X", page, {{0, 40, 200, 50}});
  expect_boxes("id:002X", page, {{0, 40, 200, 50}, {160, 40, 200, 50}});
  expect_boxes("234", page, {{20, 20, 50, 30}});
  expect_boxes("34", page, {});
}

TEST(Locate, LeavesOutWhatWasNotWanted) {
  const PageLayout page = page_of({line_at(0, 0, "周示例已退休")});
  expect_boxes("周示例 -退休", page, {{0, 0, 30, 10}});
  expect_boxes("type:退休", page, {});
  expect_boxes("姓名:周示例", page, {{0, 0, 30, 10}});
  expect_boxes("work_unit:周示例 other_field:退休", page, {{0, 0, 30, 10}, {40, 0, 60, 10}});
}

TEST(Locate, MarksThePairsWhenThePhraseIsNotThere) {
  const PageLayout page = page_of({line_at(0, 0, "退休人员审批")});
  expect_boxes("退休审批", page, {{0, 0, 20, 10}, {40, 0, 60, 10}});
  expect_boxes("\"退休审批\"", page, {});
}

TEST(Locate, TurnsWithThePage) {
  TextLine upside_down = line_at(0, 0, "周示例已退休");
  upside_down.quad = {{{{60, 10}, {0, 10}, {0, 0}, {60, 0}}}};
  const std::vector<Quad> quads = locate("退休", page_of({upside_down}));
  ASSERT_EQ(quads.size(), 1u);
  EXPECT_NEAR(quads[0].corners[0].x, 20, 0.1) << "reading direction is kept";
  EXPECT_NEAR(quads[0].corners[1].x, 0, 0.1);
}

TEST(Locate, GoesDownAVerticalLine) {
  TextLine vertical = line_at(0, 0, "卷内备考表");
  vertical.vertical = true;
  vertical.quad = Quad::of({300, 100, 310, 150});
  expect_boxes("备考", page_of({vertical}), {{300, 120, 310, 140}});
}

TEST(Locate, DoesWithoutPlacesOfCharacters) {
  TextLine bare = line_at(0, 0, "周示例已退休");
  bare.chars.clear();
  expect_boxes("退休", page_of({bare}), {{40, 0, 60, 10}});

  TextLine spaced = line_at(0, 0, "周 示例");
  spaced.chars.erase(spaced.chars.begin() + 1);  // the reader gave the space no place
  expect_boxes("示例", page_of({spaced}), {{19, 0, 40, 10}});
}

TEST(Locate, SurvivesOddPagesAndQueries) {
  EXPECT_TRUE(locate("周", page_of({})).empty());
  EXPECT_TRUE(locate("", page_of({line_at(0, 0, "周")})).empty());
  EXPECT_TRUE(locate("(((", page_of({line_at(0, 0, "周")})).empty());
  EXPECT_TRUE(locate("周", page_of({TextLine{}, TextLine{}})).empty());
  TextLine broken = line_at(0, 0, "\xFF周\n示");
  broken.chars.resize(1);
  EXPECT_EQ(locate("周示", page_of({broken})).size(), 1u);
  EXPECT_EQ(snippet_of("no", page_of({line_at(0, 0, "周")})), "");
}

struct Shown {
  const char* name;
  const char* query;
  const char* expected;
};
class Snippet : public testing::TestWithParam<Shown> {};

TEST_P(Snippet, ShowsTheHitInItsLine) {
  const PageLayout page = page_of(
      {line_at(0, 0, "养老保险待遇核定表"), line_at(0, 20, "姓名 周示例 退休时间 2020年7月1日"),
       line_at(0, 40,
               "甲乙双方按国家和当地有关规定参加社会保险甲方为乙方办理有关社会保险手续并承担"
               "相应社会保险义务乙方应缴纳的社会保险费由甲方代扣代缴"),
       line_at(0, 60, "Example Street"), line_at(0, 80, "Number 12")});
  EXPECT_EQ(snippet_of(GetParam().query, page), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Snippet,
    testing::Values(
        Shown{"Word", "待遇", "养老保险«待遇»核定表"},
        Shown{"SeveralHits", "周示例 2020-07-01", "姓名 «周示例» 退休时间 «2020年7月1日»"},
        Shown{"LongLine", "代扣", "…承担相应社会保险义务乙方应缴纳的社会保险费由甲方«代扣»代缴"},
        Shown{"OverALineBreak", "\"street number\"", "Example «Street Number» 12"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace archive
