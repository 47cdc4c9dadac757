#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "checks/dossier_checks.h"
#include "tests/checks/fixtures.h"

// Dossiers that are large, broken or nonsense: checked all the same, and in time.

namespace archive {
namespace {

constexpr const char* kNumber = " id_number=11010519491231002X person_name=陈国华 ";

std::string statement(int year, int rows, const std::string& base) {
  std::string line = "DT11" + std::string(kNumber) + "year=" + std::to_string(year);
  for (int row = 0; row < rows; ++row) {
    const std::string month = std::to_string(row % 12 + 1);
    line += " | period_from=" + std::to_string(year + row / 12) + (month.size() == 1 ? "-0" : "-") +
            month + " pay_base=" + base + " unit_amount=1200.00 person_amount=480.00";
  }
  return line;
}

double seconds_for(const DossierFacts& dossier) {
  const auto begin = std::chrono::steady_clock::now();
  check_dossier(dossier, fixture_tables());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Two thousand pages and a page of five hundred rows: linear, far below a second even unoptimized.
TEST(Hardship, LargeDossiersTakeNoLongerThanTheirSize) {
  std::vector<std::string> lines(2000, "DT04" + std::string(kNumber) + "work_start=1970-01-01");
  for (std::size_t i = 0; i < lines.size(); i += 10) {
    lines[i] = statement(1950 + static_cast<int>(i / 30), 12, "6000.00");
  }
  EXPECT_LT(seconds_for(dossier_of(lines)), 5);
  EXPECT_LT(seconds_for(dossier_of({statement(1990, 500, "6000.00")})), 2);
}

TEST(Hardship, NonsenseIsNoFinding) {
  for (const char* line :
       {"DT04 birth_date=2021-02-30 id_number=11010519491231002X work_start=9999-99-99 sex=",
        "DT11 year=999999 | period_from=2021-13 pay_base=abc person_amount=-1.00 | ",
        "DT16 period_from=2021-05 period_to=1850-01 months=999999 pay_base=999999999999.99 "
        "late_days=999999 late_fee=1.00 unit_amount=1.00 person_amount=1.00 handle_date=2021-01-01",
        "DT20 divisor=0 account_balance=1.00 account_pension=1.00 index=x",
        "DT15 period_from=1850-01 period_to=2199-12 months=1 | row_year=1850 row_months=1",
        "DT31 own_wage=1.00 handle_date=2021-01-01", "DT98 nothing=1", "DT07 |"}) {
    const auto found = check_dossier(dossier_of({line}), fixture_tables());
    for (const Finding& finding : found) {
      if (finding.rule == "must_have") continue;  // one page is no whole dossier
      EXPECT_TRUE(finding.rule == "X05" || finding.rule == "X13")
          << line << ": " << finding.rule << " " << finding.variant;
    }
  }
}

TEST(Hardship, EmptyAndSetAsidePagesAreNotAsked) {
  const auto asked = [](const DossierFacts& dossier) {
    return std::ranges::any_of(check_dossier(dossier, fixture_tables()),
                               [](const Finding& finding) { return finding.rule == "V01"; });
  };
  DossierFacts dossier = dossier_of({"DT37 id_number=330225198908262278"});
  EXPECT_TRUE(asked(dossier));
  dossier.pages[0].set_aside = true;
  EXPECT_FALSE(asked(dossier));
  dossier.pages[0].set_aside = false;
  dossier.pages[0].kind = PageKind::blank;
  EXPECT_FALSE(asked(dossier));
  EXPECT_FALSE(asked({}));
}

// R43: the same facts give the same findings in the same order, and no value is touched.
TEST(Hardship, SameFactsSameFindings) {
  const DossierFacts dossier =
      dossier_of({"DT04" + std::string(kNumber) + "birth_date=1950-12-31 sex=男",
                  statement(2019, 12, "6100.00"),
                  "DT37" + std::string(kNumber) + "valid_from=2020-01-01 valid_to=2010-01-01"});
  const DossierFacts before = dossier;
  const auto first = check_dossier(dossier, fixture_tables());
  EXPECT_EQ(first, check_dossier(dossier, fixture_tables()));
  EXPECT_EQ(dossier, before);
  ASSERT_GE(first.size(), 3U);
  for (std::size_t i = 1; i < first.size(); ++i) {
    if (first[i - 1].places.empty()) continue;  // what is absent comes first
    EXPECT_LE(first[i - 1].places.front().page, first[i].places.front().page);
  }
}

TEST(Hardship, PersonsAreNamedByNumberOrName) {
  const auto by_number =
      check_dossier(dossier_of({"DT37" + std::string(kNumber) + "sex=男"}), fixture_tables());
  ASSERT_FALSE(by_number.empty());
  EXPECT_EQ(by_number.back().persons, std::vector<std::string>{"11010519491231002X"});
  const auto by_name = check_dossier(
      dossier_of({"DT39 person_name=陈国华 contract_from=2014-07-01 contract_to=2011-06-30"}),
      fixture_tables());
  ASSERT_FALSE(by_name.empty());
  EXPECT_EQ(by_name.back().persons, std::vector<std::string>{"陈国华"});
}

}  // namespace
}  // namespace archive
