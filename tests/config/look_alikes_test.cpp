#include "config/look_alikes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "tests/source_root.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

TEST(LookAlikes, OfTheTableThatIsShipped) {
  const LookAlikes table = LookAlikes::load(source_root() / "config");
  EXPECT_TRUE(table.alike(U'己', U'已'));
  EXPECT_TRUE(table.alike(U'巳', U'己'));
  EXPECT_TRUE(table.alike(U'未', U'末'));
  EXPECT_TRUE(table.alike(U'昊', U'吴'));
  EXPECT_TRUE(table.alike(U'0', U'o'));
  EXPECT_TRUE(table.alike(U'i', U'1'));
  EXPECT_TRUE(table.alike(U'中', U'中'));
  EXPECT_FALSE(table.alike(U'中', U'国'));
  EXPECT_TRUE(table.of(U'龘').empty());
}

class Refused : public testing::TestWithParam<const char*> {};

TEST_P(Refused, NamesTheRow) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "look_alikes.csv") << "characters\n己已\n" << GetParam() << "\n";
  try {
    LookAlikes::load(folder.path());
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_NE(std::string(error.what()).find("look_alikes.csv:3"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(Examples, Refused, testing::Values("未", "未末未"));

}  // namespace
}  // namespace archive
