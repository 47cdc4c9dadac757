#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/forms.h"
#include "ocr/form/table.h"
#include "tests/ocr/form/form_page_builder.h"
#include "tests/source_root.h"

namespace archive::form {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const LabelBook& book() {
  static const FormCatalogue catalogue = FormCatalogue::load(source_root() / "config");
  static const LabelBook built(catalogue);
  return built;
}

/// What is read of a form's table on a page, with the id of each field.
std::vector<std::pair<std::string, TableValue>> values_on(const FormPageBuilder& page,
                                                          std::string_view doc_type) {
  const RecognizedPage built = page.build();
  const Blocks blocks = blocks_of(sheet_of(built), RuledLines::find(built.clean), book());
  const LabelHits hits(blocks, book());
  const int index = book().form_of(doc_type);
  const FormDescription& form = *book().forms()[static_cast<std::size_t>(index)];
  std::vector<std::pair<std::string, TableValue>> values;
  for (const TableValue& value : table_of(form, index, blocks, hits, book()).values) {
    values.emplace_back(form.fields[static_cast<std::size_t>(value.field)].id, value);
  }
  return values;
}

/// The values of a form's table: field id -> values of its rows in order.
std::map<std::string, std::vector<std::string>> table_on(const FormPageBuilder& page,
                                                         std::string_view doc_type) {
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& [field, value] : values_on(page, doc_type)) {
    values[field].push_back(value.fitted.value);
  }
  return values;
}

/// The rows that are doubted, by field.
std::map<std::string, std::vector<int>> doubted_on(const FormPageBuilder& page,
                                                   std::string_view doc_type) {
  std::map<std::string, std::vector<int>> rows;
  for (const auto& [field, value] : values_on(page, doc_type)) {
    if (value.fitted.validity == FieldValidity::suspicious) rows[field].push_back(value.row);
  }
  return rows;
}

constexpr std::initializer_list<int> kEdges = {120, 220, 420, 780, 980, 1180};

FormPageBuilder ruled_catalogue() {
  FormPageBuilder page;
  page.row(400, 480, kEdges, {"序号", "责任者", "题　　名", "日　期", "页号"});
  page.row(480, 560, kEdges, {"1", "某某社保局", "退休审批表", "20200623", "1"});
  page.row(560, 640, kEdges, {"2", "张三", "身份证复印件", "20200701", "2-3"});
  page.row(640, 720, kEdges, {"", "", "", "", ""});
  return page;
}

TEST(Table, RulesGiveTheCells) {
  auto values = table_on(ruled_catalogue(), "DT02");
  EXPECT_THAT(values["seq"], ElementsAre("1", "2"));
  EXPECT_THAT(values["author"], ElementsAre("某某社保局", "张三"));
  EXPECT_THAT(values["item_title"], ElementsAre("退休审批表", "身份证复印件"));
  EXPECT_THAT(values["item_date"], ElementsAre("2020-06-23", "2020-07-01"));
  EXPECT_THAT(values["item_pages"], ElementsAre("1", "2-3"));
}

// The date below the table, whose label lies under a seal, falls into one of its columns.
TEST(Table, AStrayDateBelowIsNoRow) {
  FormPageBuilder page = ruled_catalogue();
  page.text(800, 760, "20200702").text(450, 760, "打丁");
  auto values = table_on(page, "DT02");
  EXPECT_THAT(values["item_date"], ElementsAre("2020-06-23", "2020-07-01"));
}

// A seal over the corner of the table hides a rule, and a piece of its ring looks like a tick.
TEST(Table, ASealOverTheHeadingsHidesNoRow) {
  FormPageBuilder page;
  page.row(400, 480, {120, 220, 420, 780}, {"序号", "责任者", "9题　　名"});
  page.row(400, 560, {780, 980}, {"日　期"});
  page.row(400, 480, {980, 1180}, {"页号"});
  page.row(480, 560, {120, 220, 420, 780}, {"1", "某某社保局", "退休审批表"});
  page.row(480, 560, {980, 1180}, {"1"});
  page.row(560, 640, kEdges, {"2", "张三", "身份证复印件", "20200701", "2-3"});
  auto values = table_on(page, "DT02");
  EXPECT_THAT(values["seq"], ElementsAre("1", "2"));
  EXPECT_THAT(values["item_title"], ElementsAre("退休审批表", "身份证复印件"));
  EXPECT_THAT(values["item_pages"], ElementsAre("1", "2-3"));
}

TEST(Table, WithoutRulesTheFiguresGiveTheRows) {
  FormPageBuilder page;
  const int columns[] = {140, 260, 620, 1000, 1300};
  const char* rows[][5] = {{"件号", "责任单位", "文件题名", "形成日期", "起止页号"},
                           {"1", "某某社保局", "退休审批表", "20200623", "1"},
                           {"2", "某某县正大农产品加", "劳动合同书", "20030701", "2-5"},
                           {"3", "张三", "户口簿复印件", "20061004", "6"}};
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 5; ++c) page.text(columns[c], 400 + 100 * r, rows[r][c]);
  }
  page.text(260, 640, "工有限公司");  // the second line of row 2
  page.text(140, 1500, "注：本目录由立卷人填写");
  auto values = table_on(page, "DT02");
  EXPECT_THAT(values["seq"], ElementsAre("1", "2", "3"));
  EXPECT_THAT(values["author"], ElementsAre("某某社保局", "某某县正大农产品加工有限公司", "张三"));
  EXPECT_THAT(values["item_pages"], ElementsAre("1", "2-5", "6"));
}

constexpr std::initializer_list<int> kBaseEdges = {120, 220, 420, 780, 980, 1180, 1380};

TEST(Table, ATotalEndsTheRowsAndSumsItsColumn) {
  FormPageBuilder page;
  page.row(400, 480, kBaseEdges,
           {"序号", "姓名", "身份证号码", "上年工资总额", "月平均工资", "缴费基数"});
  page.row(480, 560, kBaseEdges,
           {"1", "张三", "110105194912310021", "12000.00", "1000.00", "1000.00"});
  page.row(560, 640, kBaseEdges,
           {"2", "李四", "440524188001010014", "24000.00", "2000.00", "2000.00"});
  page.row(640, 720, kBaseEdges, {"合计", "", "", "36000.00", "", "3000.00"});
  page.row(720, 800, kBaseEdges, {"3", "外人", "", "99.00", "99.00", "99.00"});
  auto values = table_on(page, "DT07");
  EXPECT_THAT(values["person_name"], ElementsAre("张三", "李四"));
  EXPECT_THAT(values["pay_base"], ElementsAre("1000.00", "2000.00"));
  EXPECT_THAT(values["total_year_wage"], ElementsAre("36000.00"));
  EXPECT_THAT(values["total_pay_base"], ElementsAre("3000.00"));
}

// A seal had eaten the head of the column, and with it every number of eight persons.
TEST(Table, ACitizenNumberNeedsNoHeading) {
  FormPageBuilder page;
  page.row(400, 480, kBaseEdges,
           {"序号", "姓名", "分让", "上年工资总额", "月平均工资", "缴费基数"});
  page.row(480, 560, kBaseEdges,
           {"1", "张三", "11010519491231002X", "12000.00", "1000.00", "1000.00"});
  page.row(560, 640, kBaseEdges,
           {"2", "李四", "440524188001010014", "24000.00", "2000.00", "2000.00"});
  page.row(640, 720, kBaseEdges, {"3", "王五", "1105241880", "24000.00", "2000.00", "2000.00"});
  EXPECT_THAT(table_on(page, "DT07")["id_number"],
              ElementsAre("11010519491231002X", "440524188001010014", "1105241880"));
}

TEST(Table, NumbersThatProveNothingNeedTheirHeading) {
  FormPageBuilder page;
  page.row(400, 480, kBaseEdges,
           {"序号", "姓名", "分让", "上年工资总额", "月平均工资", "缴费基数"});
  for (int i = 0; i < 3; ++i) {
    page.row(480 + 80 * i, 560 + 80 * i, kBaseEdges,
             {"1", "张三", "110105194912310022", "12000.00", "1000.00", "1000.00"});
  }
  EXPECT_THAT(table_on(page, "DT07")["id_number"], IsEmpty());
}

TEST(Table, AnAmountThatLostItsPointIsDoubted) {
  FormPageBuilder page;
  page.row(400, 480, kBaseEdges,
           {"序号", "姓名", "身份证号码", "上年工资总额", "月平均工资", "缴费基数"});
  for (int i = 0; i < 5; ++i) {
    const int top = 480 + 80 * i;
    page.row(
        top, top + 80, kBaseEdges,
        {"1", "张三", "110105194912310021", "12000.00", "1000.00", i == 2 ? "100000" : "1000.00"});
  }
  EXPECT_THAT(doubted_on(page, "DT07"), ElementsAre(Pair("pay_base", ElementsAre(2))));
}

// A seal over a column had damaged more than half of its amounts: none was doubted.
TEST(Table, AThirdOfAColumnWithFenIsEnoughToDoubtTheRest) {
  const char* const amounts[] = {"468.64", "626", "805.8", "1074.51", "8.6"};
  FormPageBuilder page;
  page.row(400, 480, kBaseEdges,
           {"序号", "姓名", "身份证号码", "上年工资总额", "月平均工资", "缴费基数"});
  for (int i = 0; i < 5; ++i) {
    const int top = 480 + 80 * i;
    page.row(top, top + 80, kBaseEdges,
             {"1", "张三", "110105194912310021", "12000", "1000", amounts[i]});
  }
  // A column of whole yuan has no fen to lose.
  EXPECT_THAT(doubted_on(page, "DT07"), ElementsAre(Pair("pay_base", ElementsAre(1, 2, 4))));
}

TEST(Table, ATextNearlyAsAnotherOfItsColumnIsDoubted) {
  FormPageBuilder page;
  page.row(400, 480, kEdges, {"序号", "责任者", "题　　名", "日　期", "页号"});
  page.row(480, 560, kEdges, {"1", "某县社保局", "退休审批表", "20200623", "1"});
  page.row(560, 640, kEdges, {"2", "某县社保", "身份证复印件", "20200701", "2-3"});
  page.row(640, 720, kEdges, {"3", "某县社保局", "户口簿复印件", "20200701", "4"});
  page.row(720, 800, kEdges, {"4", "张三", "身份☑证明", "20200701", "5"});
  EXPECT_THAT(doubted_on(page, "DT02"),
              ElementsAre(Pair("author", ElementsAre(1)), Pair("item_title", ElementsAre(3))));
}

// 4 read as 1 in two rows of a year; the next year's amounts are others.
TEST(Table, AnAmountNearlyAsSeveralOfItsColumnIsDoubted) {
  const char* const amounts[] = {"463.76", "163.76", "463.76", "463.76", "163.76",
                                 "463.76", "468.80", "468.80", "468.80", "468.80"};
  FormPageBuilder page;
  page.row(400, 480, kBaseEdges,
           {"序号", "姓名", "身份证号码", "上年工资总额", "月平均工资", "缴费基数"});
  for (int i = 0; i < 10; ++i) {
    page.row(480 + 60 * i, 540 + 60 * i, kBaseEdges,
             {"1", "张三", "110105194912310021", "12000", "1000", amounts[i]});
  }
  EXPECT_THAT(doubted_on(page, "DT07"), ElementsAre(Pair("pay_base", ElementsAre(1, 4))));
}

TEST(Table, OneHeadingAloneIsNoTable) {
  FormPageBuilder page;
  page.row(400, 480, {200, 420, 800}, {"题名", "某某材料"});
  EXPECT_THAT(table_on(page, "DT02"), IsEmpty());
}

}  // namespace
}  // namespace archive::form
