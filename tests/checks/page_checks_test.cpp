#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/checks/volume_fixture.h"

namespace archive {
namespace {

using Strings = std::vector<std::string>;

struct OddPage {
  const char* name;
  std::function<void(TestVolume&)> plant;
  Strings found;
};

void PrintTo(const OddPage& page, std::ostream* out) { *out << page.name; }

class VolumeWithAPage : public testing::TestWithParam<OddPage> {};

TEST_P(VolumeWithAPage, SaysWhatIsWrongOnce) {
  TestVolume volume;
  GetParam().plant(volume);
  EXPECT_EQ(found_in(volume.facts), GetParam().found);
}

std::string name_of_page(const testing::TestParamInfo<OddPage>& row) { return row.param.name; }

void turn_all(TestVolume& volume, int rotation) {
  for (PageFact& page : volume.facts.pages) page.rotation = rotation;
}

INSTANTIATE_TEST_SUITE_P(
    Turned, VolumeWithAPage,
    testing::Values(OddPage{"UpsideDown", [](TestVolume& v) { v.page(5).rotation = 180; }, {"Q10"}},
                    OddPage{"TwoUpsideDown",
                            [](TestVolume& v) { v.page(5).rotation = v.page(2).rotation = 180; },
                            {"Q10", "Q10"}},
                    OddPage{"EverySecond",
                            [](TestVolume& v) {
                              for (int stamp : {1, 3, 5, 7, 9}) v.page(stamp).rotation = 180;
                            },
                            {"Q10/many"}},
                    OddPage{"Landscape",
                            [](TestVolume& v) {
                              v.page(6).rotation = 90;
                              v.page(7).rotation = 270;
                            },
                            {}},
                    OddPage{"AllFedUpsideDown", [](TestVolume& v) { turn_all(v, 180); }, {}},
                    OddPage{"AllFedSideways",
                            [](TestVolume& v) {
                              turn_all(v, 90);
                              v.page(3).rotation = 0;
                              v.page(4).rotation = 180;
                            },
                            {}},
                    OddPage{"OneOfASidewaysDossier",
                            [](TestVolume& v) {
                              turn_all(v, 90);
                              v.page(3).rotation = 270;
                            },
                            {"Q10"}},
                    OddPage{"Illegible",
                            [](TestVolume& v) {
                              v.page(6).rotation = 180;
                              v.page(6).illegible = true;
                            },
                            {}}),
    name_of_page);

INSTANTIATE_TEST_SUITE_P(
    Blank, VolumeWithAPage,
    testing::Values(OddPage{"Stray", [](TestVolume& v) { v.insert_blank_after(5); }, {"Q18"}},
                    OddPage{"TwoStray",
                            [](TestVolume& v) {
                              v.insert_blank_after(2);
                              v.insert_blank_after(6);
                            },
                            {"Q18", "Q18"}},
                    OddPage{"BacksOfEverySheet",
                            [](TestVolume& v) {
                              for (int stamp = 1; stamp <= 9; ++stamp) v.insert_blank_after(stamp);
                            },
                            {"Q18/backs"}},
                    OddPage{"BesideAMissingPage",
                            [](TestVolume& v) {
                              v.insert_blank_after(6);
                              v.remove(7);
                            },
                            {"X41/in_item 7", "Q18"}}),
    name_of_page);

INSTANTIATE_TEST_SUITE_P(
    Twice, VolumeWithAPage,
    testing::Values(
        OddPage{"ScannedTwice", [](TestVolume& v) { v.insert_scan_of(5); }, {"duplicate_page"}},
        OddPage{"ScannedTwiceAndUnread",
                [](TestVolume& v) { TestVolume::set(v.insert_scan_of(5), "page_no", ""); },
                {"duplicate_page"}},
        OddPage{"ScannedTwiceBesideAMissingPage",
                [](TestVolume& v) {
                  v.insert_scan_of(6);
                  v.remove(7);
                },
                {"X41/in_item 7", "duplicate_page"}},
        OddPage{"SameBytes",
                [](TestVolume& v) {
                  PageFact& page = v.insert_scan_of(5);
                  page.content = v.page(5).content;
                },
                {"duplicate_page/file"}},
        OddPage{"SameTextWithItsOwnStamp",
                [](TestVolume& v) { v.page(7).sketch = v.page(6).sketch; },
                {}},
        OddPage{"SameTextUnreadStampOtherValue",
                [](TestVolume& v) {
                  v.page(7).sketch = v.page(6).sketch;
                  TestVolume::set(v.page(6), "year", "2018");
                  TestVolume::set(v.page(7), "year", "2019");
                  v.stamp(7, "");
                },
                {}}),
    name_of_page);

INSTANTIATE_TEST_SUITE_P(
    OtherPerson, VolumeWithAPage,
    testing::Values(
        OddPage{"Misfiled",
                [](TestVolume& v) {
                  PageFact& page = v.insert_after(5, v.new_page("DT10", kOtherId, "陈样本"));
                  TestVolume::set(page, "page_no", "97");
                },
                {"X04/other_person 李示例"}},
        OddPage{"MisfiledWithoutAStamp",
                [](TestVolume& v) { v.insert_after(5, v.new_page("DT10", kOtherId, "陈样本")); },
                {"X04/other_person 李示例"}},
        OddPage{"IdentityCardMisfiled",
                [](TestVolume& v) {
                  PageFact& page = v.insert_after(5, v.new_page("DT37", kOtherId, "陈样本"));
                  TestVolume::set(page, "page_no", "97");
                },
                {"X04/other_person 李示例"}},
        OddPage{"NumberedLikeTheOthers",
                [](TestVolume& v) {
                  TestVolume::set(v.page(9), "id_number", kOtherId);
                  TestVolume::set(v.page(9), "person_name", "陈样本");
                },
                {"X04/other_person 李示例"}},
        // A relative's identity card, with its number in the volume.
        OddPage{"RelativesCard",
                [](TestVolume& v) {
                  v.page(5).doc_type = "DT37";
                  TestVolume::set(v.page(5), "id_number", kOtherId);
                  TestVolume::set(v.page(5), "person_name", "陈样本");
                },
                {}},
        OddPage{"Survivor",
                [](TestVolume& v) {
                  TestVolume::set(v.page(1), "survivor_id", kOtherId);
                  TestVolume::set(v.page(9), "id_number", kOtherId);
                  TestVolume::set(v.page(9), "person_name", "陈样本");
                },
                {}},
        OddPage{"OneNameOnly",
                [](TestVolume& v) { TestVolume::set(v.page(9), "person_name", "陈样本"); },
                {"X04/name 李示例"}},
        OddPage{"UnsureNumber",
                [](TestVolume& v) {
                  TestVolume::set(v.page(9), "id_number", kOtherId);
                  TestVolume::set(v.page(9), "person_name", "陈样本");
                  TestVolume::doubt(v.page(9), "id_number");
                },
                {}}),
    name_of_page);

TEST(MisfiledPage, NamesBothPersons) {
  TestVolume volume;
  volume.insert_after(5, volume.new_page("DT10", kOtherId, "陈样本"));
  const auto found = check_dossier(volume.facts, check_tables());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].persons, (Strings{kOtherId, kOwnId}));
  EXPECT_EQ(found[0].words.at("name"), "陈样本");
}

}  // namespace
}  // namespace archive
