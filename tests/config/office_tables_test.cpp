#include "config/office_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "config/check_tables.h"
#include "config/csv_table.h"
#include "config/posts.h"
#include "config/settings.h"
#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

const std::filesystem::path kOurs = source_root() / "config";

class OfficeTables : public testing::Test {
 protected:
  TablePath place() const { return {kOurs, office_.path()}; }
  CsvTable table(const char* name) const { return CsvTable::read(place() / name); }
  ArchiveError refused(const char* name) const {
    try {
      table(name);
    } catch (const ArchiveError& error) {
      return error;
    }
    ADD_FAILURE() << name << " was read";
    return {ErrorKind::internal, "", "", ""};
  }
  static std::vector<std::string> column(const CsvTable& table, const char* name) {
    std::vector<std::string> cells;
    for (const CsvTable::Row& row : table.rows()) cells.push_back(table.cell(row, name));
    return cells;
  }

  TemporaryFolder office_;
};

TEST_F(OfficeTables, WithoutAnyOursHold) {
  const CsvTable both = table("domain/purposes.csv");
  const CsvTable ours = CsvTable::read(TablePath(kOurs) / "domain/purposes.csv");
  EXPECT_EQ(column(both, "id"), column(ours, "id"));
  EXPECT_EQ(CheckTables::load(place()).version, CheckTables::load(kOurs).version);
  EXPECT_EQ(FormCatalogue::load(place()).version(), FormCatalogue::load(kOurs).version());
}

TEST_F(OfficeTables, RowsOfTheSameKeyAreReplacedInTheirPlaceAndOthersAdded) {
  // Columns in another order than ours.
  office_.write("domain/retention.csv",
                "retention_code,class_code,annex_item,years,detail,verified\n"
                "D50,SB01.04,,50,of the office,V\n"
                "D30,SB09.09,,30,of the office,V\n");
  const CsvTable ours = CsvTable::read(TablePath(kOurs) / "domain/retention.csv");
  const CsvTable both = table("domain/retention.csv");
  auto expected = column(ours, "class_code");
  expected.push_back("SB09.09");
  EXPECT_EQ(column(both, "class_code"), expected);
  const FormCatalogue forms = FormCatalogue::load(place());
  EXPECT_EQ(forms.retention_of("SB01.04"), "D50");
  EXPECT_EQ(forms.retention_of("SB09.09"), "D30");
  EXPECT_NE(forms.version(), FormCatalogue::load(kOurs).version());
}

TEST_F(OfficeTables, ARowIsStruckByItsKey) {
  office_.write("domain/purposes.csv",
                "id,name_zh,name_en,kinds,source\n-court,,,,\nown,本单位事由,own,query,project\n");
  const auto ids = column(table("domain/purposes.csv"), "id");
  EXPECT_THAT(ids, testing::Not(testing::Contains("court")));
  EXPECT_THAT(ids, testing::Contains("own"));
}

TEST_F(OfficeTables, ARowThatIsStruckAndWrittenAnewIsReplaced) {
  office_.write("domain/purposes.csv",
                "id,name_zh,name_en,kinds,source\n-court,,,,\ncourt,法院,own,query,project\n");
  const CsvTable both = table("domain/purposes.csv");
  const auto ids = column(both, "id");
  ASSERT_THAT(ids, testing::Contains("court"));
  const auto at = std::ranges::find(ids, "court") - ids.begin();
  EXPECT_EQ(column(both, "name_en")[static_cast<std::size_t>(at)], "own");
}

TEST_F(OfficeTables, ARowOfItsOwnStandsOnce) {
  office_.write(
      "domain/purposes.csv",
      "id,name_zh,name_en,kinds,source\nown,甲,a,query,project\nown,乙,b,query,project\n");
  const ArchiveError error = refused("domain/purposes.csv");
  EXPECT_THAT(error.where(), EndsWith("purposes.csv:3"));
  EXPECT_THAT(error.problem(), HasSubstr("stands twice"));
}

TEST_F(OfficeTables, AFormOfItsOwnMakesDossiersBeCheckedAgain) {
  std::ifstream ours(std::string(kOurs) + "/forms/DT48.toml", std::ios::binary);
  office_.write("forms/DT48.toml", std::string("# of the office\n") +
                                       std::string(std::istreambuf_iterator<char>(ours), {}));
  EXPECT_NE(CheckTables::load(place()).version, CheckTables::load(kOurs).version);
}

TEST_F(OfficeTables, ATableThatStandsForOursIsTheOnlyOne) {
  office_.write("checks/archive_numbers.csv", "pattern,source,verified\nX-[0-9]{4},own,V\n");
  const CheckTables tables = CheckTables::load(place());
  ASSERT_EQ(tables.archive_numbers.size(), 1u);
  EXPECT_TRUE(tables.archive_numbers[0].found_in("X-2021"));
}

TEST_F(OfficeTables, AFormIsAddedAndOneTakesThePlaceOfOurs) {
  office_.write("domain/document_types.csv",
                "doc_type,name_zh,aliases_zh,name_en,title_keywords_regex,priority,class_code,"
                "subject,business,layout,sensitivity,verified\n"
                "DT77,本地表,,Own,^本地表$,40,SB01.02,P,own,table,P1,V\n");
  office_.write("forms/DT77.toml", "doc_type = \"DT77\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\n");
  office_.write("forms/DT39.toml",
                "doc_type = \"DT39\"\n[[field]]\nid = \"person_name\"\nlabel = \"受聘人\"\n");
  const FormCatalogue forms = FormCatalogue::load(place());
  ASSERT_NE(forms.form("DT77"), nullptr);
  ASSERT_EQ(forms.form("DT39")->fields.size(), 1u);
  EXPECT_EQ(forms.form("DT39")->fields[0].label_zh, "受聘人");
  EXPECT_NE(forms.form("DT04"), nullptr);
}

TEST_F(OfficeTables, AParameterFileOfAnyNameIsReadBesideOurs) {
  office_.write("checks/parameters/own.csv",
                "name,key,region,kind,from,to,value,source,verified\n"
                "office_region,,439702,,,,0,own,V\n"
                "reference_wage,养老,439702,,2021,2021,5702,own,V\n");
  const Parameters parameters = Parameters::load(place());
  const auto wage = parameters.in(*YearMonth::parse("2021-05"), {"reference_wage", "养老"});
  ASSERT_TRUE(wage);
  EXPECT_EQ(*wage, *Decimal::parse("5702"));
}

TEST_F(OfficeTables, ErrorsNameTheOfficesFileAndLine) {
  office_.write("domain/retention.csv",
                "class_code,annex_item,retention_code,years,detail,verified\n"
                "# a comment\nSB01.04,,D55,55,,V\n");
  try {
    FormCatalogue::load(place());
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_THAT(error.where(), EndsWith("domain/retention.csv:3"));
    EXPECT_THAT(error.where(), HasSubstr(office_.path().string()));
    EXPECT_THAT(error.problem(), HasSubstr("D55"));
  }
}

TEST_F(OfficeTables, RefusesWhatWouldHaveNoEffect) {
  office_.write("domain/retention.csv", "class_code,retention_kode\nSB01.04,D50\n");
  EXPECT_THAT(refused("domain/retention.csv").problem(),
              HasSubstr("'retention_kode'; nearest: 'retention_code'"));
  office_.write("domain/purposes.csv", "id,name_zh,name_en,kinds,source\n-curt,,,,\n");
  EXPECT_THAT(refused("domain/purposes.csv").problem(), HasSubstr("to strike"));
  office_.write("domain/purposes.csv",
                "id,name_zh,name_en,kinds,source\ncourt,a,b,query,x\ncourt,a,b,query,x\n");
  EXPECT_THAT(refused("domain/purposes.csv").problem(), HasSubstr("twice"));
  office_.write("messages.csv", "id,zh,en,zh_what_to_do,en_what_to_do\n");
  EXPECT_THAT(refused("messages.csv").problem(), HasSubstr("of its own"));
}

TEST_F(OfficeTables, AFileThatNobodyReadsIsNamedWithTheNearestTable) {
  office_.write("domain/retenton.csv", "class_code\n");
  Settings settings;
  settings.config_folder = kOurs;
  settings.office_folder = office_.path();
  try {
    find_config_folder(settings);
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_THAT(error.problem(), HasSubstr("nearest: 'domain/retention.csv'"));
  }
}

TEST_F(OfficeTables, AFolderThatIsNotThereIsNotPassedOver) {
  Settings settings;
  settings.config_folder = kOurs;
  settings.office_folder = office_.path() / "none";
  EXPECT_THROW(find_config_folder(settings), ArchiveError);
}

TEST_F(OfficeTables, NotesOfPeopleAreNoTables) {
  office_.write("README.md", "words");
  office_.write(".git/x.csv", "a");
  office_.write("juanzong.toml", "");
  office_.write("forms/DT39.toml", "");
  EXPECT_THAT(office_files(place()), ElementsAre("forms/DT39.toml"));
}

TEST(TablesOf, TheListHasEveryFileOfOursAndNoOther) {
  const auto tables = tables_of(kOurs);
  std::set<std::string> met;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kOurs)) {
    const auto extension = entry.path().extension();
    if (extension != ".csv" && extension != ".toml") continue;
    const std::string name = entry.path().lexically_relative(kOurs).generic_string();
    const auto facts =
        std::ranges::find_if(tables, [&](const TableFacts& one) { return one.is(name); });
    ASSERT_NE(facts, tables.end()) << name << " is not in tables.csv";
    met.insert(facts->name);
    if (!name.ends_with(".csv")) continue;
    const CsvTable table = CsvTable::read(TablePath(kOurs) / name);
    for (const std::string& key : facts->key) {
      EXPECT_THAT(table.columns(), testing::Contains(key)) << name;
    }
    // A key that two of our rows share would let an office replace one of them by chance.
    if (facts->office != OfficeTable::rows) continue;
    std::set<std::vector<std::string>> keys;
    for (const CsvTable::Row& row : table.rows()) {
      std::vector<std::string> key;
      for (const std::string& one : facts->key) key.push_back(table.cell(row, one));
      EXPECT_TRUE(keys.insert(key).second) << name << ":" << row.line;
    }
  }
  EXPECT_EQ(met.size(), tables.size());
}

TEST(TheSampleOffice, IsReadWhole) {
  const TablePath place(kOurs, source_root() / "samples/office/office");
  const CheckTables tables = CheckTables::load(place);
  EXPECT_NE(tables.forms.form("DT50"), nullptr);
  EXPECT_EQ(tables.forms.retention_of("SB02.07"), "D30");
  EXPECT_TRUE(Posts::load(place).find("counter_lead"));
}

}  // namespace
}  // namespace archive
