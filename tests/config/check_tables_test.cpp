#include "config/check_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::HasSubstr;

std::filesystem::path shipped_folder() { return source_root() / "config"; }

const CheckTables& shipped() {
  static const CheckTables tables = CheckTables::load(shipped_folder());
  return tables;
}

// The vectors of reference section 8.2.
TEST(RetirementAges, GrowWithTheMonthOfBirth) {
  struct Row {
    const char* kind;
    int year;
    unsigned month;
    const char* retires;
  };
  const auto age = [](const std::string& kind) {
    return *std::ranges::find(shipped().retirement.all(), kind, &RetirementAge::kind);
  };
  for (const Row& row : {Row{"M60", 1964, 12, "2024-12"}, Row{"M60", 1965, 1, "2025-02"},
                         Row{"M60", 1965, 4, "2025-05"}, Row{"M60", 1965, 5, "2025-07"},
                         Row{"M60", 1976, 8, "2039-07"}, Row{"M60", 1976, 9, "2039-09"},
                         Row{"M60", 1976, 12, "2039-12"}, Row{"F55", 1969, 12, "2024-12"},
                         Row{"F55", 1970, 1, "2025-02"}, Row{"F55", 1970, 5, "2025-07"},
                         Row{"F55", 1981, 8, "2039-07"}, Row{"F55", 1981, 9, "2039-09"},
                         Row{"F50", 1974, 12, "2024-12"}, Row{"F50", 1975, 1, "2025-02"},
                         Row{"F50", 1975, 3, "2025-05"}, Row{"F50", 1984, 10, "2039-09"},
                         Row{"F50", 1984, 11, "2039-11"}, Row{"F50", 1984, 12, "2039-12"}}) {
    EXPECT_EQ(age(row.kind).month_for(*YearMonth::of(row.year, row.month)).text(), row.retires)
        << row.kind << " " << row.year << "-" << row.month;
  }
}

TEST(RetirementAges, EarlyKinds) {
  EXPECT_EQ(shipped().retirement.earliest_age("特殊工种提前退休", Sex::male), 660);
  EXPECT_EQ(shipped().retirement.earliest_age("病退", Sex::female), 540);
  EXPECT_EQ(shipped().retirement.earliest_age("正常退休", Sex::male), std::nullopt);
}

TEST(WordLists, MeanWhatTheTextsSay) {
  const WordLists& words = shipped().words;
  EXPECT_EQ(words.meaning("insurance", "企业职工基本养老保险"), "养老");
  EXPECT_EQ(words.meaning("change_item", "身份证号码"), "id_number");
  EXPECT_EQ(words.meaning("insurance", "商业保险"), "");
  EXPECT_TRUE(words.names("legal_instrument", "劳动仲裁裁决补缴。"));
  EXPECT_EQ(words.folded("陳 國華"), words.folded("陈国华"));
  EXPECT_EQ(words.folded("甲厂（集团）"), words.folded("甲廠(集团)"));
  EXPECT_NE(words.folded("霞"), words.folded("暇"));
}

TEST(RegionCodes, KnowProvinces) {
  EXPECT_TRUE(shipped().regions.knows("110105"));
  EXPECT_TRUE(shipped().regions.knows("439702"));
  EXPECT_FALSE(shipped().regions.knows("990000"));
  EXPECT_FALSE(shipped().regions.knows(""));
}

TEST(Papers, EveryTypeOfTheTableHasItsFields) {
  EXPECT_EQ(shipped().papers.of("DT04").person, PaperPerson::own);
  EXPECT_EQ(shipped().papers.of("DT38").person, PaperPerson::relative);
  EXPECT_EQ(shipped().papers.of("DT99").person, PaperPerson::others);
}

/// The shipped tables with one of them replaced.
std::string refusal_of(const std::string& file, const std::string& bytes) {
  const TemporaryFolder folder;
  const auto config = folder.path() / "config";
  std::filesystem::copy(shipped_folder(), config, std::filesystem::copy_options::recursive);
  folder.write("config/checks/" + file, bytes);
  try {
    CheckTables::load(config);
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    return error.where() + " " + error.problem();
  }
  return "";
}

TEST(CheckTables, SlipsAreRefusedWithTheirLine) {
  struct Row {
    const char* file;
    const char* bytes;
    const char* says;
  };
  for (const Row& row :
       {Row{"sums.csv",
            "rule,variant,doc_type,total,parts,tolerance\nX14,,DT19,total_month,months,0\n",
            "sums.csv:2 DT19 has no field 'total_month'; did you mean 'total_months'?"},
        Row{"sums.csv", "rule,variant,doc_type,total,parts,tolerance\nX14,,DT98,total,months,0\n",
            "no document type 'DT98'"},
        Row{"sums.csv", "rule,variant,doc_type,total,parts,tolerance\nX14,,DT19,total_months,,0\n",
            "no parts"},
        Row{"sums.csv",
            "rule,variant,doc_type,total,parts,tolerance\nX99,,DT19,total_months,months,0\n",
            "'X99'"},
        Row{"equal_values.csv", "rule,variant,values,compare\nX22,agency,DT13.old_agency,alike\n",
            "none of exact, amount, text, name"},
        Row{"orders.csv",
            "rule,variant,earlier,later,months_least,scope\nX05,order,birth,DT04.work_start,x,"
            "page\n",
            "no number of months"},
        Row{"orders.csv",
            "rule,variant,earlier,later,months_least,scope\nX05,order,birth,DT04.work_start,0,"
            "all\n",
            "neither page nor dossier"},
        Row{"papers.csv", "doc_type,person,dated_by\nDT04,own,handle_dat\n",
            "did you mean 'handle_date'"},
        Row{"papers.csv", "doc_type,person,dated_by\nDT04,mine,\n", "none of own"},
        Row{"papers.csv", "doc_type,person,dated_by\nDT04,own,\nDT04,own,\n", "twice"},
        Row{"words.csv", "list,word,means,source\ninsurence,养老,养老,s\n",
            "did you mean 'insurance'"},
        Row{"words.csv", "list,word,means,source\ninsurance,,养老,s\n", "empty"},
        Row{"variants.csv", "variants,means\n萬,万万\n", "one character"},
        Row{"regions.csv", "code,name_zh,source\n1,s,s\n", "two to six digits"},
        Row{"four_properties.csv",
            "code,property,name_zh,name_en,check,rules,asks_zh,asks_en,verified\n"
            "1-1,beauty,a,a,digests,,a,a,V\n",
            "'beauty' is no word for the column 'property'"},
        Row{"four_properties.csv",
            "code,property,name_zh,name_en,check,rules,asks_zh,asks_en,verified\n"
            "1-1,security,a,a,digest,,a,a,V\n",
            "'digest' is no word for the column 'check'"},
        Row{"four_properties.csv",
            "code,property,name_zh,name_en,check,rules,asks_zh,asks_en,verified\n"
            "1-1,security,a,a,digests,X99,a,a,V\n",
            "there is no rule 'X99'"},
        Row{"four_properties.csv",
            "code,property,name_zh,name_en,check,rules,asks_zh,asks_en,verified\n"
            "1-1,security,a,a,digests,X41,a,a,V\n1-2,security,a,a,digests,X41,a,a,V\n",
            "counts to two rows"},
        Row{"person_facts.csv", "fact,doc_type,field,single\nowner,*,unit_name,\n",
            "none of the six facts"},
        Row{"person_facts.csv", "fact,doc_type,field,single\nperson,*,unit,\n",
            "no form has a field 'unit'"},
        Row{"person_facts.csv", "fact,doc_type,field,single\nperson,DT98,unit_name,\n",
            "no form 'DT98'"},
        Row{"person_facts.csv", "fact,doc_type,field,single\nperson,DT09,uscc,\n",
            "DT09 has no field 'uscc'"},
        Row{"person_facts.csv", "fact,doc_type,field,single\nperson,DT09,unit_name,no\n",
            "neither yes nor empty"},
        Row{"archive_numbers.csv", "pattern,source,verified\n[A-,s,V\n", "does not compile"},
        Row{"early_retirement.csv",
            "word,male_months,female_months,source,verified\n病退,-1,0,s,V\n",
            "no number of months"},
        Row{"retirement_ages.csv",
            "kind,sex,age_months,base_birth,band_months,delay_most,source,verified\n"
            "M60,man,720,1965-01,4,36,s,V\n",
            "neither male nor female"}}) {
    EXPECT_THAT(refusal_of(row.file, row.bytes), HasSubstr(row.says)) << row.file;
  }
}

}  // namespace
}  // namespace archive
