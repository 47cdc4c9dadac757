#include <gtest/gtest.h>

#include <string>

#include "core/utf8.h"
#include "ocr/form/fit.h"
#include "ocr/form/fold.h"

// The numbers are the worked examples of the standards, or made from them.

namespace archive::form {
namespace {

/// Signs side by side; those after a '~' were read with doubt.
std::vector<Sign> signs_of(std::string_view text) {
  std::vector<Sign> signs;
  double x = 0, confidence = 0.99;
  for (char32_t c : code_points(text)) {
    if (c == U'~') {
      confidence = 0.5;
      continue;
    }
    Sign sign;
    sign.c = folded(c);
    sign.printed = c;
    sign.x0 = x;
    sign.x1 = x += c < 0x2E80 ? 16 : 29;
    sign.height = 38;
    sign.confidence = confidence;
    if (sign.c != 0) signs.push_back(sign);
  }
  return signs;
}

struct Value {
  const char* name;
  ValueType type;
  const char* text;
  const char* value;
  const char* raw = nullptr;  // when it is not the whole text
  FieldDescription field() const {
    FieldDescription field;
    field.id = std::string(name).starts_with("Number") ? "file_no" : "months";
    field.type = type;
    if (std::string(name).ends_with("First")) field.pick = Pick::first;
    if (std::string(name).ends_with("Last")) field.pick = Pick::last;
    if (type == ValueType::choice) field.choices = {"男", "女", "合同制"};
    return field;
  }
};
class FittedValue : public testing::TestWithParam<Value> {};

TEST_P(FittedValue, IsNormalisedAndKeptAsPrinted) {
  const Value& row = GetParam();
  const auto fitted = fit(row.field(), signs_of(row.text));
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->value, row.value);
  if (row.raw != nullptr) {
    EXPECT_EQ(fitted->raw, row.raw);
  }
  EXPECT_EQ(fitted->validity, FieldValidity::valid) << fitted->problem;
  EXPECT_GE(fitted->fit, 0.5);
}

using enum ValueType;
INSTANTIATE_TEST_SUITE_P(
    Numbers, FittedValue,
    testing::Values(
        Value{"CitizenId", id18, "11010519491231002x", "11010519491231002X"},
        Value{"CitizenIdAmongWords", id18, "号码:440524188001010014男", "440524188001010014",
              "440524188001010014"},
        Value{"CitizenIdWithASpeck", id18, "110105194.91231002X", "11010519491231002X"},
        Value{"CitizenIdLookAlike", id18, "44052418800~l010014", "440524188001010014",
              "44052418800l010014"},
        Value{"CreditCode", credit_code, "91350100M000100Y43", "91350100M000100Y43"},
        Value{"CreditCodeLetterO", credit_code, "9135O100M000100Y43", "91350100M000100Y43"},
        Value{"Organisation", credit_code, "D2143569-X", "D2143569X"},
        Value{"Money", money, "￥1,234.56元", "1234.56", "1,234.56"},
        Value{"MoneyWithPointsForCommas", money, "1.234.56", "1234.56"},
        Value{"MoneyWhole", money, "3500", "3500.00"},
        Value{"MoneyLookAlike", money, "35~O0.00", "3500.00"},
        Value{"MoneyBehindAMisreadSign", money, "Z8429.76", "8429.76", "8429.76"},
        Value{"MoneyBesideAShare", money, "20% 1,600.00", "1600.00", "1,600.00"},
        Value{"Months", integer, "204个月", "204"},
        Value{"MonthsInYears", integer, "17年零3个月", "207"},
        Value{"Padded", integer, "008件", "8"}, Value{"Rate", rate, "80%", "80%"},
        Value{"Index", rate, "1.1884", "1.1884"},
        Value{"Mobile", phone, "15400001234", "15400001234"},
        Value{"Account", bank_account, "6299 6639 2433 1916 323", "6299663924331916323"},
        Value{"Pages", page_range, "第5页至第8页", "5-8"},
        Value{"PagesHanziDash", page_range, "5一8", "5-8"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Dates, FittedValue,
    testing::Values(Value{"Hanzi", date, "2004年6月30日", "2004-06-30"},
                    Value{"Packed", date, "20040630", "2004-06-30"},
                    Value{"AmongWords", date, "于2004.6.30签订", "2004-06-30", "2004.6.30"},
                    Value{"Spelled", date, "二〇〇四年六月三十日", "2004-06-30"},
                    Value{"RangeFirst", date, "2003.07.01—2021.03.10", "2003-07-01"},
                    Value{"RangeLast", date, "2003.07.01—2021.03.10", "2021-03-10"},
                    Value{"NeverLast", date, "2005.02.18-长期", "长期"},
                    Value{"Month", year_month, "2004年6月", "2004-06"},
                    Value{"MonthOfADay", year_month, "2004-06-30", "2004-06"},
                    Value{"MonthsFirst", year_month, "2015年3月至2016年8月", "2015-03"},
                    Value{"MonthsLast", year_month, "201503-201608", "2016-08"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Words, FittedValue,
    testing::Values(
        Value{"Name", name, "欧阳珊琳", "欧阳珊琳"},
        Value{"NameBeforeABracket", name, "张三(签章)", "张三", "张三"},
        Value{"NameWithADot", name, "买买提·艾力", "买买提·艾力"},
        Value{"NameAndASpeck", name, "曹莎·", "曹莎"},
        Value{"Text", text, "：某某市某某有限公司", "某某市某某有限公司"},
        Value{"TextAndASpeck", text, "劳动合同书.", "劳动合同书"},
        Value{"TextEndsItsSentence", text, "因漏缴，申请补缴。", "因漏缴，申请补缴。"},
        Value{"NumberOfAPaper", text, "某人社退（20l5）第465号", "某人社退〔2015〕第465号",
              "某人社退（20l5）第465号"},
        Value{"Code", code, "1850579877.", "1850579877"},
        Value{"CodeAndScraps", code, "2066156333登口", "2066156333"},
        Value{"Choice", choice, "口男", "男", "男"},
        Value{"ChoiceAndScraps", choice, "女EO", "女", "女"},
        Value{"ChoiceOfAnotherOffice", choice, "劳务派遣", "劳务派遣"},
        Value{"Capitals", capitals, "肆仟玖佰壹拾陆元玖角陆分", "肆仟玖佰壹拾陆元玖角陆分"},
        Value{"Address", address, "某某县城关镇青年路369号", "某某县城关镇青年路369号"}),
    [](const auto& row) { return row.param.name; });

// What is printed wrongly is evidence: it is said, and kept.
struct Fault {
  const char* name;
  ValueType type;
  const char* text;
  const char* value;
  FieldValidity validity;
  const char* problem;
};
class FaultyValue : public testing::TestWithParam<Fault> {};

TEST_P(FaultyValue, IsKeptAndFlagged) {
  const Fault& row = GetParam();
  FieldDescription field;
  field.id = "months";
  field.type = row.type;
  const auto fitted = fit(field, signs_of(row.text));
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->value, row.value);
  EXPECT_EQ(fitted->validity, row.validity);
  EXPECT_EQ(fitted->problem, row.problem);
}

using enum FieldValidity;
INSTANTIATE_TEST_SUITE_P(
    Examples, FaultyValue,
    testing::Values(
        Fault{"CheckDigit", id18, "110105194912310021", "110105194912310021", invalid,
              "V01 check_character"},
        Fault{"BirthDate", id18, "11010519491331002X", "11010519491331002X", invalid,
              "V01 birth_date"},
        Fault{"DigitLost", id18, "1101051949123102X", "1101051949123102X", invalid, "V01 length"},
        Fault{"CreditCheck", credit_code, "91350100M000100Y44", "91350100M000100Y44", invalid,
              "V03 check_character"},
        Fault{"NoSuchDay", date, "2004年4月31日", "2004年4月31日", invalid, "date calendar"},
        Fault{"MonthForADate", date, "2003年7月", "2003-07", suspicious, "date incomplete"},
        Fault{"DigitBeforeAComma", money, ",343.00", "343.00", suspicious,
              "money begins with a separator"},
        Fault{"TwoColumnsOfMonths", integer, "10100", "10100", suspicious, "months too many"},
        Fault{"PointLost", money, "6,81200", "6812.00", suspicious, "money decimals"},
        Fault{"CommaLostToo", money, "6.53952", "6539.52", suspicious, "money decimals"},
        Fault{"CapitalsMisread", capitals, "捌仟参佰柒拾陆元材角", "捌仟参佰柒拾陆元材角",
              suspicious, "money order"}),
    [](const auto& row) { return row.param.name; });

struct Nothing {
  const char* name;
  ValueType type;
  const char* text;
};
class NoValue : public testing::TestWithParam<Nothing> {};

TEST_P(NoValue, IsNotInvented) {
  FieldDescription field;
  field.type = GetParam().type;
  const auto fitted = fit(field, signs_of(GetParam().text));
  EXPECT_FALSE(fitted && fitted->fit >= 0.5) << fitted->value;
}

INSTANTIATE_TEST_SUITE_P(
    Examples, NoValue,
    testing::Values(
        Nothing{"WordsForAnId", id18, "身份证号码"}, Nothing{"AmountForADate", date, "2098.66"},
        Nothing{"WordsForMoney", money, "壹仟元"}, Nothing{"ShareForMoney", money, "20%"},
        Nothing{"FiveHanziForAName", name, "或委托代理人"},
        Nothing{"SentenceForAName", name, "同意根据甲方工作需要担任工作"},
        Nothing{"BracketForAText", text, "（公"}, Nothing{"DotsForAText", text, "：。，"},
        Nothing{"DigitsForAChoice", choice, "43982119720424"}, Nothing{"Empty", text, ""}),
    [](const auto& row) { return row.param.name; });

// A sure letter among digits stays: only doubt lets it be taken for the digit.
TEST(Fit, ASureLetterIsNotResolved) {
  FieldDescription field;
  field.type = money;
  EXPECT_EQ(fit(field, signs_of("35O0.00"))->value, "0.00");
  EXPECT_EQ(fit(field, signs_of("35~O0.00"))->value, "3500.00");
}

// 已扫描 2024.07.15 was stamped over the answer.
TEST(Fit, AWordOfTheListIsFoundUnderAStamp) {
  FieldDescription field;
  field.type = choice;
  field.choices = {"永久", "100年", "10年"};
  const auto fitted = fit(field, signs_of("0100年.07.15"));
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->value, "100年");
  EXPECT_EQ(fitted->validity, suspicious) << "a person should see it";
  EXPECT_FALSE(fit(field, signs_of("2024.07.15")));
}

TEST(Fit, WhatIsShorterThanAValueCanBeIsAScrap) {
  FieldDescription field;
  field.type = text;
  field.length_min = 4;
  EXPECT_FALSE(fit(field, signs_of("县")));
  EXPECT_TRUE(fit(field, signs_of("纺织一厂")));
}

TEST(Fit, NormalisesAnotherReadingTheSameWay) {
  FieldDescription field;
  field.type = date;
  EXPECT_EQ(normalised(field, " 2004年6月30日\n"), "2004-06-30");
  EXPECT_EQ(normalised(field, "nothing"), "");
}

}  // namespace
}  // namespace archive::form
