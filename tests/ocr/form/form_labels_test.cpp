#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "config/forms.h"
#include "core/utf8.h"
#include "ocr/form/label_book.h"
#include "ocr/form/label_hits.h"
#include "tests/ocr/form/form_page_builder.h"
#include "tests/source_root.h"

namespace archive::form {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const FormCatalogue& catalogue() {
  static const FormCatalogue loaded = FormCatalogue::load(source_root() / "config");
  return loaded;
}

const LabelBook& book() {
  static const LabelBook built(catalogue());
  return built;
}

std::string best_label(std::string_view text) {
  const auto matches = book().whole(code_points(text));
  return matches.empty() ? "" : utf8(book().text(matches.front().label));
}

struct Printed {
  const char* name;
  const char* text;
  const char* label;
};
class PrintedLabel : public testing::TestWithParam<Printed> {};

TEST_P(PrintedLabel, IsRecognised) { EXPECT_EQ(best_label(GetParam().text), GetParam().label); }

INSTANTIATE_TEST_SUITE_P(Examples, PrintedLabel,
                         testing::Values(Printed{"Exact", "开户银行", "开户银行"},
                                         Printed{"Numbered", "3.开户银行:", "开户银行"},
                                         Printed{"BracketNumbered", "(2)开户银行", "开户银行"},
                                         Printed{"Starred", "*公民身份号码", "公民身份号码"},
                                         Printed{"WithItsUnit", "缴费基数(元)", "缴费基数(元)"},
                                         Printed{"WithANote", "出生日期(以档案为准)", "出生日期"},
                                         Printed{"BracketsInside", "人民币(大写)", "人民币大写"},
                                         Printed{"Misread", "居民身分证号码", "居民身份证号码"},
                                         Printed{"WordsInFront", "受助学生姓名", "姓名"},
                                         Printed{"HalfLost", "贯", "籍贯"}),
                         [](const auto& row) { return row.param.name; });

class NoLabel : public testing::TestWithParam<Printed> {};

TEST_P(NoLabel, IsNotTakenForOne) {
  const auto matches = book().whole(code_points(GetParam().text));
  EXPECT_TRUE(matches.empty() || matches.front().quality < 0.62)
      << utf8(book().text(matches.front().label));
}

INSTANTIATE_TEST_SUITE_P(Examples, NoLabel,
                         testing::Values(Printed{"Name", "欧阳珊琳", ""},
                                         Printed{"Amount", "1,234.56", ""},
                                         Printed{"LabelAndItsFigures", "总件数8", ""},
                                         Printed{"OptionLikeALabel", "合同期满", ""},
                                         Printed{"ShortOption", "合同制", ""},
                                         Printed{"Sentence", "经审核，同意补缴滞纳金", ""}),
                         [](const auto& row) { return row.param.name; });

// Another office words the blank as some other form does.
TEST(LabelBook, LendsALabelToFormsWithTheSameField) {
  const int label = book().exact(code_points("个人账户累计余额"));
  ASSERT_NE(label, LabelBook::kNone);
  const int pension = book().form_of("DT20");
  bool borrowed = false;
  for (const LabelUse& use : book().uses(label)) borrowed |= use.form == pension;
  EXPECT_TRUE(borrowed);
}

TEST(LabelBook, KnowsATitleThatWasMisread) {
  const auto nearly = [](const char* text) { return book().is_nearly_a_title(code_points(text)); };
  EXPECT_TRUE(nearly("个人权盖记录单"));
  EXPECT_TRUE(nearly("退休申批表"));
  EXPECT_FALSE(nearly("退休审批表"));
  EXPECT_FALSE(nearly("权益记录单"));  // a part of one
  EXPECT_FALSE(nearly("示例材料清单"));
}

TEST(LabelBook, RareLabelsSayMore) {
  const int name = book().exact(code_points("姓名"));
  const int divisor = book().exact(code_points("计发月数"));
  EXPECT_LT(book().weight(name) * 2, book().weight(divisor));
}

struct Line {
  const char* name;
  const char* text;
  std::vector<std::string> labels;  // each with what follows it
};
class LabelsInALine : public testing::TestWithParam<Line> {};

TEST_P(LabelsInALine, PartItsValues) {
  FormPageBuilder page;
  page.text(200, 400, GetParam().text);
  const Blocks blocks = blocks_of(sheet_of(page.build()), RuledLines(), book());
  const LabelHits hits(blocks, book());
  std::vector<std::string> found;
  for (const LabelHit& hit : hits.all()) {
    const Block& block = blocks[hit.block];
    const auto part = [&](std::size_t begin, std::size_t end) {
      return utf8(std::u32string_view(block.text).substr(begin, end - begin));
    };
    found.push_back(part(hit.begin, hit.end) + "|" + part(hit.end, hits.value_end(hit, block)));
  }
  EXPECT_EQ(found, GetParam().labels);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, LabelsInALine,
    testing::Values(
        Line{"OnePair", "姓名：张三", {"姓名:|张三"}},
        Line{"TwoPairs", "姓名：张三 性别：男", {"姓名:|张三", "性别:|男"}},
        Line{"CloseTogether", "职工姓名：张三性别：男", {"职工姓名:|张三", "性别:|男"}},
        Line{"BracketBeforeTheColon", "单位名称（章）：某公司", {"单位名称(章):|某公司"}},
        Line{"UnknownLabel", "受理编码：A12", {"受理编码:|A12"}},
        Line{"WithoutAColon",
             "公民身份号码 110105194912310021",
             {"公民身份号码|110105194912310021"}},
        Line{"CardLine", "性别男民族汉", {"性别|男", "民族|汉"}},
        Line{"MoreWords",
             "单位统一社会信用代码 91350100M000100Y43",
             {"单位统一社会信用代码|91350100M000100Y43"}},
        Line{"SignatureIsNoName", "乙方（签字或盖章）：张三", {"乙方(签字或盖章):|张三"}},
        Line{"Sentence", "乙方同意根据甲方工作需要，担任车工岗位工作。", {}}),
    [](const auto& row) { return row.param.name; });

TEST(LabelHits, ASignatureStandsForNoField) {
  FormPageBuilder page;
  page.text(200, 400, "乙方（签字或盖章）：张三");
  const Blocks blocks = blocks_of(sheet_of(page.build()), RuledLines(), book());
  const LabelHits hits(blocks, book());
  ASSERT_EQ(hits.all().size(), 1u);
  EXPECT_THAT(hits.all().front().matches, IsEmpty());
}

}  // namespace
}  // namespace archive::form
