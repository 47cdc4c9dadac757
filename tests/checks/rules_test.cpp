#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checks/dossier_checks.h"
#include "tests/checks/fixtures.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

// Every rule with dossiers that keep it and dossiers that do not: tests/checks/fixtures.

namespace archive {
namespace {

std::vector<Finding> found_by(const std::string& rule, const DossierFacts& dossier,
                              const std::vector<std::string>& elsewhere) {
  std::vector<Finding> found =
      check_dossier(dossier, fixture_tables(), {}, vouchers_elsewhere(elsewhere));
  std::erase_if(found, [&rule](const Finding& finding) { return finding.rule != rule; });
  return found;
}

std::string shown(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.rule + " " + finding.variant + " " +
            (finding.places.empty() ? "-" : finding.places.front().field) + " -> " +
            finding.expected + "\n";
  }
  return text;
}

bool is(const Finding& finding, const ExpectedFinding& expected) {
  return finding.variant == expected.variant && finding.expected == expected.expected &&
         (finding.places.empty() ? "" : finding.places.front().field) == expected.field;
}

class RuleFixture : public testing::TestWithParam<Fixture> {};

TEST_P(RuleFixture, KeptAndBroken) {
  for (const FixtureCase& one : GetParam().cases) {
    SCOPED_TRACE(one.name);
    const DossierFacts dossier = dossier_of(one.pages);
    const std::vector<Finding> found = found_by(GetParam().rule, dossier, one.elsewhere);
    EXPECT_EQ(found.size(), one.finds.size()) << shown(found);
    EXPECT_EQ(one.fails, !one.finds.empty());
    for (const ExpectedFinding& expected : one.finds) {
      EXPECT_TRUE(std::ranges::any_of(
          found, [&expected](const Finding& finding) { return is(finding, expected); }))
          << expected.variant << " " << expected.field << " -> " << expected.expected << "\nfound "
          << shown(found);
    }
    // No value is ever changed (R43).
    EXPECT_EQ(dossier, dossier_of(one.pages));
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, RuleFixture, testing::ValuesIn(all_fixtures()),
                         [](const auto& row) { return row.param.rule; });

/// Rules that are asked elsewhere: of volumes, pages and bundles.
bool has_fixture_elsewhere(const std::string& rule, const std::string& variant) {
  if (variant == "other_person" || variant == "foreign_stamp") return true;
  return rule.starts_with("X4") || rule.starts_with("X6") || rule.starts_with("X7") ||
         !(rule.starts_with('V') || rule.starts_with('X'));
}

// R24: each rule has a dossier that breaks it.
TEST(RuleFixtures, EveryRuleIsKeptByOneAndBrokenByAnother) {
  std::map<std::string, std::set<bool>> outcomes;
  std::map<std::string, std::set<std::string>> variants;
  for (const Fixture& fixture : all_fixtures()) {
    for (const FixtureCase& one : fixture.cases) {
      outcomes[fixture.rule].insert(one.fails);
      for (const ExpectedFinding& finding : one.finds) {
        variants[fixture.rule].insert(finding.variant);
      }
    }
  }
  for (const auto& [key, rule] : fixture_tables().rules.all()) {
    if (has_fixture_elsewhere(rule.id, rule.variant)) continue;
    EXPECT_EQ(outcomes[rule.id].size(), 2U) << rule.id << " needs both kinds of dossiers";
    EXPECT_TRUE(variants[rule.id].contains(rule.variant))
        << rule.id << " '" << rule.variant << "' is found by no fixture";
  }
}

TEST(RuleFixtures, ADeadlineAtTheEndOfTheMonthHoldsInShortOnes) {
  const TemporaryFolder office;
  office.write("checks/parameters/collection.csv",
               "name,key,region,kind,from,to,value,source,verified\ndeadline_day,,,,,,31,own,V\n");
  const CheckTables tables = CheckTables::load(TablePath(source_root() / "config", office.path()));
  const auto deadline = [&tables](const std::string& month, const std::string& paid) {
    const DossierFacts dossier =
        dossier_of({"DT09 pay_date=" + paid + " | period_from=" + month + " period_to=" + month});
    const std::vector<Finding> found = check_dossier(dossier, tables);
    const auto late = std::ranges::find(found, "X17", &Finding::rule);
    return late == found.end() ? std::string() : late->expected;
  };
  EXPECT_EQ(deadline("2021-01", "2021-03-01"), "2021-02-28");
  EXPECT_EQ(deadline("2020-01", "2020-02-29"), "");
  EXPECT_EQ(deadline("2020-01", "2020-03-01"), "2020-02-29");
  EXPECT_EQ(deadline("2021-02", "2021-04-01"), "2021-03-31");
}

// A sentence with an empty blank left in it would be read by a person.
TEST(RuleFixtures, EverySentenceHasItsBlanksFilled) {
  for (const Fixture& fixture : all_fixtures()) {
    for (const FixtureCase& one : fixture.cases) {
      for (const Finding& finding : found_by(fixture.rule, dossier_of(one.pages), one.elsewhere)) {
        const CheckRule* rule = fixture_tables().rules.rule(finding.rule, finding.variant);
        ASSERT_NE(rule, nullptr);
        for (const std::string& sentence : {rule->zh, rule->en}) {
          const std::string said =
              sentence_of(sentence, finding, [](PageNumber page) { return std::to_string(page); });
          EXPECT_EQ(said.find('{'), std::string::npos) << said;
          EXPECT_EQ(said.find("“”"), std::string::npos) << said;
        }
      }
    }
  }
}

}  // namespace
}  // namespace archive
