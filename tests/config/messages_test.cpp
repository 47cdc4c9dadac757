#include "config/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::HasSubstr;

std::filesystem::path config_folder() { return source_root() / "config"; }

TEST(Messages, EveryFaultAndErrorHasWords) {
  const Messages messages = Messages::load(config_folder());
  EXPECT_EQ(messages.of(FaultReason::encrypted).zh, "文件有密码保护");
  EXPECT_THAT(messages.of(ErrorKind::index).en_what_to_do, HasSubstr("index rebuild"));
  for (int reason = 0; reason <= static_cast<int>(FaultReason::unexpected); ++reason) {
    EXPECT_FALSE(messages.of(static_cast<FaultReason>(reason)).en.empty());
  }
}

class ReviewReason : public testing::TestWithParam<const char*> {};

TEST_P(ReviewReason, HasWords) {
  EXPECT_NE(Messages::load(config_folder()).of_review(GetParam()), nullptr);
}

INSTANTIATE_TEST_SUITE_P(AllInUse, ReviewReason,
                         testing::Values("decoder", "illegible", "lost_characters", "unsure_field",
                                         "invalid_field", "unknown_type", "foreign", "blank",
                                         "rotation", "repeat", "rescan", "image"));

TEST(Messages, AReviewReasonMayCarryDetails) {
  const Messages messages = Messages::load(config_folder());
  EXPECT_EQ(messages.of_review("decoder: 3 strips lost"), messages.of_review("decoder"));
  EXPECT_EQ(messages.of_review("something nobody wrote"), nullptr);
}

TEST(Messages, AFaultWithoutWordsIsRefused) {
  const TemporaryFolder folder;
  std::ifstream in(config_folder() / "messages.csv");
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("fault.encrypted")) kept += line + "\n";
  }
  folder.write("messages.csv", kept);
  try {
    Messages::load(folder.path());
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_THAT(error.problem(), HasSubstr("fault.encrypted"));
  }
}

TEST(Messages, AnEmptyCellIsRefused) {
  const TemporaryFolder folder;
  folder.write("messages.csv", "id,zh,en,zh_what_to_do,en_what_to_do\nfault.damaged,坏,,修,mend\n");
  EXPECT_THROW(Messages::load(folder.path()), ArchiveError);
}

}  // namespace
}  // namespace archive
