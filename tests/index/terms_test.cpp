#include "index/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/utf8.h"
#include "index/ranges.h"
#include "index/token_row.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

std::vector<std::string> words_in(const char* text) {
  std::vector<std::string> words;
  for (const Token& token : tokens_of(text).tokens) words.push_back(token.text);
  return words;
}

std::vector<std::string> compounds_in(const char* text) {
  std::vector<std::string> forms;
  for (const Compound& compound : tokens_of(text).compounds) forms.push_back(compound.text);
  return forms;
}

TEST(Tokens, AreHanziAndWholeWords) {
  EXPECT_THAT(words_in("姓 名：周示例，DT05型"),
              ElementsAre("姓", "名", "周", "示", "例", "dt05", "型"));
  EXPECT_THAT(words_in("1,234.56元"), ElementsAre("1", "234", "56", "元"));
  EXPECT_THAT(words_in("Gestión\nde"), ElementsAre("gestion", "de"));
  EXPECT_THAT(words_in("，。 \xFF"), ElementsAre());
}

TEST(Tokens, KnowTheirPlaceInTheOriginal) {
  const std::vector<Token> tokens = tokens_of("甲 業(yè)務２００４").tokens;
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens[1].first, 2u);
  EXPECT_EQ(tokens[2].first, 7u);
  EXPECT_EQ(tokens[3].text, "2004");
  EXPECT_EQ(tokens[3].first, 8u);
  EXPECT_EQ(tokens[3].last, 11u);
}

struct Spelling {
  const char* name;
  const char* text;
  std::vector<std::string> forms;
};
class Compounds : public testing::TestWithParam<Spelling> {};

TEST_P(Compounds, HaveOneForm) { EXPECT_EQ(compounds_in(GetParam().text), GetParam().forms); }

INSTANTIATE_TEST_SUITE_P(
    Examples, Compounds,
    testing::Values(
        Spelling{"PrintedDate", "2004年6月30日", {"2004-06-30", "2004-06"}},
        Spelling{"PrintedDateWithSpaces", "2004 年 6 月 30 日", {"2004-06-30", "2004-06"}},
        Spelling{"PrintedMonth", "2004年06月止", {"2004-06"}},
        Spelling{"DottedDate", "2004.6.30", {"2004-06-30", "2004-06", "2004.6.30", "2004630"}},
        Spelling{"FullWidthDate",
                 "２００４－０６－３０",
                 {"2004-06-30", "2004-06", "2004-06-30", "20040630"}},
        Spelling{"BareDate", "20040630", {"2004-06-30", "2004-06"}},
        Spelling{"BareMonth", "200406", {"2004-06"}}, Spelling{"CountyCodeIsNoMonth", "439703", {}},
        Spelling{"NoSuchMonth", "2004年13月1日", {}}, Spelling{"NoSuchDay", "20040632", {}},
        Spelling{"Amount", "1,234,567.89", {"1234567.89"}},
        Spelling{"WholeAmount", "5,100.00元", {"5100.00", "5100"}},
        Spelling{"AmountWithoutSeparator", "1234.56", {"1234.56"}},
        Spelling{"OddThousands", "1,23", {"1,23", "123"}},
        Spelling{"Code", "DA-2004-001", {"da-2004-001", "da2004001"}},
        Spelling{"CodeBehindHanzi", "号-A-1", {"a-1", "a1"}},
        Spelling{"SpacedAccount", "6222 0210 0100 0000 000", {"6222021001000000000"}},
        Spelling{"SpacedCitizenId",
                 "110105 19491231 002X",
                 {"11010519491231002x", "1949-12-31", "1949-12"}},
        Spelling{"ColumnOfNumbers", "622202\n100100\n000000\n1", {}},
        Spelling{"WordsAlone", "abc def", {}}),
    [](const auto& row) { return row.param.name; });

TEST(Compounds, OfTooManyPartsAreLeftOut) {
  std::string chain = "1";
  for (int i = 0; i < 5'000; ++i) chain += ".1";
  EXPECT_TRUE(tokens_of(chain).compounds.empty());
}

struct Exact {
  const char* name;
  const char* one;
  const char* other;
  bool same;
};
class ExactForm : public testing::TestWithParam<Exact> {};

TEST_P(ExactForm, JoinsSpellingsOfOneValue) {
  EXPECT_EQ(exact_form(GetParam().one) == exact_form(GetParam().other), GetParam().same);
}

INSTANTIATE_TEST_SUITE_P(Examples, ExactForm,
                         testing::Values(Exact{"Date", "2004年6月30日", "2004-06-30", true},
                                         Exact{"OtherDay", "2004年6月30日", "2004-06-03", false},
                                         Exact{"Amount", "1,234.56", "１２３４.５６", true},
                                         Exact{"AmountIsNoCode", "1,234.56", "123456", false},
                                         Exact{"Name", "周 示例", "周示例", true},
                                         Exact{"Traditional", "張示例", "张示例", true},
                                         Exact{"SmallX", "11010519491231002x", "11010519491231002X",
                                               true},
                                         Exact{"OtherName", "周示例", "周示", false}),
                         [](const auto& row) { return row.param.name; });

TEST(Terms, StayWithinXapiansLimit) {
  const std::string long_value(400, 'a');
  const std::string kept = term("Yopinion:", long_value + "b");
  EXPECT_LE(kept.size(), 245u);
  EXPECT_NE(kept, term("Yopinion:", long_value + "c"));
  EXPECT_EQ(kept, term("Yopinion:", long_value + "b"));

  std::string hanzi;
  for (int i = 0; i < 200; ++i) hanzi += "卷";
  EXPECT_LE(term("", hanzi).size(), 245u);
  EXPECT_TRUE(is_utf8(term("", hanzi)));
  EXPECT_EQ(term("V", std::string(244, 'a')).size(), 245u);
}

TEST(Terms, HaveSinglesAndPairs) {
  std::vector<std::string> terms;
  append_text_terms(tokens_of("退休2004"), terms);
  EXPECT_THAT(terms, UnorderedElementsAre("退", "休", "退休", "2004"));
}

TEST(Terms, MakeTheEndsOfAnIdNumberFindable) {
  std::vector<std::string> terms;
  append_value_terms(tokens_of("110105 19491231 002X"), "Xid_number:", terms);
  EXPECT_THAT(terms,
              IsSupersetOf({"H110105", "T002x", "M110105002x", "Xid_number:11010519491231002x"}));
}

TEST(Terms, OfAPhrase) {
  const std::vector<Token> tokens = tokens_of("于2004年退休").tokens;
  EXPECT_TRUE(is_sequence(tokens));
  EXPECT_THAT(piece_terms(tokens, ""), ElementsAre("2004", "于", "年退", "退休"));
  EXPECT_FALSE(is_sequence(tokens_of("退休").tokens));
  EXPECT_FALSE(is_sequence(tokens_of("2004").tokens));
  EXPECT_THAT(
      loose_terms(tokens_of("社会登记2004").tokens, ""),
      ElementsAre(ElementsAre("社会", "登记", "2004"), ElementsAre("社", "会登", "记", "2004")));
  EXPECT_THAT(piece_terms(tokens_of("退休退休").tokens, ""), ElementsAre("休退", "退休"));
}

/// A number is in a range when it has one of the terms that the range is asked by.
TEST(Terms, OfARangeAreThoseOfTheNumbersInIt) {
  std::mt19937_64 random(21);
  const auto any_amount = [&] {
    std::uint64_t size = 1;
    for (auto digits = random() % 12; digits > 0; --digits) size *= 10;
    return random() % size;
  };
  for (int round = 0; round < 1'000; ++round) {
    const std::uint64_t value = any_amount();
    ValueRange range;
    range.hundredths = std::minmax({any_amount(), any_amount()});
    std::string exact = std::to_string(value / 100) + "." + std::to_string(value % 100 / 10) +
                        std::to_string(value % 10);
    std::vector<std::string> terms = value_terms(exact, "pay_base");
    EXPECT_LE(terms.size(), 6u);
    terms.push_back(term("Ypay_base:", exact));
    const std::vector<std::string> asked = amount_terms(range, "pay_base");
    const bool found = std::ranges::find_first_of(terms, asked) != terms.end();
    const auto& [low, high] = *range.hundredths;
    EXPECT_EQ(found, low <= value && value <= high) << value << " " << low << " " << high;
  }
}

// -- Rows of tokens --------------------------------------------------------------

struct RowCase {
  const char* name;
  const char* text;
  std::vector<const char*> phrase;
  std::size_t room;  // beside the phrase itself
  bool stands;
};
class Rows : public testing::TestWithParam<RowCase> {};

TEST_P(Rows, TellWhetherAPhraseStands) {
  const RowCase& one = GetParam();
  TokenRow row;
  row.add(tokens_of(one.text).tokens);
  std::vector<PhrasePlace> places;
  for (const char* token : one.phrase) {
    places.push_back({{tokens_of(token).tokens.front().text}});
  }
  EXPECT_EQ(RowPhrase(places, places.size() + one.room).stands_in(row.bytes()), one.stands);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Rows,
    testing::Values(
        RowCase{"Hanzi", "参加社会保险登记", {"社", "会", "保"}, 0, true},
        RowCase{"NotSideBySide", "社会与保险", {"会", "保"}, 0, false},
        RowCase{"WithRoom", "社会与保险", {"会", "保"}, 1, true},
        RowCase{"WithTooLittleRoom", "社会与保险", {"社", "险"}, 2, false},
        RowCase{"NotInThatOrder", "保险社会", {"社", "保"}, 9, false},
        RowCase{"TheSecondBeginning", "社社会", {"社", "会"}, 0, true},
        RowCase{"TheSameTwice", "社会", {"社", "社"}, 5, false},
        RowCase{"Words", "da 2004 001", {"da", "2004", "001"}, 0, true},
        RowCase{"WordsAreWhole", "da2004", {"da", "2004"}, 0, false},
        RowCase{"WordsAndHanzi", "第7页da", {"第", "7", "页", "da"}, 0, true},
        // In a row the second byte of 乡 is a letter's, those of 份 and 叼 are marks.
        RowCase{"BytesOfHanziAreNoWords", "乡2004", {"a2004"}, 0, false},
        RowCase{"HanziBeforeAWord", "乡a2004份", {"乡", "a2004", "份"}, 0, true},
        RowCase{"BytesOfHanziAreNoMarks", "份叼社", {"份", "叼", "社"}, 0, true},
        RowCase{"OtherLetters", "αβγ 社会", {"αβγ", "社"}, 0, true},
        RowCase{"RareHanzi", "周㐂𠮷示", {"周", "㐂", "𠮷", "示"}, 0, true},
        RowCase{"Nothing", "", {"社"}, 0, false}),
    [](const auto& row) { return row.param.name; });

TEST(Rows, NoPhraseCrossesIntoTheNextText) {
  TokenRow row;
  row.add(tokens_of("退休").tokens);
  row.add(tokens_of("审批").tokens);
  EXPECT_FALSE(RowPhrase({{{"休"}}, {{"审"}}}, 2).stands_in(row.bytes()));
  EXPECT_FALSE(RowPhrase({{{"休"}}, {{"审"}}}, 20).stands_in(row.bytes()));
  EXPECT_TRUE(RowPhrase({{{"审"}}, {{"批"}}}, 2).stands_in(row.bytes()));
}

TEST(Rows, KeepWhatWasPossibleAtItsPlace) {
  TokenRow row;
  row.add(tokens_of("周末例 a1").tokens, {{1, {"示", "未"}}, {3, {"al"}}});
  EXPECT_TRUE(RowPhrase({{{"周"}}, {{"末"}}, {{"例"}}}, 3).stands_in(row.bytes()));
  EXPECT_FALSE(RowPhrase({{{"周"}}, {{"示"}}, {{"例"}}}, 3).stands_in(row.bytes()));
  EXPECT_TRUE(RowPhrase({{{"周"}}, {{"示"}, "示"}, {{"例"}}}, 3).stands_in(row.bytes()));
  EXPECT_TRUE(RowPhrase({{{"周"}}, {{"朱", "未"}, "未"}, {{"例"}}}, 3).stands_in(row.bytes()));
  EXPECT_FALSE(RowPhrase({{{"末"}}, {{"示"}, "示"}}, 3).stands_in(row.bytes()));
  EXPECT_TRUE(RowPhrase({{{"例"}}, {{"a1"}}}, 2).stands_in(row.bytes()));
  EXPECT_TRUE(RowPhrase({{{"例"}}, {{}, "al"}}, 2).stands_in(row.bytes()));
}

TEST(Rows, TakeWordsOfAnyLength) {
  const std::string endless(100'000, 'x');
  TokenRow row;
  row.add(tokens_of(endless + " 社会").tokens);
  EXPECT_LT(row.bytes().size(), 300u);
  EXPECT_TRUE(RowPhrase({{{endless}}, {{"社"}}}, 2).stands_in(row.bytes()));
  EXPECT_FALSE(RowPhrase({{{endless + "x"}}, {{"社"}}}, 2).stands_in(row.bytes()));
}

}  // namespace
}  // namespace archive
