#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "config/forms.h"
#include "ocr/form/pairs.h"
#include "tests/ocr/form/form_page_builder.h"
#include "tests/source_root.h"

namespace archive::form {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::pair<std::string, std::string>> pairs_on(const FormPageBuilder& page) {
  static const FormCatalogue catalogue =
      FormCatalogue::load(source_root() / "config");
  static const LabelBook book(catalogue);
  const RecognizedPage built = page.build();
  const RuledLines rules = RuledLines::find(built.clean);
  const Blocks blocks = blocks_of(sheet_of(built), rules, book);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const LabelledValue& pair : pairs_of(blocks, rules, LabelHits(blocks, book), book)) {
    pairs.emplace_back(pair.label, pair.value);
  }
  return pairs;
}

TEST(Pairs, AColonMakesALabelOfAnyWord) {
  FormPageBuilder page;
  page.text(200, 400, "所属行业：批发业").text(900, 400, "驾照类别：C1");
  EXPECT_THAT(pairs_on(page),
              UnorderedElementsAre(Pair("所属行业", "批发业"), Pair("驾照类别", "C1")));
}

// Nobody described this form: its cells are told apart by how they look side by side.
TEST(Pairs, LabelsAndValuesAlternateInARow) {
  FormPageBuilder page;
  page.row(400, 480, {200, 420, 700, 920, 1300}, {"现在部门", "人事部", "变动后职位", "营运主管"});
  page.row(480, 560, {200, 420, 700, 920, 1300}, {"入职时间", "2015.6", "爱好特长", "书法"});
  EXPECT_THAT(pairs_on(page),
              UnorderedElementsAre(Pair("现在部门", "人事部"), Pair("变动后职位", "营运主管"),
                                   Pair("入职时间", "2015.6"), Pair("爱好特长", "书法")));
}

TEST(Pairs, BelowAHeadingItsColumnIsTheValue) {
  FormPageBuilder page;
  page.row(400, 480, {200, 500, 800}, {"毕业时间", "毕业院校"});
  page.row(480, 560, {200, 500, 800}, {"2008/8", "财经大学"});
  EXPECT_THAT(pairs_on(page),
              UnorderedElementsAre(Pair("毕业时间", "2008/8"), Pair("毕业院校", "财经大学")));
}

TEST(Pairs, AnEmptyBlankIsNoPair) {
  FormPageBuilder page;
  page.row(400, 480, {200, 420, 700, 920, 1300}, {"曾用名", "", "性别", "男"});
  EXPECT_THAT(pairs_on(page), UnorderedElementsAre(Pair("性别", "男")));
}

using Found = std::vector<std::pair<std::string, std::string>>;

// Every label of a row is a heading where nothing but values of its width stands below.
TEST(Pairs, AColumnIsSeveralValuesOfOneLabel) {
  FormPageBuilder page;
  page.row(400, 480, {200, 500, 800, 1100}, {"家属", "称谓", "工作单位"});
  page.row(480, 560, {200, 500, 800, 1100}, {"吴样本", "父亲", "示例小学"});
  page.row(560, 640, {200, 500, 800, 1100}, {"郑虚构", "母亲", ""});
  EXPECT_THAT(pairs_on(page), UnorderedElementsAre(Pair("家属", "吴样本"), Pair("家属", "郑虚构"),
                                                   Pair("称谓", "父亲"), Pair("称谓", "母亲"),
                                                   Pair("工作单位", "示例小学")));
}

// Many tables have no rule along their outer sides.
TEST(Pairs, ATableMayBeOpenAtItsSides) {
  FormPageBuilder page;
  for (int y : {400, 480, 560}) page.rule(100, y, 1500, y + 1);
  for (int x : {400, 800, 1200}) page.rule(x, 400, x + 1, 560);
  page.text(120, 425, "户口所在地").text(420, 425, "示例县").text(820, 425, "邮政编码");
  page.text(1220, 425, "530000");
  page.text(120, 505, "居住地址").text(420, 505, "示例路八号").text(820, 505, "联系方式");
  page.text(1220, 505, "13800000000");
  EXPECT_THAT(pairs_on(page), UnorderedElementsAre(
                                  Pair("户口所在地", "示例县"), Pair("邮政编码", "530000"),
                                  Pair("居住地址", "示例路八号"), Pair("联系方式", "13800000000")));
}

TEST(Pairs, AHeadingOfAPartTakesNoValue) {
  FormPageBuilder page;
  page.cell(200, 400, 300, 560, "家庭");
  page.row(400, 480, {300, 520, 900}, {"毕业时间", "2008/8"});
  page.row(480, 560, {300, 520, 900}, {"毕业院校", "财经大学"});
  EXPECT_THAT(pairs_on(page),
              UnorderedElementsAre(Pair("毕业时间", "2008/8"), Pair("毕业院校", "财经大学")));
}

TEST(Pairs, OptionsAreTheValueOfTheirQuestion) {
  FormPageBuilder page;
  page.text(200, 400, "员工类别：□在职 □退休 □内退");
  page.text(200, 460, "来源：□补充养老 □其它来源").text(300, 520, "□普通 □新增");
  EXPECT_THAT(pairs_on(page), UnorderedElementsAre(Pair("员工类别", "□在职□退休□内退"),
                                                   Pair("来源", "□补充养老□其它来源□普通□新增")));
}

TEST(Pairs, AValueGoesOnBelow) {
  FormPageBuilder page;
  page.cell(200, 400, 1400, 800);
  page.text(220, 420, "申请事项：").text(320, 500, "申请报销").text(320, 560, "并补办登记");
  EXPECT_EQ(pairs_on(page), (Found{{"申请事项", "申请报销并补办登记"}}));
}

TEST(Pairs, TheDateBesideASignatureIsNoName) {
  FormPageBuilder page;
  page.text(900, 400, "本人签章：").text(900, 460, "2020年2月9日");
  EXPECT_EQ(pairs_on(page), Found{});
}

TEST(Pairs, PrintedNotesAreNoValues) {
  FormPageBuilder page;
  page.text(200, 400, "说明：1、照片贴一寸。2、一式两份。");
  page.text(200, 460, "职级：(指按照企业年金计划区分的职级)");
  EXPECT_EQ(pairs_on(page), Found{});
}

TEST(Pairs, DigitsThatHaveACellEachAreOneNumber) {
  FormPageBuilder page;
  page.row(400, 480, {200, 480, 560, 640, 720, 800}, {"身份证号码", "11", "0105", "1949", "12"});
  EXPECT_EQ(pairs_on(page), (Found{{"身份证号码", "110105194912"}}));
}

TEST(Pairs, AValueThatReachesOverRowsIsSharedOut) {
  FormPageBuilder page;
  page.cell(200, 400, 420, 480, "姓名").cell(200, 480, 420, 560, "证件类型");
  page.cell(420, 400, 900, 560).text(440, 425, "吴样本").text(440, 505, "护照");
  EXPECT_THAT(pairs_on(page),
              UnorderedElementsAre(Pair("姓名", "吴样本"), Pair("证件类型", "护照")));
}

}  // namespace
}  // namespace archive::form
