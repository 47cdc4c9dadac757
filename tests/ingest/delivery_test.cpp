#include "ingest/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/error.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

class DeliveryTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("delivery_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file(const std::string& name, const std::string& content = "x") {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << content;
    return path;
  }

  static std::vector<std::string> names(const Delivery& delivery) {
    std::vector<std::string> list;
    for (const SourceFile& source : delivery.files) list.push_back(source.name);
    return list;
  }

  fs::path folder_;
};

TEST_F(DeliveryTest, TakesAFolderInNaturalOrderAndLeavesOutWhatIsNoPage) {
  file("b/10.jpg");
  file("b/2.jpg");
  file("a.tif");
  file(".hidden.jpg");
  file(".git/1.jpg");
  file("jobsheet.toml", "sheets = 3\nsides = 2\n");
  const Delivery delivery = look_at({folder_}, "");
  EXPECT_EQ(names(delivery), (std::vector<std::string>{"a.tif", "b/2.jpg", "b/10.jpg"}));
  EXPECT_EQ(delivery.key, fs::canonical(folder_).string());
  EXPECT_EQ(delivery.job_sheet.pages_expected(), 6);
}

TEST_F(DeliveryTest, EqualNamesOfTwoFoldersStayApart) {
  const fs::path monday = file("monday/1.jpg");
  const fs::path tuesday = file("tuesday/1.jpg");
  EXPECT_EQ(names(look_at({monday, tuesday}, "room 7")),
            (std::vector<std::string>{"monday/1.jpg", "tuesday/1.jpg"}));
  EXPECT_EQ(names(look_at({monday.parent_path(), tuesday.parent_path()}, "")),
            (std::vector<std::string>{"monday/1.jpg", "tuesday/1.jpg"}));
}

TEST_F(DeliveryTest, WhatIsLeftOutIsNamed) {
  file("b/1.jpg");
  file("b/._1.jpg");
  file(".卷二/5.bmp");
  EXPECT_THAT(look_at({folder_}, "").left_out, testing::UnorderedElementsAre("b/._1.jpg", ".卷二"));
}

TEST_F(DeliveryTest, LinksThatAreNotFollowedAreHandedInAsWhatTheyAre) {
  file("elsewhere/1.jpg");
  file("box/2.jpg");
  fs::create_directory_symlink(folder_ / "elsewhere", folder_ / "box" / "linked");
  fs::create_symlink("itself.jpg", folder_ / "box" / "itself.jpg");
  EXPECT_EQ(names(look_at({folder_ / "box"}, "")),
            (std::vector<std::string>{"2.jpg", "itself.jpg", "linked"}));
}

TEST_F(DeliveryTest, AFolderWithoutAFileIsAnError) {
  file("jobsheet.toml", "sheets = 3\n");
  EXPECT_THROW(look_at({folder_}, ""), ArchiveError);
}

TEST_F(DeliveryTest, AFileIsKnownAgainByItsNameWithThatOfItsFolder) {
  const auto known_as = [](const Delivery& delivery) {
    return delivery.files.at(0).handed_in_as;
  };
  const fs::path page = file("box1/1.jpg");
  file("box2/1.jpg");
  file("other/box1/1.jpg");
  EXPECT_EQ(known_as(look_at({folder_ / "box1"}, "B")), "box1/1.jpg");
  EXPECT_EQ(known_as(look_at({folder_ / "box2"}, "B")), "box2/1.jpg");
  EXPECT_EQ(known_as(look_at({page}, "B")), "box1/1.jpg");
  EXPECT_EQ(known_as(look_at({folder_ / "box1", folder_ / "box2"}, "")), "box1/1.jpg");
  const Delivery twins = look_at({folder_ / "box1", folder_ / "other/box1"}, "B");
  EXPECT_EQ(twins.files.at(0).handed_in_as, "box1/1.jpg");
  EXPECT_EQ(twins.files.at(1).handed_in_as, "other/box1/1.jpg");
}

TEST_F(DeliveryTest, TheSamePlaceGivenTwiceIsOneDelivery) {
  const fs::path page = file("1.jpg");
  EXPECT_EQ(look_at({page, folder_ / "." / "1.jpg"}, "").files.size(), 1u);
}

TEST_F(DeliveryTest, NamesThatAreNotUtf8KeepTheirDifference) {
  file("\xBE\xED.jpg");
  file("\xBE\xEE.jpg");
  const Delivery delivery = look_at({folder_}, "");
  ASSERT_EQ(delivery.files.size(), 2u);
  EXPECT_EQ(delivery.files[0].name, "\\xbe\\xed.jpg");
  EXPECT_EQ(delivery.files[1].name, "\\xbe\\xee.jpg");
}

TEST_F(DeliveryTest, WhatIsNotThereIsAnError) {
  try {
    look_at({folder_ / "nothing"}, "");
    FAIL() << "expected an error";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input_missing);
    EXPECT_NE(error.where().find("nothing"), std::string::npos);
  }
}

struct WrongSheet {
  const char* name;
  const char* text;
};
// R30: the category 门类 of a batch stands on its job sheet; that of the product itself is no
// other.
TEST_F(DeliveryTest, R30_TheJobSheetSaysWhichCategoryThePapersAre) {
  file("1.tif", "x");
  file("jobsheet.toml", "category = \"文书档案\"\n");
  EXPECT_EQ(look_at({folder_}, "").job_sheet.category, "文书档案");
  file("jobsheet.toml", "category = \"社会保险业务档案\"\n");
  EXPECT_EQ(look_at({folder_}, "").job_sheet.category, "");
}

class WrongJobSheet : public DeliveryTest, public testing::WithParamInterface<WrongSheet> {};

TEST_P(WrongJobSheet, IsRefusedWithItsLine) {
  file("1.jpg");
  file("jobsheet.toml", GetParam().text);
  try {
    look_at({folder_}, "");
    FAIL() << "expected an error";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_NE(error.where().find("jobsheet.toml:2"), std::string::npos) << error.where();
  }
}

INSTANTIATE_TEST_SUITE_P(Examples, WrongJobSheet,
                         testing::Values(WrongSheet{"UnknownKey", "sides = 1\nsheet = 3\n"},
                                         WrongSheet{"Negative", "\nsheets = -3\n"},
                                         WrongSheet{"ThreeSides", "sheets = 3\nsides = 3\n"},
                                         WrongSheet{"TextForNumber", "\nsheets = \"3\"\n"},
                                         WrongSheet{"Fraction", "\nsheets = 2.5\n"},
                                         WrongSheet{"NumberForText", "\noperator = 7\n"},
                                         WrongSheet{"NoToml", "sheets = 3\nsides\n"}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace archive
