#include "tests/source_root.h"
#include "viewer/access/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

class AccessWatchTest : public testing::Test {
 protected:
  void entry(const std::string& who, const std::string& action, const std::string& object) {
    AccessEntry made;
    made.who = who;
    made.action = action;
    made.object = object;
    log.append(made);
  }
  std::vector<std::string> open() {
    watch.look();
    std::vector<std::string> list;
    for (const AccessAlarm& alarm : watch.open()) list.push_back(alarm.who + " " + alarm.rule);
    return list;
  }

  TemporaryFolder top;
  AccessLog log{top.path()};
  AlarmRules rules = AlarmRules::load(source_root() / "tests/viewer");
  AccessWatch watch{log, rules};
};

TEST_F(AccessWatchTest, R13ManyDossiersInAMinuteAreOneAlarm) {
  for (int i = 0; i < 200; ++i) entry("wu", "dossier_opened", "dossier " + std::to_string(i));
  EXPECT_THAT(open(), testing::ElementsAre("wu bulk"));
  EXPECT_THAT(open(), testing::ElementsAre("wu bulk")) << "not again at each look";
}

TEST_F(AccessWatchTest, TheSameDossierAgainAndAgainIsWork) {
  for (int i = 0; i < 200; ++i) entry("wu", "dossier_opened", "dossier 7");
  EXPECT_THAT(open(), testing::IsEmpty());
}

TEST_F(AccessWatchTest, TwoPersonsAreCountedApart) {
  for (int i = 0; i < 9; ++i) {
    entry("wu", "dossier_opened", "dossier " + std::to_string(i));
    entry("li", "dossier_opened", "dossier " + std::to_string(i));
  }
  EXPECT_THAT(open(), testing::IsEmpty());
  entry("li", "dossier_opened", "dossier 100");
  EXPECT_THAT(open(), testing::ElementsAre("li bulk"));
}

TEST_F(AccessWatchTest, EntriesAreCountedWhereObjectsAreNot) {
  for (int i = 0; i < 3; ++i) entry("wu", "refused", "page 1");
  EXPECT_THAT(open(), testing::ElementsAre("wu denial"));
}

TEST_F(AccessWatchTest, NothingCountsInOfficeHours) {
  // Those of the table are the whole day.
  entry("wu", "page_opened", "page 1");
  EXPECT_THAT(open(), testing::IsEmpty());
}

TEST_F(AccessWatchTest, StaysUntilSomebodySawToIt) {
  for (int i = 0; i < 3; ++i) entry("wu", "refused", "page 1");
  open();
  const std::int64_t number = watch.open().front().number;
  AccessWatch after_a_restart(log, rules);
  EXPECT_EQ(after_a_restart.open().size(), 1U) << "the log tells it again";
  entry("zheng", "alarm_acknowledged", "alarm " + std::to_string(number));
  EXPECT_THAT(open(), testing::IsEmpty());
  EXPECT_TRUE(AccessWatch(log, rules).open().empty());
}

TEST_F(AccessWatchTest, SeesWhatAnotherProcessWrote) {
  AccessLog other(top.path());
  for (int i = 0; i < 3; ++i) {
    AccessEntry made;
    made.who = "wu";
    made.action = "refused";
    other.append(made);
  }
  EXPECT_THAT(open(), testing::ElementsAre("wu denial"));
}

}  // namespace
}  // namespace archive
