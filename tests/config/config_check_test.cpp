#include "config/config_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path kOurs = source_root() / "config";
constexpr const char* kTypesHeader =
    "doc_type,name_zh,aliases_zh,name_en,title_keywords_regex,priority,class_code,subject,"
    "business,layout,sensitivity,verified\n";

std::vector<std::string> told(const ConfigLook& look) {
  std::vector<std::string> lines;
  for (const ArchiveError& problem : look.problems) {
    lines.push_back(problem.where() + " " + problem.problem());
  }
  return lines;
}

TEST(ConfigCheck, FindsNothingInOursAndReadsEveryTable) {
  const ConfigLook look = look_at_configuration(kOurs);
  EXPECT_THAT(told(look), IsEmpty());
  EXPECT_THAT(look.not_read, IsEmpty());
  EXPECT_GT(look.read.size(), 40u);
}

TEST(ConfigCheck, FindsNothingInTheSampleOffice) {
  const ConfigLook look =
      look_at_configuration(TablePath(kOurs, source_root() / "samples/office/office"));
  EXPECT_THAT(told(look), IsEmpty());
  EXPECT_GT(look.of_office.size(), 8u);
}

TEST(ConfigCheck, ListsAllThatIsWrongAtOnce) {
  const TemporaryFolder office;
  office.write("domain/retention.csv",
               "class_code,annex_item,retention_code,years,detail,verified\n"
               "SB01.01,,D55,,,V\nSB01.02,,D66,,,V\nSB01.03,,D50,,,V\n");
  office.write("duties/posts.csv",
               "post,zh,en,rights,contractor\nlead,长,lead,monitor|querry,no\n"
               "other,它,other,monitor,perhaps\n");
  office.write("checks/parameters/own.csv",
               "name,key,region,kind,from,to,value,source,verified\n"
               "reference_wage,养老,11,,2021,2021,many,own,V\n");
  office.write("domain/purpose.csv", "id\n");
  office.write("forms/DT39.toml",
               "doc_type = \"DT39\"\ntitels = [\"a\"]\n[[field]]\nid = \"x\"\nlabel = \"甲\"\n"
               "kind = \"text\"\n");
  const auto lines = told(look_at_configuration(TablePath(kOurs, office.path())));
  const auto has = [&](const std::string& place, const std::string& words) {
    EXPECT_THAT(lines, testing::Contains(testing::AllOf(HasSubstr(place), HasSubstr(words))))
        << testing::PrintToString(lines);
  };
  has("domain/retention.csv:2", "D55");
  has("domain/retention.csv:3", "D66");
  has("duties/posts.csv:2", "querry");
  has("duties/posts.csv:3", "contractor");
  has("own.csv:2", "value");
  has("domain/purpose.csv", "nearest: 'domain/purposes.csv'");
  has("DT39.toml:2", "unknown key 'titels'");
  has("DT39.toml:6", "unknown key 'kind'");
}

TEST(ConfigCheck, WhatFollowsFromAFaultElsewhereIsNotTold) {
  const TemporaryFolder office;
  office.write("domain/document_types.csv",
               std::string(kTypesHeader) + "DT77,本地表,,Own,^(本地表$,40,SB01.02,P,own,table,P1,V\n");
  office.write("forms/DT77.toml",
               "doc_type = \"DT77\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\n");
  office.write("checks/papers.csv", "doc_type,person,dated_by\nDT77,own,\n");
  const auto lines = told(look_at_configuration(TablePath(kOurs, office.path())));
  ASSERT_EQ(lines.size(), 1u) << testing::PrintToString(lines);
  EXPECT_THAT(lines[0], HasSubstr("domain/document_types.csv:2"));
}

TEST(ConfigCheck, AnAlarmLooksForWhatIsLogged) {
  const TemporaryFolder office;
  office.write("duties/alarms.csv",
               "alarm,zh,en,actions,count,within_s,distinct,hours\n"
               "open,查阅,reading,page_openned,1,60,no,\n");
  const auto lines = told(look_at_configuration(TablePath(kOurs, office.path())));
  ASSERT_EQ(lines.size(), 1u) << testing::PrintToString(lines);
  EXPECT_THAT(lines[0], testing::AllOf(HasSubstr("duties/alarms.csv:2"), HasSubstr("'page_opened'")));
}

TEST(ConfigCheck, ATableThatCannotBeCutIsOneProblem) {
  const TemporaryFolder office;
  office.write("duties/alarms.csv", "alarm,zh,en,actions,count,within_s,distinct,hours\n\"open\n");
  const auto lines = told(look_at_configuration(TablePath(kOurs, office.path())));
  ASSERT_EQ(lines.size(), 1u) << testing::PrintToString(lines);
  EXPECT_THAT(lines[0], HasSubstr("duties/alarms.csv:2"));
}

}  // namespace
}  // namespace archive
