#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "config/forms.h"
#include "core/utf8.h"
#include "ocr/form/blocks.h"
#include "tests/ocr/form/form_page_builder.h"
#include "tests/source_root.h"

namespace archive::form {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

const LabelBook& book() {
  static const LabelBook built(FormCatalogue::load(source_root() / "config"));
  return built;
}

Blocks blocks_of_page(const FormPageBuilder& page) {
  const RecognizedPage built = page.build();
  return blocks_of(sheet_of(built), RuledLines::find(built.clean), book());
}

std::vector<std::string> texts(const Blocks& blocks) {
  std::vector<std::string> all;
  for (const Block& block : blocks.list) all.push_back(utf8(block.text));
  return all;
}

int block_with(const Blocks& blocks, std::string_view text) {
  for (int i = 0; i < blocks.size(); ++i) {
    if (utf8(blocks[i].text) == text) return i;
  }
  return -1;
}

TEST(Blocks, ACellIsOneBlockHoweverManyLinesItHas) {
  FormPageBuilder page;
  page.cell(200, 400, 420, 500).text(212, 415, "个人账户累计").text(212, 455, "储存额");
  page.cell(420, 400, 800, 500, "128463.39");
  EXPECT_THAT(texts(blocks_of_page(page)), UnorderedElementsAre("个人账户累计储存额", "128463.39"));
}

// Two heads of two lines each: the first lines had been found as one, close below the rule on top.
TEST(Blocks, ALineAcrossTwoCellsIsPartedAlsoAtTheTopOfATable) {
  FormPageBuilder page;
  page.cell(200, 400, 388, 480).cell(388, 400, 600, 480);
  page.text(214, 404, "上年月平均工申报缴费基数").text(250, 446, "资").text(470, 446, "元");
  EXPECT_THAT(texts(blocks_of_page(page)), ElementsAre("上年月平均工资", "申报缴费基数元"));
}

// The left of a ring is as straight as a rule for a line's height: 银行账 and 号 were two cells.
TEST(Blocks, TheRingOfASealPartsNoText) {
  FormPageBuilder page;
  page.cell(200, 400, 600, 480).text(230, 425, "银行账号");
  page.cell(600, 400, 1000, 480, "6299192231657389271");
  page.ring(318 + 150, 440, 150);
  EXPECT_THAT(texts(blocks_of_page(page)), ElementsAre("银行账号", "6299192231657389271"));
}

// A rule between two cells may run through a seal.
TEST(Blocks, ARuleThatRunsThroughASealStillPartsTheText) {
  FormPageBuilder page;
  page.cell(200, 400, 600, 480, "银行账号").cell(600, 400, 1000, 480, "6299192231657389271");
  page.ring(600, 440, 150);
  EXPECT_THAT(texts(blocks_of_page(page)), ElementsAre("银行账号", "6299192231657389271"));
}

// The nearest text beside a label was 4: the ring of the seal over the cell.
TEST(Blocks, AStrokeOfARingThatWasReadAsAFigureIsNoText) {
  FormPageBuilder page;
  page.cell(200, 400, 420, 480, "本年记账利息").cell(420, 400, 1000, 480);
  page.text(610, 426, "4").text(700, 426, "192.69").text(940, 426, "8");
  page.ring(468 + 300, 440, 150);
  EXPECT_THAT(texts(blocks_of_page(page)), ElementsAre("本年记账利息", "192.698"))
      << "a figure beside the ring stays";
}

/// A piece that runs downwards: its characters at even steps.
void add_downwards(FormPageBuilder& page, double x, double y, std::string_view words) {
  page.text(x, y, words);
  TextLine& line = page.page().lines.back();
  const auto count = static_cast<double>(line.chars.size());
  line.vertical = true;
  line.quad = Quad::of({x, y, x + FormPageBuilder::kEm, y + count * 1.3 * FormPageBuilder::kEm});
  for (std::size_t i = 0; i < line.chars.size(); ++i) {
    line.chars[i].position = (static_cast<double>(i) + 0.5) / count;
  }
}

// The detector took the first characters of two lines for one piece that runs downwards.
TEST(Blocks, APieceAcrossTwoLinesIsReadWithEach) {
  FormPageBuilder page;
  page.cell(200, 400, 600, 500);
  add_downwards(page, 220, 412, "云基");
  page.text(250, 416, "岫市社会保险").text(250, 454, "金管理中心");
  EXPECT_THAT(texts(blocks_of_page(page)), ElementsAre("云岫市社会保险基金管理中心"));
}

TEST(Blocks, AHeadThatRunsDownwardsStaysWhole) {
  FormPageBuilder page;
  page.cell(200, 400, 260, 560).cell(260, 400, 700, 480, "姓名").cell(260, 480, 700, 560, "电话");
  add_downwards(page, 214, 440, "死者");
  EXPECT_THAT(texts(blocks_of_page(page)), Contains("死者"));
}

TEST(Blocks, ALineReadAcrossARuleIsTwoCells) {
  FormPageBuilder page;
  page.cell(200, 400, 420, 480).cell(420, 400, 800, 480);
  page.text(360, 425, "姓名张三丰");  // 姓名 ends at 418
  EXPECT_THAT(texts(blocks_of_page(page)), UnorderedElementsAre("姓名", "张三丰"));
}

TEST(Blocks, AWideGapPartsALine) {
  FormPageBuilder page;
  page.text(200, 400, "姓名：张三      性别：男");
  EXPECT_THAT(texts(blocks_of_page(page)), UnorderedElementsAre("姓名:张三", "性别:男"));
}

TEST(Blocks, ALostCharacterDoesNotPartALine) {
  FormPageBuilder page;
  page.text(200, 400, "某  市凯旋食品有限公司");  // a hole of one em
  EXPECT_THAT(texts(blocks_of_page(page)), ElementsAre("某市凯旋食品有限公司"));
}

TEST(Blocks, ASpreadLabelIsOneBlock) {
  FormPageBuilder page;
  page.text(200, 400, "甲").text(290, 400, "方：").text(420, 400, "某某有限公司");
  EXPECT_THAT(texts(blocks_of_page(page)), Contains("甲方:"));
}

TEST(Blocks, AFrameIsNoCell) {
  FormPageBuilder page;
  page.cell(150, 300, 1500, 2000);
  page.text(200, 400, "立卷人：").text(200, 900, "检查人：");
  for (const Block& block : blocks_of_page(page).list) EXPECT_FALSE(block.ruled);
}

// The line on which a blank is filled in is no rule of a table.
TEST(Blocks, AnUnderlineDoesNotCutACell) {
  FormPageBuilder page;
  page.cell(200, 400, 1200, 520).text(220, 420, "第一行文字").text(220, 470, "第二行文字");
  page.rule(220, 455, 500, 456);
  const Blocks blocks = blocks_of_page(page);
  ASSERT_EQ(blocks.size(), 1);
  EXPECT_NEAR(blocks[0].cell.bottom, 520, 6);
}

TEST(Blocks, KnowTheirNeighbours) {
  FormPageBuilder page;
  page.row(400, 480, {200, 420, 800, 1000, 1500}, {"姓名", "张三", "性别", "男"});
  page.row(480, 560, {200, 420, 800, 1000, 1500}, {"民族", "", "出生日期", "1960.7.1"});
  const Blocks blocks = blocks_of_page(page);
  const int name = block_with(blocks, "姓名"), ethnic = block_with(blocks, "民族");
  const int birth = block_with(blocks, "出生日期");
  EXPECT_EQ(blocks.right_of(name), block_with(blocks, "张三"));
  EXPECT_EQ(blocks.below(name), ethnic);
  EXPECT_EQ(blocks.right_of(ethnic), birth);
  EXPECT_TRUE(blocks.empty_between(ethnic, birth));
  EXPECT_FALSE(blocks.empty_between(name, block_with(blocks, "张三")));
  EXPECT_EQ(blocks.right_of(block_with(blocks, "男")), -1);
}

TEST(RuledLines, WithoutAPictureThereAreNone) {
  EXPECT_FALSE(RuledLines::find(CleanPage()).any());
  EXPECT_FALSE(RuledLines().cell_around({10, 10, 20, 20}));
}

// The red channel shows nothing of a table that is printed in red.
TEST(RuledLines, ARedTableIsFoundInColour) {
  FormPageBuilder page;
  page.cell(200, 400, 600, 500).cell(600, 400, 1000, 500);
  CleanPage& clean = page.page().clean;
  Pixels& colour = clean.delivered.pixels;
  colour = {clean.pixels.width, clean.pixels.height, 3, {}};
  for (std::uint8_t& value : clean.pixels.bytes) {
    colour.bytes.insert(colour.bytes.end(), {value, value, 250});
    value = 250;
  }
  const auto cell = RuledLines::find(clean).cell_around({400, 430, 500, 470});
  ASSERT_TRUE(cell);
  EXPECT_NEAR(cell->left, 200, 6);
}

}  // namespace
}  // namespace archive::form
