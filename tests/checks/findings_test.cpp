#include "checks/findings.h"

#include <gtest/gtest.h>

#include "checks/dossier_view.h"
#include "core/error.h"
#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

/// Rules from a table of their own.
CheckRules rules_of(const std::string& rows) {
  const TemporaryFolder folder;
  folder.write("checks/rules.csv",
               "id,variant,severity,name_zh,name_en,zh,en,source,verified\n" + rows);
  return CheckRules::load(folder.path());
}

TEST(Findings, AreAsGraveAsTheTableSays) {
  const CheckRules rules = rules_of("X1,,error,一,one,甲,a,s,V\nX1,more,info,一,one,乙,b,s,V\n");
  Findings findings(rules);
  findings.add("X1", "", {});
  findings.add("X1", "more", {});
  const auto found = std::move(findings).take();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].severity, Severity::error);
  EXPECT_EQ(found[1].severity, Severity::info);
  EXPECT_NE(key_of(found[0]), key_of(found[1]));
}

TEST(Findings, OfARuleThatIsSwitchedOffAreLeftOut) {
  const CheckRules rules = rules_of("X1,,off,一,one,甲,a,s,V\n");
  Findings findings(rules);
  findings.add("X1", "", {});
  EXPECT_TRUE(std::move(findings).take().empty());
}

TEST(Findings, SayASentenceWithItsBlanksFilled) {
  Finding finding;
  finding.places = {{7, "months", -1, "13"}, {9, "months", -1, "12"}, {7, "year", -1, "2020"}};
  finding.expected = "12";
  finding.words = {{"year", "2020"}};
  EXPECT_EQ(sentence_of("{year}: {printed}, not {expected} ({pages}) {odd}", finding,
                        [](PageNumber page) { return "p" + std::to_string(page); }),
            "2020: 13, not 12 (p7, p9) {odd}");
}

TEST(Findings, TablesWithErrorsAreRefusedWithTheirLine) {
  for (const char* rows :
       {"X1,,grave,一,one,甲,a,s,V\n", "X1,,warn,一,one,{甲,a,s,V\n", "X1,,warn,一,one,,a,s,V\n",
        "X1,,warn,一,one,甲,a,s,V\nX1,,warn,一,one,甲,a,s,V\n"}) {
    try {
      rules_of(rows);
      ADD_FAILURE() << rows;
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::settings);
      EXPECT_NE(error.where().find("rules.csv:"), std::string::npos) << error.where();
    }
  }
}

TEST(DossierView, BelievesWhatIsSureOrDecided) {
  DossierFacts facts;
  PageFact page;
  page.number = 1;
  page.doc_type = "DT04";
  page.fields = {{"months", -1, "12", "12", 1, FieldValidity::valid, true, false, false},
                 {"year", -1, "2020", "2020", 1, FieldValidity::valid, false, false, false},
                 {"pay_base", 2, "", "1.00", 1, FieldValidity::valid, true, false, true}};
  facts.pages = {page, page};
  facts.pages[1].set_aside = true;
  const DossierView view(facts);
  ASSERT_EQ(view.pages_of("DT04").size(), 1U);
  const PageFact& seen = *view.pages_of("DT04").front();
  EXPECT_EQ(believed(seen, "months"), nullptr);
  EXPECT_NE(believed(seen, "year"), nullptr);
  EXPECT_NE(believed(seen, "pay_base", 2), nullptr);
  EXPECT_EQ(rows_of(seen), std::vector<int>{2});
  EXPECT_FALSE(view.has("DT05"));
}

}  // namespace
}  // namespace archive
