#include "config/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::HasSubstr;

constexpr const char* kHeader = "name,key,region,kind,from,to,value,source,verified\n";

Parameters parameters_of(const std::string& rows) {
  const TemporaryFolder folder;
  folder.write("checks/parameters/rows.csv", kHeader + rows);
  return Parameters::load(folder.path());
}

std::string refusal_of(const std::string& rows) {
  try {
    parameters_of(rows);
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    return error.where() + " " + error.problem();
  }
  return "";
}

const Parameters& shipped() {
  static const Parameters parameters =
      Parameters::load(source_root() / "config");
  return parameters;
}

std::string in(const Parameters& parameters, int year, unsigned month,
               const Parameters::Question& question) {
  const auto value = parameters.in(*YearMonth::of(year, month), question);
  return value ? value->text() : "no reference";
}

// R56: rates with dates; R61: the late fee and its deadline; R18: months needed.
TEST(Parameters, TheShippedOnesHoldInTheirTimes) {
  EXPECT_EQ(in(shipped(), 2019, 4, {"unit_rate", "养老"}), "0.2");
  EXPECT_EQ(in(shipped(), 2019, 5, {"unit_rate", "养老"}), "0.16");
  EXPECT_EQ(in(shipped(), 2024, 1, {"person_rate", "养老"}), "0.08");
  EXPECT_EQ(shipped().on(*Date::of(2011, 6, 30), {"late_fee_rate"})->text(), "0.002");
  EXPECT_EQ(shipped().on(*Date::of(2011, 7, 1), {"late_fee_rate"})->text(), "0.0005");
  EXPECT_EQ(in(shipped(), 2024, 1, {"deadline_day"}), "15");
  EXPECT_EQ(in(shipped(), 2029, 12, {"minimum_months"}), "180");
  EXPECT_EQ(in(shipped(), 2030, 1, {"minimum_months"}), "186");
  EXPECT_EQ(in(shipped(), 2035, 1, {"minimum_months"}), "216");
  EXPECT_EQ(in(shipped(), 2045, 1, {"minimum_months"}), "240");
  EXPECT_EQ(in(shipped(), 2020, 1, {"divisor_months", "47"}), "207");
  EXPECT_EQ(in(shipped(), 2020, 1, {"divisor_months", "70"}), "56");
  EXPECT_EQ(in(shipped(), 2005, 12, {"account_share"}), "0.11");
  EXPECT_EQ(in(shipped(), 2006, 1, {"account_share"}), "0.08");
}

// R55: a year without a wage is no reference, not an error.
TEST(Parameters, WhatIsNotInTheTablesIsNoReference) {
  EXPECT_EQ(in(shipped(), 2021, 1, {"reference_wage", "养老"}), "no reference");
  EXPECT_EQ(in(shipped(), 2020, 1, {"divisor_months", "39"}), "no reference");
  EXPECT_EQ(in(shipped(), 1997, 12, {"account_share"}), "no reference");
  EXPECT_EQ(in(shipped(), 2015, 1, {"account_interest"}), "no reference");
}

TEST(Parameters, TheNarrowestRowHolds) {
  const Parameters parameters = parameters_of(
      "office_region,,330100,,,,0,s,V\n"
      "base_floor,养老,,,,,60%,s,V\n"
      "base_floor,养老,33,,,,70%,s,V\n"
      "base_floor,养老,33,灵活就业,,,80%,s,V\n"
      "base_floor,养老,44,,,,90%,s,V\n");
  EXPECT_EQ(in(parameters, 2020, 1, {"base_floor", "养老"}), "0.7");
  EXPECT_EQ(in(parameters, 2020, 1, {"base_floor", "养老", "灵活就业"}), "0.8");
  EXPECT_EQ(in(parameters, 2020, 1, {"base_floor", "养老", "劳务派遣"}), "0.7");
  // Without a region of the office's own only what holds everywhere counts.
  EXPECT_EQ(in(shipped(), 2020, 1, {"base_floor", "养老", "灵活就业"}), "0.6");
}

TEST(Parameters, FromAndToAreYearsMonthsOrDays) {
  const Parameters parameters = parameters_of(
      "late_fee_rate,,,,,2011-06-30,1,s,V\n"
      "late_fee_rate,,,,2011-07,2011-12,2,s,V\n"
      "late_fee_rate,,,,2012,2012,3,s,V\n");
  const auto on = [&](int year, unsigned month, unsigned day) {
    const auto value = parameters.on(*Date::of(year, month, day), {"late_fee_rate"});
    return value ? value->text() : "";
  };
  EXPECT_EQ(on(1990, 1, 1), "1");
  EXPECT_EQ(on(2011, 7, 1), "2");
  EXPECT_EQ(on(2011, 12, 31), "2");
  EXPECT_EQ(on(2012, 12, 31), "3");
  EXPECT_EQ(on(2013, 1, 1), "");
}

TEST(Parameters, StepsOfATable) {
  EXPECT_EQ(shipped().step("unemployment_months", 0), "");
  EXPECT_EQ(shipped().step("unemployment_months", 4), "1");
  EXPECT_EQ(shipped().step("unemployment_months", 5), "5");
  EXPECT_EQ(shipped().step("unemployment_months", 40), "10");
}

TEST(Parameters, ContradictionsAndSlipsAreRefusedWithTheirLine) {
  EXPECT_THAT(
      refusal_of("unit_rate,养老,,,,2019-04,20%,s,V\nunit_rate,养老,,,2019-04-30,,16%,s,V\n"),
      HasSubstr("rows.csv:3"));
  EXPECT_THAT(refusal_of("unit_rate,养老,,,,,20%,s,V\nunit_rate,养老,,,2019,,16%,s,V\n"),
              HasSubstr("another row"));
  EXPECT_EQ(refusal_of("unit_rate,养老,,,,2019-04,20%,s,V\nunit_rate,养老,,,2019-05,,16%,s,V\n"),
            "");
  EXPECT_THAT(refusal_of("unit_rat,养老,,,,,20%,s,V\n"), HasSubstr("did you mean 'unit_rate'"));
  EXPECT_THAT(refusal_of("unit_rate,养老,,,2019-13,,20%,s,V\n"), HasSubstr("'from'"));
  EXPECT_THAT(refusal_of("unit_rate,养老,,,2020,2019,20%,s,V\n"), HasSubstr("before"));
  EXPECT_THAT(refusal_of("unit_rate,养老,,,,,twenty,s,V\n"), HasSubstr("no number"));
  EXPECT_THAT(refusal_of("office_region,,杭州,,,,0,s,V\n"),
              HasSubstr("rows.csv:2 the region is no"));
  EXPECT_THAT(refusal_of("base_floor,养老,3301000,,,,60%,s,V\n"), HasSubstr("the region is no"));
  EXPECT_THAT(refusal_of("office_region,,330100,,,,0,s,V\noffice_region,,440100,,,,0,s,V\n"),
              HasSubstr("rows.csv:3 the office's region stands twice"));
}

}  // namespace
}  // namespace archive
