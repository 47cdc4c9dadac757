#include "config/seal_owners.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/error.h"
#include "tests/source_root.h"

namespace archive {
namespace {

const SealOwners& owners() {
  static const SealOwners loaded = SealOwners::load(source_root() / "config" /
                                                    "domain" / "seal_owners.csv");
  return loaded;
}

struct Owned {
  const char* name;
  const char* text;
  const char* field;
};
class Owner : public testing::TestWithParam<Owned> {};

TEST_P(Owner, IsToldByTheWords) { EXPECT_EQ(owners().field_of(GetParam().text), GetParam().field); }

INSTANTIATE_TEST_SUITE_P(
    Seals, Owner,
    testing::Values(Owned{"agency", "示例市社会保险事业管理局 业务专用章", "agency_seal"},
                    Owned{"office_above", "示例县人力资源和社会保障局 退休审批专用章",
                          "agency_seal"},
                    Owned{"unit", "示例市第一纺织厂 4302010012345", "unit_seal"},
                    Owned{"unit_for_contracts", "示例食品有限公司 合同专用章", "unit_seal"},
                    Owned{"police", "示例县公安局城关镇 户口专用章", ""},
                    Owned{"person", "李示例印", ""}, Owned{"person_long", "王样之印", ""},
                    Owned{"copy", "复印件与原件一致 示例社保 2020.07.01", ""},
                    Owned{"too_short", "示例", ""}, Owned{"unread", "", ""}),
    [](const auto& seal) { return std::string(seal.param.name); });

TEST(SealOwners, RefusesAFieldThatIsNone) {
  const auto file = std::filesystem::path(testing::TempDir()) / "seal_owners_wrong.csv";
  std::ofstream(file) << "field,words_regex,note,verified\nseal_of_somebody,.,,G\n";
  EXPECT_THROW(SealOwners::load(file), ArchiveError);
  std::ofstream(file) << "field,words_regex,note,verified\nunit_seal,(,,G\n";
  EXPECT_THROW(SealOwners::load(file), ArchiveError);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace archive
