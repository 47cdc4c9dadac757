#include "ocr/form_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/ocr/form/form_page_builder.h"
#include "tests/source_root.h"

// Whole pages, from lines of text to fields, with the configuration that is shipped.

namespace archive {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

const FormReader& reader() {
  static const FormCatalogue catalogue = FormCatalogue::load(source_root() / "config");
  static const FormReader built(catalogue);
  return built;
}

ExtractedPage read(const FormPageBuilder& page, const FormReader::SecondOpinion& ask = {}) {
  return reader().extract(reader().classify(page.build()), ask);
}

std::map<std::string, std::string> single_fields(const ExtractedPage& page) {
  std::map<std::string, std::string> fields;
  for (const ExtractedField& field : page.fields) {
    if (field.row < 0) fields[field.field] = field.value;
  }
  return fields;
}

const ExtractedField* field_of(const ExtractedPage& page, std::string_view id) {
  for (const ExtractedField& field : page.fields) {
    if (field.field == id) return &field;
  }
  return nullptr;
}

constexpr std::initializer_list<int> kEdges = {120, 380, 820, 1080, 1530};

/// A pension assessment as a ruled form: labels left of their values.
FormPageBuilder pension_form() {
  FormPageBuilder page;
  page.title("企业职工基本养老金核定表").text(1540, 60, "7");
  page.row(300, 380, kEdges, {"姓　名", "张三丰", "身份证号码", "11010519491231002X"});
  page.row(380, 460, kEdges, {"退休时间", "2009年12月31日", "计发月数", "139"});
  page.row(460, 540, kEdges, {"基础养老金", "2,607.79", "个人账户养老金", "924.20"});
  page.row(540, 620, kEdges, {"过渡性养老金", "", "月养老金合计", "3,531.99"});
  return page;
}

// DT20 asks for the agency's seal alone.
TEST(FormReader, TheSealOfTheAgencyIsAField) {
  FormPageBuilder page = pension_form();
  page.seal("示例市第一纺织厂", 0.99).seal("示例市社会保险局 业务专用章", 0.95).seal("", 0);
  const ExtractedPage read_page = read(page);
  const ExtractedField* field = field_of(read_page, "agency_seal");
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(field->value, "示例市社会保险局 业务专用章");
  EXPECT_FALSE(field->unsure);
  EXPECT_EQ(field_of(read_page, "unit_seal"), nullptr);
}

TEST(FormReader, WithoutASealThereIsNoFieldForOne) {
  EXPECT_EQ(field_of(read(pension_form()), "agency_seal"), nullptr);
}

TEST(FormReader, ReadsARuledForm) {
  const ExtractedPage page = read(pension_form());
  EXPECT_EQ(page.classified.doc_type, "DT20");
  EXPECT_EQ(page.classified.title, "企业职工基本养老金核定表");
  EXPECT_GT(page.classified.confidence, 0.9);
  const auto fields = single_fields(page);
  EXPECT_THAT(fields, Contains(Pair("person_name", "张三丰")));
  EXPECT_THAT(fields, Contains(Pair("id_number", "11010519491231002X")));
  EXPECT_THAT(fields, Contains(Pair("retire_date", "2009-12-31")));
  EXPECT_THAT(fields, Contains(Pair("divisor", "139")));
  EXPECT_THAT(fields, Contains(Pair("base_pension", "2607.79")));
  EXPECT_THAT(fields, Contains(Pair("monthly_total", "3531.99")));
  EXPECT_THAT(fields, Contains(Pair("page_no", "7")));
  EXPECT_THAT(fields, Not(Contains(Key("transition_pension")))) << "an empty blank";
}

TEST(FormReader, TellsWhereAValueStands) {
  const ExtractedPage page = read(pension_form());
  const ExtractedField* amount = field_of(page, "base_pension");
  ASSERT_NE(amount, nullptr);
  EXPECT_EQ(amount->raw, "2,607.79");
  EXPECT_TRUE((Box{380, 460, 820, 540}.contains(amount->quad.centre())));
}

// The same blanks, laid out by other offices.
TEST(FormReader, FindsValuesBelowTheirLabels) {
  FormPageBuilder page;
  page.title("退休人员养老金核定表");
  const std::initializer_list<int> edges = {120, 590, 1060, 1530};
  page.row(300, 360, edges, {"职工姓名", "社会保障号码", "退休日期"});
  page.row(360, 440, edges, {"张三丰", "11010519491231002X", "2009.12.31"});
  page.row(440, 500, edges, {"月基础养老金", "个人账户累计余额", "计发月数"});
  page.row(500, 580, edges, {"2607.79", "128463.39", "139"});
  const auto fields = single_fields(read(page));
  EXPECT_THAT(fields, Contains(Pair("person_name", "张三丰")));
  EXPECT_THAT(fields, Contains(Pair("id_number", "11010519491231002X")));
  EXPECT_THAT(fields, Contains(Pair("base_pension", "2607.79")));
  EXPECT_THAT(fields, Contains(Pair("account_balance", "128463.39")));
}

TEST(FormReader, FindsValuesOnLinesWithoutRules) {
  FormPageBuilder page;
  page.title("失业保险金申领登记表");
  page.text(130, 300, "姓名：张三丰      性别：男").text(900, 300, "联系电话：15400001234");
  page.text(130, 360, "原工作单位：某某市某某机械制造有限").text(130 + 6 * 29, 400, "责任公司");
  page.text(130, 470, "领取起止时间：2015年3月至2016年2月");
  const auto fields = single_fields(read(page));
  EXPECT_THAT(fields, Contains(Pair("person_name", "张三丰")));
  EXPECT_THAT(fields, Contains(Pair("sex", "男")));
  EXPECT_THAT(fields, Contains(Pair("phone", "15400001234")));
  EXPECT_THAT(fields, Contains(Pair("unit_name", "某某市某某机械制造有限责任公司")));
  EXPECT_THAT(fields, Contains(Pair("period_from", "2015-03")));
  EXPECT_THAT(fields, Contains(Pair("period_to", "2016-02")));
}

// On a line below another blank's value stands, as near as a second line of the first would.
TEST(FormReader, TheValueOfTheNextBlankIsNoContinuation) {
  FormPageBuilder page;
  page.title("劳动合同书");
  page.text(130, 300, "甲方（用人单位）名称：").text(540, 300, "某某市东方水泥股份有限公司");
  page.text(130, 346, "统一社会信用代码：").text(540, 346, "91350100M000100Y43");
  page.text(130, 420, "乙方（劳动者）姓名：").text(540, 420, "张三丰");
  const auto fields = single_fields(read(page));
  EXPECT_THAT(fields, Contains(Pair("unit_name", "某某市东方水泥股份有限公司")));
  EXPECT_THAT(fields, Contains(Pair("uscc", "91350100M000100Y43")));
}

// Where one signs, the words around the blank are no name.
TEST(FormReader, ASignatureBlankIsNoValue) {
  FormPageBuilder page;
  page.text(130, 200, "第二十条 本合同一式两份，甲乙双方各执一份。");
  page.text(130, 300, "甲方：（盖章）").text(900, 300, "乙方：（签字）");
  page.text(130, 380, "法定代表人").text(130, 430, "（主要负责人）或委托代理人");
  page.text(130, 480, "（签字或盖章）：");
  EXPECT_THAT(single_fields(read(page)), Not(Contains(Key("legal_person"))));
}

// On a card nothing parts the label from the value before it.
TEST(FormReader, ACardLineHoldsSeveralBlanks) {
  FormPageBuilder page;
  page.title("居民身份证复印件");
  page.text(500, 420, "姓名").text(600, 420, "张三丰");
  page.text(500, 480, "性别").text(600, 480, "男民族汉");
  page.text(500, 540, "住址").text(600, 540, "某某县城关镇青年路369");
  page.text(600, 586, "号");
  page.text(500, 700, "公民身份号码11010519491231002X").text(500, 900, "签发机关某某县公安局");
  const auto fields = single_fields(read(page));
  EXPECT_THAT(fields, Contains(Pair("sex", "男")));
  EXPECT_THAT(fields, Contains(Pair("ethnic", "汉")));
  EXPECT_THAT(fields, Contains(Pair("address", "某某县城关镇青年路369号")));
}

TEST(FormReader, HandwritingThatMustBeKnownGoesToAPerson) {
  FormPageBuilder page;
  page.title("企业职工基本养老金核定表");
  page.row(300, 380, kEdges, {"姓名", "", "身份证号码", "11010519491231002X"});
  page.text(392, 326, "张三丰", {.handwritten = true});
  page.row(380, 460, kEdges, {"计发月数", "139", "基础养老金", "2607.79"});
  const ExtractedPage read_page = read(page);
  EXPECT_TRUE(field_of(read_page, "person_name")->unsure);
  EXPECT_FALSE(field_of(read_page, "base_pension")->unsure);
}

TEST(FormReader, ForeignPapersAreSaidToBe) {
  FormPageBuilder page;
  page.title("SALES ORDER FORM").text(160, 400, "Customer: Acme Trading Company Limited");
  const ExtractedPage read_page = read(page);
  EXPECT_EQ(read_page.classified.doc_type, "DT99");
  EXPECT_THAT(read_page.classified.evidence, Contains("foreign:language"));
  FormPageBuilder known;
  known.title("职工运动会报名须知").text(160, 400, "一、比赛项目：篮球、乒乓球、拔河。");
  EXPECT_THAT(read(known).classified.evidence, Not(Contains(HasSubstr("foreign"))));
}

TEST(FormReader, AHeadingTellsTwoNamesApart) {
  FormPageBuilder page;
  page.title("丧葬抚恤待遇申领表");
  const std::initializer_list<int> edges = {200, 420, 800, 1000, 1500};
  page.cell(120, 300, 200, 460)
      .text(140, 310, "死")
      .text(140, 348, "者")
      .text(140, 386, "情")
      .text(140, 424, "况");
  page.row(300, 380, edges, {"姓名", "张三丰", "死亡日期", "2022年7月6日"});
  page.row(380, 460, edges, {"身份证号码", "11010519491231002X", "缴费月数", "115"});
  page.cell(120, 460, 200, 620).text(140, 480, "申").text(140, 520, "领").text(140, 560, "人");
  page.row(460, 540, edges, {"姓名", "李四", "与死者关系", "配偶"});
  page.row(540, 620, edges, {"身份证号码", "440524188001010014", "电话", "15400001234"});
  const auto fields = single_fields(read(page));
  EXPECT_THAT(fields, Contains(Pair("person_name", "张三丰")));
  EXPECT_THAT(fields, Contains(Pair("survivor_name", "李四")));
  EXPECT_THAT(fields, Contains(Pair("id_number", "11010519491231002X")));
  EXPECT_THAT(fields, Contains(Pair("survivor_id", "440524188001010014")));
}

TEST(FormReader, TheDateOfAnOpinionIsTheLastInItsCell) {
  FormPageBuilder page;
  page.title("社会保险费补缴申请审批表");
  page.row(300, 380, kEdges, {"姓名", "张三丰", "补缴月数", "2"});
  page.cell(120, 380, 380, 780, "单位意见").cell(380, 380, 1530, 780);
  page.text(420, 420, "情况属实，申请补缴。").text(1100, 700, "2020年6月20日");
  page.cell(120, 780, 380, 1180, "经办机构审核意见").cell(380, 780, 1530, 1180);
  page.text(420, 820, "2020年6月25日收到申请，同意补缴。").text(1100, 1100, "2020年6月30日");
  EXPECT_THAT(single_fields(read(page)), Contains(Pair("doc_date", "2020-06-30")));
}

TEST(FormReader, ATickTellsTheChoice) {
  FormPageBuilder page;
  page.title("社会保险参保人员登记表");
  page.row(300, 380, kEdges, {"姓名", "张三丰", "性别", ""});
  page.box(1100, 328, false).text(1130, 326, "男").box(1220, 328, true).text(1250, 326, "女");
  page.row(380, 460, kEdges, {"文化程度", "大专", "户口性质", "居民户口"});
  EXPECT_THAT(single_fields(read(page)), Contains(Pair("sex", "女")));
}

TEST(FormReader, ReadsWhatALetterSays) {
  FormPageBuilder page;
  page.title("社会保险费欠费催缴通知书").text(1080, 260, "某人社催字〔2022〕699号");
  page.text(160, 330, "某某市东方水泥股份有限公司（单位编号：12044546）：");
  page.text(220, 400, "经核查，你单位自2021年3月至2021年6月欠缴职工张三丰等人社会");
  page.text(160, 450, "保险费，共计人民币3,511.20元（大写：叁仟伍佰壹拾壹元贰角整），截");
  page.text(160, 500, "至本通知书发出之日应加收滞纳金105.34元。");
  page.text(220, 550, "请你单位于2022年8月15日前到我处补缴。");
  page.text(1100, 1000, "2022年7月31日");
  const ExtractedPage read_page = read(page);
  EXPECT_EQ(read_page.classified.doc_type, "DT18");
  const auto fields = single_fields(read_page);
  EXPECT_THAT(fields, Contains(Pair("doc_no", "某人社催字〔2022〕699号")));
  EXPECT_THAT(fields, Contains(Pair("unit_name", "某某市东方水泥股份有限公司")));
  EXPECT_THAT(fields, Contains(Pair("unit_no", "12044546")));
  EXPECT_THAT(fields, Contains(Pair("period_from", "2021-03")));
  EXPECT_THAT(fields, Contains(Pair("period_to", "2021-06")));
  EXPECT_THAT(fields, Contains(Pair("person_name", "张三丰")));
  EXPECT_THAT(fields, Contains(Pair("amount_num", "3511.20")));
  EXPECT_THAT(fields, Contains(Pair("amount_words", "叁仟伍佰壹拾壹元贰角整")));
  EXPECT_THAT(fields, Contains(Pair("late_fee", "105.34")));
  EXPECT_THAT(fields, Contains(Pair("late_fee_to", "2022-08-15")));
  EXPECT_THAT(fields, Contains(Pair("doc_date", "2022-07-31"))) << "no label says so";
}

// A later page of a contract bears no title.
TEST(FormReader, KnowsThePageOfAContractByItsWords) {
  FormPageBuilder page;
  const char* lines[] = {"第六条 甲方对乙方实行的休假制度按国家有关规定执行。", "四、劳动报酬",
                         "第七条 甲方每月15日前以货币形式支付乙方工资，月工资为3500.00元。",
                         "六、劳动保护、劳动条件和职业危害防护",
                         "第十三条 甲乙双方解除、终止本合同应当依照劳动合同法执行。"};
  double y = 300;
  for (const char* line : lines) page.text(160, y += 60, line);
  const ExtractedPage read_page = read(page);
  EXPECT_EQ(read_page.classified.doc_type, "DT39");
  EXPECT_THAT(single_fields(read_page), Contains(Pair("own_wage", "3500.00")));
  EXPECT_THAT(single_fields(read_page), Not(Contains(Key("unit_name"))));
}

TEST(FormReader, WhatNobodyKnowsIsNotGuessed) {
  FormPageBuilder page;
  page.title("职工运动会报名须知");
  page.text(160, 400, "一、比赛项目：篮球、乒乓球、拔河。")
      .text(160, 460, "二、报名时间：即日起。");
  const ExtractedPage read_page = read(page);
  EXPECT_EQ(read_page.classified.doc_type, "DT99");
  EXPECT_THAT(read_page.fields, IsEmpty());
  EXPECT_LT(read_page.classified.confidence, 0.95);
}

TEST(FormReader, AnEmptyPageIsUnknownUnlessItIsBlank) {
  FormPageBuilder page;
  EXPECT_EQ(read(page).classified.doc_type, "DT99");
  page.page().clean.blank = true;
  const ExtractedPage blank = read(page);
  EXPECT_EQ(blank.classified.kind, PageKind::blank);
  EXPECT_EQ(blank.classified.doc_type, "");
}

TEST(FormReader, ACodeMakesASeparator) {
  FormPageBuilder page;
  page.page().clean.codes.push_back({"CODE-128", "SB112075805", {}});
  page.page().clean.codes.push_back({"QR-CODE", "DA|SB1-2020-GS-7580|SB112075805", {}});
  const ExtractedPage separator = read(page);
  EXPECT_EQ(separator.classified.kind, PageKind::separator);
  EXPECT_THAT(single_fields(separator), Contains(Pair("barcode", "SB112075805")));
  EXPECT_THAT(single_fields(separator), Contains(Pair("dossier_no", "SB1-2020-GS-7580")));
}

TEST(FormReader, ASeparatorWhoseCodeIsTornIsKnownByItsTitle) {
  FormPageBuilder page;
  page.title("批量扫描分隔页").text(600, 1500, "档号：SB1-2020-GS-7580");
  const ExtractedPage separator = read(page);
  EXPECT_EQ(separator.classified.kind, PageKind::separator);
  EXPECT_THAT(single_fields(separator), Contains(Pair("dossier_no", "SB1-2020-GS-7580")));
}

// A bar code glued on a form does not make it a separator.
TEST(FormReader, AnotherCodeIsNoSeparator) {
  FormPageBuilder page = pension_form();
  page.page().clean.codes.push_back({"CODE-128", "A0012345", {}});
  EXPECT_EQ(read(page).classified.kind, PageKind::content);
}

TEST(FormReader, AMisprintedNumberIsEvidence) {
  FormPageBuilder page;
  page.title("企业职工基本养老金核定表");
  page.row(300, 380, kEdges, {"姓名", "张三丰", "身份证号码", "110105194912310021"});
  page.row(380, 460, kEdges, {"计发月数", "139", "基础养老金", "2607.79"});
  const ExtractedPage read_page = read(page);
  const ExtractedField* id = field_of(read_page, "id_number");
  ASSERT_NE(id, nullptr);
  EXPECT_EQ(id->value, "110105194912310021");
  EXPECT_EQ(id->validity, FieldValidity::invalid);
  EXPECT_EQ(id->problem, "V01 check_character");
  EXPECT_FALSE(id->unsure) << "every digit was read for certain";
}

/// The amount was read with doubt.
FormPageBuilder doubtful_form() {
  FormPageBuilder page;
  page.title("企业职工基本养老金核定表");
  page.row(300, 380, kEdges, {"姓名", "张三丰", "基础养老金", ""});
  page.text(1092, 326, "2607.79", {.confidence = 0.7, .unsure = true});
  page.row(380, 460, kEdges, {"计发月数", "139", "过渡性养老金", "12.00"});
  return page;
}

TEST(FormReader, DoubtIsSettledByASecondReadingThatAgrees) {
  int asked = 0;
  const auto agrees = [&](const CleanPage&, const Quad& quad) {
    ++asked;
    EXPECT_TRUE((Box{1080, 300, 1530, 380}.contains(quad.centre())));
    return std::string("2,607.79");
  };
  const ExtractedPage page = read(doubtful_form(), agrees);
  EXPECT_EQ(asked, 1) << "nothing else was in doubt";
  EXPECT_FALSE(field_of(page, "base_pension")->unsure);
}

// A seal over the end of an amount: both readings see the same rest of it.
TEST(FormReader, AnAmountThatLostItsFenIsForAPersonWhateverIsReadAgain) {
  FormPageBuilder page;
  page.title("企业职工基本养老金核定表");
  page.row(300, 380, kEdges, {"姓名", "张三丰", "基础养老金", "260"});
  page.row(380, 460, kEdges, {"过渡性养老金", "12.00", "个人账户养老金", "924.20"});
  int asked = 0;
  const ExtractedPage read_page = read(page, [&](const CleanPage&, const Quad&) {
    ++asked;
    return std::string("260");
  });
  const ExtractedField* pension = field_of(read_page, "base_pension");
  ASSERT_NE(pension, nullptr);
  EXPECT_EQ(pension->value, "260.00");
  EXPECT_TRUE(pension->unsure);
  EXPECT_EQ(pension->problem, "money decimals");
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(field_of(read_page, "account_pension")->unsure);
}

TEST(FormReader, ASecondReadingThatDiffersChangesNothing) {
  const auto differs = [](const CleanPage&, const Quad&) { return std::string("2,601.79"); };
  const ExtractedPage page = read(doubtful_form(), differs);
  EXPECT_EQ(field_of(page, "base_pension")->value, "2607.79");
  EXPECT_TRUE(field_of(page, "base_pension")->unsure);
  EXPECT_TRUE(field_of(read(doubtful_form()), "base_pension")->unsure);
}

TEST(FormReader, AHoleInANameIsDoubted) {
  FormPageBuilder page = pension_form();
  page.row(620, 700, kEdges,
           {"单位名称", "某  市凯旋食品有限公司", "开户银行", "工商银行某市分行"});
  const ExtractedPage read_page = read(page);
  EXPECT_TRUE(field_of(read_page, "unit_name")->unsure);
  EXPECT_FALSE(field_of(read_page, "bank_name")->unsure);
}

TEST(FormReader, SaysNothingPersonalInItsEvidence) {
  const ExtractedPage page = read(pension_form());
  for (const std::string& evidence : page.classified.evidence) {
    EXPECT_THAT(evidence, Not(HasSubstr("张三丰")));
    EXPECT_THAT(evidence, Not(HasSubstr("110105")));
  }
}

// The same page gives the same answer, from any number of threads.
TEST(FormReader, IsAFunctionOfItsPage) {
  const ExtractedPage once = read(pension_form()), again = read(pension_form());
  ASSERT_EQ(once.fields.size(), again.fields.size());
  for (std::size_t i = 0; i < once.fields.size(); ++i) {
    EXPECT_EQ(once.fields[i].field, again.fields[i].field);
    EXPECT_EQ(once.fields[i].value, again.fields[i].value);
    EXPECT_EQ(once.fields[i].quad, again.fields[i].quad);
  }
}

}  // namespace
}  // namespace archive
