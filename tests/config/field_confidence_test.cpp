#include "config/field_confidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::HasSubstr;

/// A table in which every trait weighs nothing but those given.
std::string table_with(const std::string& rows, const std::string& but = "") {
  std::string table = "trait,weight\n" + rows;
  for (const std::string_view name : kTraitNames) {
    const std::string row = std::string(name) + ",";
    if (rows.find(row) == std::string::npos && name != but) table += row + "0\n";
  }
  return table;
}

const FieldConfidence& shipped() {
  static const FieldConfidence loaded = FieldConfidence::load(
      source_root() / "config" / "domain" / "field_confidence.csv");
  return loaded;
}

Traits clear_text() {
  Traits traits{};
  trait(traits, Trait::base) = 1;
  trait(traits, Trait::text) = 1;
  return traits;
}

TEST(FieldConfidence, IsALogisticSum) {
  TemporaryFolder folder;
  folder.write("weights.csv", table_with("base,2\ndoubt,-4\nsure_from,0.9\n"));
  const FieldConfidence confidence = FieldConfidence::load(folder.path() / "weights.csv");
  Traits traits = clear_text();
  EXPECT_NEAR(confidence.of(traits), 0.8808, 1e-4);
  trait(traits, Trait::doubt) = 0.5;
  EXPECT_NEAR(confidence.of(traits), 0.5, 1e-9);
  EXPECT_EQ(confidence.sure_from(), 0.9);
}

TEST(FieldConfidence, AClearValueIsSure) {
  EXPECT_GE(shipped().of(clear_text()), shipped().sure_from());
}

// What speaks against a value never makes it likelier.
class SpeaksAgainst : public testing::TestWithParam<Trait> {};

TEST_P(SpeaksAgainst, TheValue) {
  Traits traits = clear_text();
  trait(traits, GetParam()) = 1;
  EXPECT_LE(shipped().of(traits), shipped().of(clear_text()));
}

INSTANTIATE_TEST_SUITE_P(Traits, SpeaksAgainst,
                         testing::Values(Trait::doubt, Trait::weakest, Trait::label, Trait::line,
                                         Trait::hand, Trait::suspicious, Trait::invalid,
                                         Trait::hole, Trait::sealed, Trait::beside),
                         [](const auto& row) {
                           return std::string(kTraitNames[static_cast<std::size_t>(row.param)]);
                         });

struct Refused {
  const char* name;
  std::string table;
  const char* says;
};
class RefusedTable : public testing::TestWithParam<Refused> {};

TEST_P(RefusedTable, NamesTheFault) {
  TemporaryFolder folder;
  folder.write("weights.csv", GetParam().table);
  try {
    FieldConfidence::load(folder.path() / "weights.csv");
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_THAT(error.what(), HasSubstr(GetParam().says));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Tables, RefusedTable,
    testing::Values(Refused{"UnknownTrait", table_with("dubt,1\nsure_from,1\n"), "'doubt'"},
                    Refused{"Twice", table_with("base,1\nbase,2\n"), "stands twice"},
                    Refused{"NoNumber", table_with("base,much\n"), "'much' is not a number"},
                    Refused{"Missing", table_with("sure_from,1\n", "hole"), "'hole' is missing"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace archive
