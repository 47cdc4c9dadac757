#include "config/purposes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/error.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

Purposes purposes_of(const std::string& rows) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "domain");
  folder.write("domain/purposes.csv", "id,name_zh,name_en,kinds,source\n" + rows);
  return Purposes::load(folder.path());
}

TEST(Purposes, TheTableIsSound) {
  const Purposes purposes = Purposes::load(source_root() / "config");
  ASSERT_NE(purposes.named("transfer_relation"), nullptr);
  EXPECT_TRUE(purposes.named("transfer_relation")->goes_with("transfer"));
  EXPECT_FALSE(purposes.named("transfer_relation")->goes_with("export"));
  EXPECT_EQ(purposes.named("curiosity"), nullptr);
  EXPECT_EQ(purposes.named(""), nullptr);
}

TEST(Purposes, AWrongTableIsRefused) {
  EXPECT_EQ(purposes_of("court,法院,court,export,x\n").all().size(), 1u);
  for (const char* rows :
       {",法院,court,export,x\n", "court,,court,export,x\n", "court,法院,,export,x\n",
        "court,法院,court,,x\n", "court,法院,court,gift,x\n",
        "court,法院,court,export,x\ncourt,法院,court,export,x\n"}) {
    EXPECT_THROW(purposes_of(rows), ArchiveError) << rows;
  }
}

}  // namespace
}  // namespace archive
