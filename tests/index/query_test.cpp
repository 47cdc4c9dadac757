#include "index/query.h"

#include <gtest/gtest.h>

#include <random>

namespace archive {
namespace {

FieldNames names() {
  FieldNames names;
  names.add("单位名称", "unit_name");
  names.add_field("pay_base");
  return names;
}

struct Understanding {
  const char* name;
  const char* query;
  const char* expected;
};
class Understood : public testing::TestWithParam<Understanding> {};

TEST_P(Understood, AsTheClerkMeantIt) {
  EXPECT_EQ(understood(parse_query(GetParam().query, names())), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Understood,
    testing::Values(
        Understanding{"Word", "周示例", "周示例"},
        Understanding{"Traditional", "社會保險", "社会保险"},
        Understanding{"TwoWords", "周示例 退休", "周示例 AND 退休"},
        Understanding{"WideBlank", "周示例　退休", "周示例 AND 退休"},
        Understanding{"ChinesePunctuation", "周示例、退休，2004", "周示例 AND 退休 AND 2004"},
        Understanding{"And", "甲 AND 乙", "甲 AND 乙"},
        Understanding{"SmallAndIsAWord", "salt and pepper", "salt AND and AND pepper"},
        Understanding{"Or", "甲 OR 乙 丙", "甲 OR (乙 AND 丙)"},
        Understanding{"Brackets", "(甲 OR 乙) 丙", "(甲 OR 乙) AND 丙"},
        Understanding{"WideBrackets", "（甲 OR 乙）丙", "(甲 OR 乙) AND 丙"},
        Understanding{"Not", "甲 NOT 乙", "甲 AND NOT 乙"},
        Understanding{"Minus", "甲 -乙", "甲 AND NOT 乙"},
        Understanding{"MinusInsideACode", "DA-2004-001", "\"da 2004 001\""},
        Understanding{"MinusBeforeABlank", "甲 - 乙", "甲 AND 乙"},
        Understanding{"NotNot", "甲 NOT NOT 乙", "甲 AND NOT NOT 乙"},
        Understanding{"NotBracket", "甲 NOT(乙 OR 丙)", "甲 AND NOT (乙 OR 丙)"},
        Understanding{"Phrase", "\"退休 审批\"", "\"退休审批\""},
        Understanding{"CurlyQuotes", "“退休审批”", "\"退休审批\""},
        Understanding{"CornerQuotes", "「退休」甲", "\"退休\" AND 甲"},
        Understanding{"Field", "姓名:周示例", "person_name:周示例"},
        Understanding{"FieldWithWideColon", "姓名：周示例", "person_name:周示例"},
        Understanding{"FieldPastedWithBlank", "姓名： 周示例", "person_name:周示例"},
        Understanding{"FieldOfSeals", "印章:社保局", "seal:社保局"},
        Understanding{"FieldInTraditional", "檔號:A-1", "dossier_no:\"a 1\""},
        Understanding{"FieldInCapitals", "ID:110105", "id_number:110105"},
        Understanding{"FieldById", "pay_base:3000", "pay_base:3000"},
        Understanding{"FieldByLabel", "单位名称:示例", "unit_name:示例"},
        Understanding{"FieldOfBrackets", "姓名:(周示例 OR 吴例) 退休",
                      "(person_name:周示例 OR person_name:吴例) AND 退休"},
        Understanding{"FieldOfPhrase", "type:\"退休审批表\"", "doc_type:\"退休审批表\""},
        Understanding{"LabelOfNoField", "缴费基数：3000", "缴费基数:3000 OR (缴费基数 AND 3000)"},
        Understanding{"TimeIsNoField", "12:30", "\"12 30\""},
        Understanding{"Amount", "1,234.56", "\"1 234 56\""},
        Understanding{"Address", "http://example.com/a", "http AND \"example com a\""},
        Understanding{"BracketsInsideAName", "示例（中国）有限公司", "示例中国有限公司"},
        Understanding{"InsertedPinyin", "業(yè)務", "业务"},
        Understanding{"MaskedId", "110105********002X", "110105****002x"},
        Understanding{"MaskedIdShort", "身份证号:110***********002X", "id_number:****002x"},
        Understanding{"StarsAlone", "甲 ***", "甲"},
        Understanding{"SqlFragment", "x'; DROP TABLE pages; --", "x AND drop AND table AND pages"},
        Understanding{"ControlCharacters", "甲\x01\x7F乙", "甲 AND 乙"},
        Understanding{"Emoji", "甲 😀", "甲"}),
    [](const auto& row) { return row.param.name; });

struct Nonsense {
  const char* name;
  std::string query;
  const char* complaint;
};
class Refused : public testing::TestWithParam<Nonsense> {};

TEST_P(Refused, SaysWhatIsWrong) {
  try {
    parse_query(GetParam().query, names());
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(GetParam().complaint), std::string::npos)
        << error.what();
  }
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Refused,
    testing::Values(Nonsense{"Nothing", "", "nothing to search"},
                    Nonsense{"Blanks", " 　\n", "nothing to search"},
                    Nonsense{"Signs", "*** ！？", "nothing to search"},
                    Nonsense{"EmptyBrackets", "()", "nothing to search"},
                    Nonsense{"EmptyPhrase", "\"\"", "nothing to search"},
                    Nonsense{"OpenBracket", "(甲", "closing bracket is missing"},
                    Nonsense{"ClosedBracket", "甲 )", "closing bracket too many"},
                    Nonsense{"OpenQuote", "\"甲", "quotation mark"},
                    Nonsense{"OrAlone", "OR", "OR needs"}, Nonsense{"OrFirst", "OR 甲", "OR needs"},
                    Nonsense{"OrLast", "甲 OR", "OR needs"},
                    Nonsense{"AndFirst", "AND 甲", "AND needs"},
                    Nonsense{"AndLast", "甲 AND", "AND needs"},
                    Nonsense{"NotLast", "甲 NOT", "NOT needs"},
                    Nonsense{"UnknownField", "nmae:周", "no field is called nmae"},
                    Nonsense{"FieldWithoutValue", "姓名:", "needs a value"},
                    Nonsense{"BackwardsInTime", "2013..2009", "wrong way round"},
                    Nonsense{"BackwardsInNumbers", "缴费基数:5000..3000", "wrong way round"},
                    Nonsense{"TooLong", repeated("甲", 1'001), "too long"},
                    Nonsense{"TenThousand", repeated("甲 ", 5'000), "too long"},
                    Nonsense{"TooManyWords", repeated("甲 ", 65), "too many words"},
                    Nonsense{"TooDeep", repeated("(", 400) + "甲", "too deeply"},
                    Nonsense{"TooManyNots", repeated("NOT ", 200) + "甲", "too deeply"},
                    Nonsense{"Gbk", "\xC9\xE7\xB1\xA3", "not UTF-8"}),
    [](const auto& row) { return row.param.name; });

TEST(Query, RepeatsNothingOfWhatWasTyped) {
  try {
    parse_query("(11010519491231002X", names());
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string(error.what()).find("1101"), std::string::npos);
  }
}

TEST(Query, KnowsWhenWholeShelvesWouldAnswer) {
  const auto wants = [](const char* query) { return wants_something(parse_query(query, names())); };
  EXPECT_TRUE(wants("甲 -乙"));
  EXPECT_TRUE(wants("甲 OR (乙 -丙)"));
  EXPECT_FALSE(wants("-乙"));
  EXPECT_FALSE(wants("甲 OR NOT 乙"));
  EXPECT_FALSE(wants("NOT NOT 甲"));
}

// Whatever is typed is understood or refused; it never crashes or hangs.
TEST(Query, SurvivesAnythingTyped) {
  const std::string pieces[] = {"(",
                                ")",
                                "（",
                                "\"",
                                "“",
                                "-",
                                "NOT ",
                                " OR ",
                                " AND ",
                                ":",
                                "姓名:",
                                "甲",
                                "1",
                                "x",
                                "*",
                                ",",
                                " ",
                                "\xFF",
                                std::string(1, '\0'),
                                "é",
                                "𠮷"};
  std::mt19937 random(20);
  int understood_count = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string query;
    for (auto length = random() % 12; length > 0; --length) {
      query += pieces[random() % std::size(pieces)];
    }
    try {
      understood(parse_query(query, names()));
      ++understood_count;
    } catch (const std::invalid_argument&) {
    }
  }
  EXPECT_GT(understood_count, 2'000);
}

}  // namespace
}  // namespace archive
