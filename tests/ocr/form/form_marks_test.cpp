#include <gtest/gtest.h>

#include "core/utf8.h"
#include "ocr/form/page_stamp.h"
#include "ocr/form/running_text.h"
#include "ocr/form/ticks.h"
#include "ocr/form/title.h"
#include "tests/ocr/form/form_page_builder.h"

namespace archive::form {
namespace {

std::vector<Sign> all_signs(const Sheet& sheet) {
  std::vector<Sign> signs;
  for (const Piece& piece : sheet.pieces) {
    signs.insert(signs.end(), piece.signs.begin(), piece.signs.end());
  }
  return signs;
}

/// Three options in a row, one of them ticked; the recogniser saw no box.
FormPageBuilder options_page(int ticked) {
  FormPageBuilder page;
  const char* options[] = {"合同制", "灵活就业", "其他"};
  int x = 300;
  for (int i = 0; i < 3; ++i) {
    page.box(x, 402, i == ticked);
    page.text(x + 32, 400, options[i]);
    x += 220;
  }
  return page;
}

class TickedOption : public testing::TestWithParam<int> {};

TEST_P(TickedOption, HasTheMostInk) {
  const RecognizedPage page = options_page(GetParam()).build();
  const auto found = ticked(all_signs(sheet_of(page)), {"合同制", "灵活就业", "其他"},
                            page.clean.pixels, FormPageBuilder::kEm);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->chosen, GetParam());
  EXPECT_GT(found->confidence, 0.8);
}

INSTANTIATE_TEST_SUITE_P(EachOne, TickedOption, testing::Values(0, 1, 2));

TEST(Ticks, WithoutATickThereIsDoubt) {
  const RecognizedPage page = options_page(-1).build();
  const auto found = ticked(all_signs(sheet_of(page)), {"合同制", "灵活就业", "其他"},
                            page.clean.pixels, FormPageBuilder::kEm);
  ASSERT_TRUE(found);
  EXPECT_LT(found->confidence, 0.7);
}

TEST(Ticks, ARuleBesideABoxIsNoTick) {
  FormPageBuilder page = options_page(1);
  page.rule(295, 300, 297, 600);
  const RecognizedPage built = page.build();
  EXPECT_EQ(ticked(all_signs(sheet_of(built)), {"合同制", "灵活就业", "其他"}, built.clean.pixels,
                   FormPageBuilder::kEm)
                ->chosen,
            1);
}

TEST(Ticks, OneOptionAloneIsNotAChoice) {
  const RecognizedPage page = options_page(0).build();
  EXPECT_FALSE(ticked(all_signs(sheet_of(page)), {"合同制"}, page.clean.pixels, 29));
}

struct Stamp {
  const char* name;
  double x, y;
  const char* text;
  const char* value;  // nullptr: no stamp
};
class PageStamp : public testing::TestWithParam<Stamp> {};

TEST_P(PageStamp, IsANumberAloneAtTheEdge) {
  FormPageBuilder page;
  page.title("退休审批表").text(200, 600, "姓名：张三").text(1380, 120, "表号-41");
  page.text(GetParam().x, GetParam().y, GetParam().text);
  const auto stamp = page_stamp_of(sheet_of(page.build()));
  ASSERT_EQ(stamp.has_value(), GetParam().value != nullptr);
  if (stamp) {
    EXPECT_EQ(stamp->value, GetParam().value);
  }
}

INSTANTIATE_TEST_SUITE_P(Examples, PageStamp,
                         testing::Values(Stamp{"TopRight", 1540, 60, "12", "12"},
                                         Stamp{"BottomRight", 1540, 2270, "12", "12"},
                                         Stamp{"BottomLeft", 80, 2270, "12", "12"},
                                         Stamp{"Padded", 1540, 60, "0012", "12"},
                                         Stamp{"Words", 1480, 60, "第12页", "12"},
                                         Stamp{"Dashes", 1500, 60, "-12-", "12"},
                                         Stamp{"InTheText", 800, 1000, "12", nullptr},
                                         Stamp{"FormNumber", 1380, 60, "表号-12", nullptr},
                                         Stamp{"TooManyDigits", 1400, 60, "20201231", nullptr}),
                         [](const auto& row) { return row.param.name; });

TEST(RunningText, FindsAPhraseAcrossTheEndOfALine) {
  FormPageBuilder page;
  page.text(300, 500, "请你单位于2022年8");
  page.text(200, 560, "月15日前到我处补缴");
  const RunningText text(sheet_of(page.build()));
  const auto found = text.find(Pattern::of("于([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)前"));
  EXPECT_EQ(printed_text(found), "2022年8月15日");
}

TEST(RunningText, APatternWithACaretSeesOneLine) {
  FormPageBuilder page;
  page.title("催缴通知书").text(1100, 300, "某人社催字〔2022〕699号");
  const RunningText text(sheet_of(page.build()));
  EXPECT_EQ(printed_text(text.find(Pattern::of("^([^0-9]{0,12}\\[[0-9]{4}\\][0-9]+号)"))),
            "某人社催字〔2022〕699号");
}

TEST(RunningText, ScrapsOfASealAreLeftOut) {
  FormPageBuilder page;
  page.text(200, 500, "担任");
  page.text(262, 500, "章", {.confidence = 0.3, .unsure = true});
  page.text(296, 500, "车工岗位");
  EXPECT_EQ(RunningText(sheet_of(page.build())).text(), "担任车工岗位");
}

TEST(Title, IsLargeCentredAndHigh) {
  FormPageBuilder page;
  page.title("基本养老金核定表");
  page.text(200, 400, "单位名称：某某公司").text(200, 1900, "注：计算公式");
  const auto titles = title_lines(sheet_of(page.build()));
  ASSERT_FALSE(titles.empty());
  EXPECT_EQ(titles.front().printed, "基本养老金核定表");
  EXPECT_GT(titles.front().prominence, 0.8);
}

TEST(Title, PartsOfASpreadTitleAreJoined) {
  FormPageBuilder page;
  page.text(500, 160, "劳动", {.em = 60}).text(680, 160, "合同书", {.em = 60});
  page.text(200, 900, "甲方：某某公司");
  EXPECT_EQ(title_lines(sheet_of(page.build())).front().printed, "劳动合同书");
}

}  // namespace
}  // namespace archive::form
