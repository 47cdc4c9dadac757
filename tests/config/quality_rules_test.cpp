#include "config/quality_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHeader =
    "id,measure,when,limit,bits,verdict,source,zh,en,zh_what_to_do,en_what_to_do\n";

std::string row(const std::string& begin) { return begin + ",zh,en,zh do,en do\n"; }

QualityRules rules_of(const std::string& rows) {
  const TemporaryFolder folder;
  folder.write("quality_rules.csv", kHeader + rows);
  return QualityRules::load(folder.path());
}

std::string refusal_of(const std::string& rows) {
  try {
    rules_of(rows);
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    return error.where() + " " + error.problem();
  }
  return "";
}

TEST(QualityRules, TheTableOfTheProgramIsSound) {
  const QualityRules rules = QualityRules::load(source_root() / "config");
  std::set<std::string_view> measured;
  for (const QualityRule& rule : rules.rules()) measured.insert(rule.measure.name);
  for (const QualityMeasure& measure : kQualityMeasures) {
    EXPECT_TRUE(measured.contains(measure.name)) << measure.name << " is judged by no rule";
  }
}

TEST(QualityRules, APageWithoutFindingsIsAccepted) {
  const QualityRules rules = rules_of(row("low,dpi,below,200,,rescan,Q5"));
  QualityMeasures measures;
  measures.dpi = 200;
  const PageQuality quality = rules.judge(measures);
  EXPECT_EQ(quality.verdict, Verdict::accept);
  EXPECT_TRUE(quality.findings.empty());
  EXPECT_EQ(quality.measures.dpi, 200);
}

TEST(QualityRules, WhatWasNotMeasuredBreaksNoRule) {
  const QualityRules rules = rules_of(row("low,dpi,below,200,,rescan,Q5"));
  EXPECT_EQ(rules.judge({}).verdict, Verdict::accept);
}

TEST(QualityRules, TheGravestRuleOnAMeasureCountsAndTheGravestFindingDecides) {
  const QualityRules rules = rules_of(row("askew,skew_degrees,above,3,,look,Q13") +
                                      row("far_askew,skew_degrees,above,10,,rescan,project") +
                                      row("grey,bits,below,24,,accept,Q4"));
  QualityMeasures measures;
  measures.skew_degrees = 12;
  measures.bits = 8;
  const PageQuality quality = rules.judge(measures);
  EXPECT_EQ(quality.verdict, Verdict::rescan);
  EXPECT_THAT(quality.findings, ElementsAre(QualityFinding{"far_askew", Verdict::rescan, 12},
                                            QualityFinding{"grey", Verdict::accept, 8}));
}

TEST(QualityRules, ALimitItselfIsKept) {
  const QualityRules rules = rules_of(row("askew,skew_degrees,above,3,,look,Q13"));
  QualityMeasures measures;
  measures.skew_degrees = 3;
  EXPECT_TRUE(rules.judge(measures).findings.empty());
  measures.skew_degrees = 3.01;
  EXPECT_EQ(rules.judge(measures).verdict, Verdict::look);
}

TEST(QualityRules, ARuleMayBeForSomeDepthsOnly) {
  const QualityRules rules = rules_of(row("dark,paper_level,below,150,8|24,look,project"));
  QualityMeasures measures;
  measures.paper_level = 100;
  measures.bits = 1;
  EXPECT_EQ(rules.judge(measures).verdict, Verdict::accept);
  measures.bits = 24;
  EXPECT_EQ(rules.judge(measures).verdict, Verdict::look);
}

struct Wrong {
  const char* name;
  std::string rows;
  const char* says;
};
class WrongRule : public testing::TestWithParam<Wrong> {};

TEST_P(WrongRule, IsRefusedWithItsLine) {
  const std::string refusal = refusal_of(GetParam().rows);
  EXPECT_THAT(refusal, HasSubstr("quality_rules.csv:"));
  EXPECT_THAT(refusal, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongRule,
    testing::Values(Wrong{"measure", row("a,beauty,below,1,,look,Q5"), "beauty"},
                    Wrong{"when", row("a,dpi,beside,1,,look,Q5"), "below"},
                    Wrong{"limit", row("a,dpi,below,two hundred,,look,Q5"), "limit"},
                    Wrong{"verdict", row("a,dpi,below,1,,burn,Q5"), "verdict"},
                    Wrong{"source", row("a,dpi,below,1,,look,hearsay"), "source"},
                    Wrong{"source_number", row("a,dpi,below,1,,look,Q29"), "source"},
                    Wrong{"bits", row("a,dpi,below,1,eight,look,Q5"), "bits"},
                    Wrong{"empty", "a,dpi,below,1,,look,Q5,,en,zh do,en do\n", "'zh' is empty"},
                    Wrong{"twice", row("a,dpi,below,1,,look,Q5") + row("a,bits,below,1,,look,Q5"),
                          "twice"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace archive
