#include "ingest/comparison_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

ComparisonList read(const std::string& bytes) {
  static const FormCatalogue forms = FormCatalogue::load(source_root() / "config");
  static const ListColumns columns = ListColumns::load(source_root() / "config", forms);
  return read_comparison_list("list.csv", bytes, columns);
}

TEST(ComparisonList, TellsItsKindByItsHeadings) {
  EXPECT_EQ(read("姓名,公民身份号码\n").kind, ListKind::person);
  EXPECT_EQ(read("身份证号,费款所属期,缴费基数\n").kind, ListKind::payment);
  EXPECT_EQ(read("单位名称,统一社会信用代码\n").kind, ListKind::employer);
}

TEST(ComparisonList, BringsValuesIntoTheFormOfFields) {
  const ComparisonList list = read(
      "\xEF\xBB\xBF社会保障号码,费款所属期,缴费工资,备注\n"
      "11010519491231002x,2018年2月,\"5,000\",x\n11010519491231002X,201803,,\n");
  ASSERT_EQ(list.records.size(), 2u);
  EXPECT_EQ(list.records[0].key, "11010519491231002X");
  EXPECT_EQ(list.records[0].month, "2018-02");
  EXPECT_EQ(list.records[0].values.at("pay_base"), "5000.00");
  EXPECT_TRUE(list.records[1].values.empty()) << "an empty cell is not compared";
  EXPECT_THAT(list.columns_unread, ElementsAre("备注"));
}

TEST(ComparisonList, IsReadInGbkAndSaysSo) {
  // 姓名,证件号码 / 张三,...
  const ComparisonList list = read(
      "\xD0\xD5\xC3\xFB,\xD6\xA4\xBC\xFE\xBA\xC5\xC2\xEB\n"
      "\xD5\xC5\xC8\xFD,11010519491231002X\n");
  EXPECT_EQ(list.encoding, "GB18030");
  EXPECT_EQ(list.records.at(0).values.at("person_name"), "张三");
}

TEST(ComparisonList, NamesTheRowsThatItCannotUse) {
  const ComparisonList list =
      read("姓名,公民身份号码\n张三,110105194912310021\n李四,440524188001010014\n");
  EXPECT_THAT(list.lines_unread, ElementsAre(2));
  EXPECT_EQ(list.records.size(), 1u);
}

TEST(ComparisonList, TakesTheSameRowTwiceForOne) {
  EXPECT_EQ(
      read("姓名,公民身份号码\n张三,11010519491231002X\n张三,11010519491231002X\n").records.size(),
      1u);
}

struct Refused {
  const char* name;
  const char* bytes;
  const char* where;
  const char* problem;
};
class RefusedList : public testing::TestWithParam<Refused> {};

TEST_P(RefusedList, NamesTheLineAndNoValue) {
  try {
    read(GetParam().bytes);
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input_missing);
    EXPECT_THAT(error.where(), EndsWith(GetParam().where));
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
    EXPECT_THAT(std::string(error.what()), testing::Not(HasSubstr("1101051949")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedList,
    testing::Values(
        Refused{"NoKey", "姓名\n张三\n", ":1", "no heading says"},
        Refused{"TwoBirthDates",
                "公民身份号码,出生日期\n11010519491231002X,1949-12-31\n"
                "11010519491231002X,1949-12-30\n",
                ":3", "line 2"},
        Refused{"NoDate", "公民身份号码,出生日期\n11010519491231002X,31.2.\n", ":2", "出生日期"},
        Refused{"ManyCells", "姓名,公民身份号码\n张三,11010519491231002X,1\n", ":2", "3 cells"},
        Refused{"NeitherEncoding", "姓名,\xFF\xFF\xFF\n", "list.csv", "neither UTF-8"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace archive
