#include "config/four_properties.h"

#include <gtest/gtest.h>

#include "config/check_tables.h"
#include "tests/source_root.h"

namespace archive {
namespace {

const CheckTables& shipped() {
  static const CheckTables tables =
      CheckTables::load(source_root() / "config");
  return tables;
}

struct Row {
  const char* code;
  Property property;
  PropertyCheck check;
};

// The rows of DA/T 70 that the domain asks for, each with what is done for it.
TEST(FourPropertyTable, HasEveryRowOfTheStandardThatIsAskedFor) {
  using enum Property;
  using enum PropertyCheck;
  const std::vector<Row> expected = {{"1-1", authenticity, digests},
                                     {"1-2..1-6", authenticity, values},
                                     {"1-7", authenticity, archive_number},
                                     {"1-8", authenticity, repeated},
                                     {"1-10", authenticity, attributes},
                                     {"1-11", authenticity, links},
                                     {"1-14", authenticity, package},
                                     {"2-1", integrity, items},
                                     {"2-2", integrity, bytes},
                                     {"2-3", integrity, elements},
                                     {"2-4", integrity, mandatory},
                                     {"2-5", integrity, history},
                                     {"2-6", integrity, numbering},
                                     {"2-7", integrity, content},
                                     {"2-10", integrity, package},
                                     {"2-11", integrity, package},
                                     {"3-1", usability, package},
                                     {"3-2", usability, records},
                                     {"3-3", usability, formats},
                                     {"3-8", usability, packing},
                                     {"4-1", security, scanner},
                                     {"4-2", security, malware},
                                     {"4-3", security, medium},
                                     {"4-7", security, process}};
  const auto& rows = shipped().four_properties.rows();
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].code, expected[i].code);
    EXPECT_EQ(rows[i].property, expected[i].property) << rows[i].code;
    EXPECT_EQ(rows[i].check, expected[i].check) << rows[i].code;
    EXPECT_FALSE(rows[i].name_zh.empty() || rows[i].name_en.empty()) << rows[i].code;
    EXPECT_FALSE(rows[i].asks_zh.empty() || rows[i].asks_en.empty()) << rows[i].code;
  }
}

TEST(FourPropertyTable, KnowsWhichRowARuleCountsTo) {
  const FourProperties& properties = shipped().four_properties;
  EXPECT_EQ(properties.check_for("V06"), PropertyCheck::archive_number);
  EXPECT_EQ(properties.check_for("V01"), PropertyCheck::values);
  EXPECT_EQ(properties.check_for("X41"), PropertyCheck::content);
  EXPECT_EQ(properties.check_for("X19"), PropertyCheck::values);
  EXPECT_EQ(properties.check_for("must_have"), PropertyCheck::content);
  EXPECT_EQ(properties.check_for("Q18"), std::nullopt);
}

}  // namespace
}  // namespace archive
