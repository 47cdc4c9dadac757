#include "config/must_haves.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "config/title_types.h"
#include "config/volume_tables.h"
#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

const std::filesystem::path kConfig = source_root() / "config";

const FormCatalogue& forms() {
  static const FormCatalogue loaded = FormCatalogue::load(kConfig);
  return loaded;
}

MustHaves table_of(const std::string& rows) {
  const TemporaryFolder folder;
  folder.write("checks/must_have.csv",
               "business,name_zh,words,doc_type,need,principal,when,condition,step\n" + rows);
  return MustHaves::load(folder.path(), forms());
}

TEST(MustHaves, OfTheDomainNameEveryBusinessAndTheSheets) {
  const MustHaves must_haves = MustHaves::load(kConfig, forms());
  EXPECT_GE(must_haves.businesses().size(), 17U);
  EXPECT_EQ(must_haves.volume_sheets().papers.size(), 3U);
  for (const Business& business : must_haves.businesses()) {
    EXPECT_FALSE(business.words.empty()) << business.id;
    EXPECT_FALSE(business.papers.empty()) << business.id;
  }
}

TEST(MustHaves, CanBeAnOffices) {
  const MustHaves must_haves = table_of(
      "retirement,退休及养老待遇核定,,DT19,M,yes,,,\n"
      "retirement,退休及养老待遇核定,,DT10|DT11,M,,,,2\n"
      "retirement,退休及养老待遇核定,,DT21,C,,deemed_months>0,视同缴费,\n"
      "*,,,DT04,O,,,,\n");
  ASSERT_EQ(must_haves.businesses().size(), 1U);
  const Business& business = must_haves.businesses().front();
  EXPECT_EQ(business.words, std::vector<std::string>{"退休及养老待遇核定"});
  EXPECT_TRUE(business.lists("DT11"));
  EXPECT_TRUE(business.papers[0].principal);
  EXPECT_EQ(business.papers[1].step, 2);
  EXPECT_EQ(business.papers[2].when.sign, '>');
  EXPECT_TRUE(must_haves.anywhere().lists("DT04"));
}

TEST(MustHaves, WithErrorsAreRefusedWithTheirLine) {
  struct Wrong {
    const char* row;
    const char* says;
  };
  for (const Wrong& wrong :
       {Wrong{"a,甲,,DT1,M,,,,\n", "DT1"}, Wrong{"a,甲,,,M,,,,\n", "type"},
        Wrong{"a,甲,,DT04,X,,,,\n", "need"},
        Wrong{"a,甲,,DT04,C,,deemed_month>0,,\n", "deemed_months"},
        Wrong{"a,甲,,DT04,C,,deemed_months>,,\n", "second side"},
        Wrong{"a,甲,,DT04,C,,deemed_months>x,,\n", "no number"},
        Wrong{"a,甲,,DT04,M,,,,x\n", "no number"}, Wrong{"a,甲,,DT04,M,no,,,\n", "neither 'yes'"},
        Wrong{"a,甲,,DT04,M,,,,\na,乙,,DT05,M,,,,\n", "two names"}}) {
    try {
      table_of(wrong.row);
      ADD_FAILURE() << wrong.row;
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::settings);
      EXPECT_NE(error.where().find("must_have.csv:"), std::string::npos) << error.where();
      EXPECT_NE(error.problem().find(wrong.says), std::string::npos) << error.problem();
    }
  }
}

TEST(TitleTypes, KnowPapersByTheirTitles) {
  const TitleTypes titles(forms());
  EXPECT_EQ(titles.type_of("退休审批表"), "DT19");
  EXPECT_EQ(titles.type_of(" 居民身份证 复印件"), "DT37");
  EXPECT_EQ(titles.type_of("劳动合同书"), "DT39");
  EXPECT_EQ(titles.type_of("关于李示例同志的户口簿复印件"), "DT38");
  EXPECT_EQ(titles.type_of(""), "");
  EXPECT_EQ(titles.type_of("风景照片"), "");
}

TEST(VolumeTables, KnowWhatRetentionMarksMean) {
  const VolumeTables tables = VolumeTables::load(kConfig, forms());
  EXPECT_EQ(tables.years_of("30年"), 30);
  EXPECT_EQ(tables.years_of("D100"), 100);
  EXPECT_EQ(tables.years_of("永久"), VolumeTables::kForEver);
  EXPECT_FALSE(tables.years_of("INHERIT"));
  EXPECT_FALSE(tables.years_of("HOLD"));
  EXPECT_EQ(tables.printed("D50"), "50年");
  EXPECT_TRUE(tables.may_be_others("DT38"));
  EXPECT_FALSE(tables.may_be_others("DT10"));
}

TEST(VolumeTables, WithErrorsAreRefused) {
  const TemporaryFolder folder;
  folder.write("checks/retention_marks.csv", "mark,years\n永久,always\n");
  folder.write("checks/other_persons.csv", "doc_type\n");
  EXPECT_THROW(VolumeTables::load(folder.path(), forms()), ArchiveError);
  folder.write("checks/retention_marks.csv", "mark,years\n永久,ever\n永久,ever\n");
  EXPECT_THROW(VolumeTables::load(folder.path(), forms()), ArchiveError);
  folder.write("checks/retention_marks.csv", "mark,years\n永久,ever\n");
  folder.write("checks/other_persons.csv", "doc_type\nDT0\n");
  EXPECT_THROW(VolumeTables::load(folder.path(), forms()), ArchiveError);
}

}  // namespace
}  // namespace archive
