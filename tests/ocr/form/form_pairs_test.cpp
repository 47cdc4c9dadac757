#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "config/forms.h"
#include "ocr/form/pairs.h"
#include "tests/ocr/form/form_page_builder.h"

namespace archive::form {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::pair<std::string, std::string>> pairs_on(const FormPageBuilder& page) {
  static const FormCatalogue catalogue =
      FormCatalogue::load(std::filesystem::path(SOURCE_ROOT) / "config");
  static const LabelBook book(catalogue);
  const RecognizedPage built = page.build();
  const Blocks blocks = blocks_of(sheet_of(built), RuledLines::find(built.clean), book);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const LabelledValue& pair : pairs_of(blocks, LabelHits(blocks, book), book)) {
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

}  // namespace
}  // namespace archive::form
