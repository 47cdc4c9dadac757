#include "config/content_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "config/check_tables.h"
#include "config/csv_table.h"
#include "tests/source_root.h"

namespace archive {
namespace {

const CheckTables& shipped() {
  static const CheckTables tables =
      CheckTables::load(source_root() / "config");
  return tables;
}

// R6: each of the five scopes maps to a class at least, and each class is reached by one of them.
TEST(ContentGroups, R6_TheFiveScopesReachEveryClass) {
  const auto& scopes = shipped().content_groups.scopes();
  std::set<std::string> names;
  for (const ContentGroups::Group& scope : scopes) {
    EXPECT_FALSE(scope.classes.empty()) << scope.id;
    names.insert(scope.name_zh);
  }
  EXPECT_EQ(names, (std::set<std::string>{"参保人员档案", "缴费档案", "待遇发放档案",
                                          "统计报表档案", "业务文件档案"}));
  const CsvTable classes = CsvTable::read(source_root() / "config" / "domain" /
                                          "classification.csv");
  int reached = 0;
  for (const CsvTable::Row& row : classes.rows()) {
    const std::string& code = classes.cell(row, "class_code");
    const bool of_a_business = code.starts_with("SB0");
    EXPECT_EQ(shipped().content_groups.scope_of(code) != nullptr, of_a_business) << code;
    reached += of_a_business ? 1 : 0;
  }
  EXPECT_GT(reached, 9);
}

TEST(ContentGroups, R6_EachScopeHasThePapersItIsAskedFor) {
  const auto scope = [](const char* code) { return shipped().content_groups.scope_of(code)->id; };
  EXPECT_EQ(scope("SB01.02"), "insured");
  EXPECT_EQ(scope("SB02"), "payment");
  EXPECT_EQ(scope("SB06.04"), "benefit");
  EXPECT_EQ(scope("SB08"), "statistics");
  EXPECT_EQ(scope("SB09.01"), "business");
  EXPECT_EQ(shipped().content_groups.scope_of("SB"), nullptr);
  EXPECT_EQ(shipped().content_groups.scope_of("SB010"), nullptr);
}

TEST(ContentGroups, R34_EveryPaperIsOneOfTheFiveContentsOfARightsRecord) {
  EXPECT_EQ(shipped().content_groups.records().size(), 5U);
  for (const DocumentType& type : shipped().forms.types()) {
    EXPECT_NE(shipped().content_groups.record_of(type.code), nullptr) << type.code;
  }
  EXPECT_EQ(shipped().content_groups.record_of("DT09")->id, "payment");
  EXPECT_EQ(shipped().content_groups.record_of("DT11")->id, "account");
  EXPECT_EQ(shipped().content_groups.record_of("DT46")->id, "other");
}

}  // namespace
}  // namespace archive
