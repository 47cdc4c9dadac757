#include "store/ledger/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "store/archive_folder.h"
#include "store/lifecycle/access_note.h"
#include "store/verify.h"
#include "tests/store/people.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using testing::HasSubstr;

struct Access : testing::Test {
  TemporaryFolder folder;

  AccessEntry entry(const std::string& object) const {
    AccessEntry made;
    made.who = "王\t工\n";
    made.post = "counter_clerk";
    made.action = "page_opened";
    made.object = object;
    made.channel = "counter";
    made.purpose = "核对缴费";
    made.applicant = "张三";
    return made;
  }
  std::string text() const {
    std::ifstream in(folder / "access/log", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const {
    std::ofstream(folder / "access/log", std::ios::binary | std::ios::trunc) << text;
  }
  std::vector<std::string> objects(std::int64_t after = 0, std::int64_t most = 100) const {
    std::vector<std::string> found;
    AccessLog(folder.path()).for_each(after, most, [&](const AccessEntry& one) {
      found.push_back(std::to_string(one.number) + " " + one.object + " " + one.who);
    });
    return found;
  }
};

TEST_F(Access, IsReadFromTheNewestBackAcrossBlocks) {
  constexpr int kEntries = 700;  // more than a block of the file
  {
    AccessLog log(folder.path());
    for (int i = 1; i <= kEntries; ++i) log.append(entry("page " + std::to_string(i)));
    std::int64_t expected = kEntries;
    log.newest_first(0, [&expected](const AccessEntry& one) {
      EXPECT_EQ(one.number, expected);
      EXPECT_EQ(one.object, "page " + std::to_string(expected));
      --expected;
      return true;
    });
    EXPECT_EQ(expected, 0);
    std::vector<std::int64_t> some;
    log.newest_first(4, [&some](const AccessEntry& one) {
      some.push_back(one.number);
      return one.number > 2;
    });
    EXPECT_EQ(some, (std::vector<std::int64_t>{3, 2}));
  }
}

TEST_F(Access, IsKeptInOrder) {
  {
    AccessLog log(folder.path());
    log.append(entry("page 1"));
    log.append(entry("page 2"));
  }
  AccessLog(folder.path()).append(entry("page 3"));
  EXPECT_THAT(objects(), testing::ElementsAre("1 page 1 王\t工\n", "2 page 2 王\t工\n",
                                              "3 page 3 王\t工\n"));
  EXPECT_THAT(objects(1, 1), testing::ElementsAre("2 page 2 王\t工\n"));
  EXPECT_FALSE(AccessLog::first_broken(folder.path()));
}

TEST_F(Access, ALineThatWasChangedTakenOutOrPutInIsFound) {
  {
    AccessLog log(folder.path());
    for (int i = 1; i <= 5; ++i) log.append(entry("page " + std::to_string(i)));
  }
  const std::string whole = text();
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = whole.find('\n', at) + 1;
    lines.push_back(whole.substr(at, end - at));
    at = end;
  }
  const auto broken = [&](std::vector<std::string> changed) {
    std::string all;
    for (const std::string& line : changed) all += line;
    write(all);
    return AccessLog::first_broken(folder.path()).value_or(0);
  };
  auto changed = lines;
  changed[2].replace(changed[2].find("page 3"), 6, "page 7");
  EXPECT_EQ(broken(changed), 3);
  changed = lines;
  changed.erase(changed.begin() + 1);
  EXPECT_EQ(broken(changed), 2);
  changed = lines;
  std::swap(changed[3], changed[4]);
  EXPECT_EQ(broken(changed), 4);
  changed = lines;
  changed.insert(changed.begin(), lines[4]);
  EXPECT_EQ(broken(changed), 1);
  EXPECT_THROW(AccessLog(folder.path()), ArchiveError) << "and nobody is shown anything";
  EXPECT_EQ(broken(lines), 0);
}

TEST_F(Access, HalfALineThatAKillLeftGoes) {
  { AccessLog(folder.path()).append(entry("page 1")); }
  const std::string whole = text();
  write(whole + whole.substr(0, 20));
  AccessLog(folder.path()).append(entry("page 2"));
  EXPECT_THAT(objects(), testing::SizeIs(2));
  EXPECT_FALSE(AccessLog::first_broken(folder.path()));
}

TEST_F(Access, ADiskThatFailsIsToldAndNotAskedAgain) {
  for (const DiskCall call : {DiskCall::write, DiskCall::sync}) {
    FailingDisk disk({call, call == DiskCall::sync ? 3 : 1});
    AccessLog log(folder.path(), disk);
    bool failed = false;
    for (int i = 0; i < 4; ++i) {
      try {
        log.append(entry("page"));
        EXPECT_FALSE(failed) << "after a failure nothing is acknowledged";
      } catch (const ArchiveError&) {
        failed = true;
      }
    }
    EXPECT_TRUE(failed);
  }
}

TEST_F(Access, FromManyThreads) {
  AccessLog log(folder.path());
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) log.append(entry("page"));
      });
    }
  }
  EXPECT_EQ(log.end().entries, 100);
  EXPECT_FALSE(AccessLog::first_broken(folder.path()));
}

// The server and a search of the command line, say.
TEST_F(Access, SeveralProcessesWriteOneChain) {
  AccessLog one(folder.path());
  AccessLog other(folder.path());
  one.append(entry("page 1"));
  other.append(entry("page 2"));
  other.append(entry("page 3"));
  one.append(entry("page 4"));
  EXPECT_EQ(one.end().entries, 4);
  EXPECT_FALSE(AccessLog::first_broken(folder.path()));
  EXPECT_THAT(objects(), testing::SizeIs(4));
}

TEST_F(Access, IsForItsOwnerAlone) {
  AccessLog(folder.path()).append(entry("page 1"));
  const auto mode = std::filesystem::status(folder / "access/log").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Access, IsNotedInTheLedgerOnce) {
  Records records = Records::create(folder.path());
  AccessLog log(folder.path());
  note_access(records, log.end());
  log.append(entry("page 1"));
  note_access(records, log.end());
  note_access(records, log.end());
  std::vector<std::string> told;
  records.for_each_event(0, [&](const Records::Event& event) {
    if (event.action == "access_noted") told.push_back(event.details);
  });
  ASSERT_THAT(told, testing::SizeIs(1));
  EXPECT_THAT(told[0], HasSubstr(log.end().chain));
}

// A chain without a key can be written anew; the ledger knows better.
TEST_F(Access, VerifyFindsALogThatWasCutOrWrittenAnew) {
  ArchiveFolder::create(folder / "archive", "");
  const std::filesystem::path archive = folder / "archive";
  const auto found = [&] {
    const VerifyResult result = verify(archive, {});
    return std::ranges::count(result.findings, FindingKind::access_log_damaged,
                              &VerifyFinding::kind);
  };
  {
    Records records = Records::open_writer(archive);
    AccessLog log(archive);
    log.append(entry("page 1"));
    log.append(entry("page 2"));
    note_access(records, log.end());
    log.append(entry("page 3"));
  }
  EXPECT_EQ(found(), 0) << "further than the note is as it should be";
  std::filesystem::remove(archive / "access/log");
  EXPECT_EQ(found(), 1) << "gone";
  {
    AccessLog forged(archive);
    for (int i = 0; i < 3; ++i) forged.append(entry("page 9"));
  }
  EXPECT_EQ(found(), 1) << "sound in itself, and another";
}

}  // namespace
}  // namespace archive
