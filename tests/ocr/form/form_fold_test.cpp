#include <gtest/gtest.h>

#include <string>

#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

struct Written {
  const char* name;
  const char* text;
  const char* folded;
};
class FoldedText : public testing::TestWithParam<Written> {};

TEST_P(FoldedText, LooksAlikeHoweverPrinted) {
  EXPECT_EQ(utf8(folded(GetParam().text)), GetParam().folded);
}

INSTANTIATE_TEST_SUITE_P(Examples, FoldedText,
                         testing::Values(Written{"Spaces", "姓　 名", "姓名"},
                                         Written{"FullWidth", "（１２％）：", "(12%):"},
                                         Written{"Dashes", "2003—2004－2005", "2003-2004-2005"},
                                         Written{"Blanks", "甲方____", "甲方"},
                                         Written{"Brackets", "〔2020〕【3】", "[2020][3]"},
                                         Written{"Dots", "买买提·艾力•", "买买提·艾力·"},
                                         Written{"Hanzi", "、。《档》", "、。《档》"}),
                         [](const auto& row) { return row.param.name; });

struct Apart {
  const char* name;
  const char* a;
  const char* b;
  int limit;
  int edits;
};
class EditDistance : public testing::TestWithParam<Apart> {};

TEST_P(EditDistance, CountsUpToItsLimit) {
  const Apart& row = GetParam();
  EXPECT_EQ(edit_distance(code_points(row.a), code_points(row.b), row.limit), row.edits);
  EXPECT_EQ(edit_distance(code_points(row.b), code_points(row.a), row.limit), row.edits);
}

INSTANTIATE_TEST_SUITE_P(Examples, EditDistance,
                         testing::Values(Apart{"Same", "身份证号", "身份证号", 2, 0},
                                         Apart{"Misread", "身份证号", "身分证号", 2, 1},
                                         Apart{"Lost", "身份证号", "身证号", 2, 1},
                                         Apart{"Swapped", "号证份身", "身份证号", 7, 4},
                                         Apart{"TooFar", "开户银行", "身份证号", 2, 3},
                                         Apart{"TooLong", "号", "身份证号码", 2, 3},
                                         Apart{"Empty", "", "身", 1, 1}),
                         [](const auto& row) { return row.param.name; });

TEST(EditsToAPart, AreThoseOfThePartThatIsMostLike) {
  const auto edits = [](const char* text, const char* whole) {
    return edits_to_a_part(code_points(text), code_points(whole));
  };
  EXPECT_EQ(edits("关系转移", "养老保险关系转移接续"), 0);
  EXPECT_EQ(edits("关系转衫", "养老保险关系转移接续"), 1);
  EXPECT_EQ(edits("关系接续", "养老保险关系转移接续"), 2);
  EXPECT_EQ(edits("社金保险", "社会保险"), 1);
  EXPECT_EQ(edits("劳动合同", ""), 4);
  EXPECT_EQ(edits("", "劳动合同"), 0);
}

}  // namespace
}  // namespace archive::form
