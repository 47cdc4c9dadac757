#include "ingest/uploads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/error.h"
#include "store/objects/digest.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

using Files = std::map<std::string, std::string>;

const std::string kWho = "feng";

std::string sha256_of(std::string_view bytes) {
  DigestCounter counter(DigestKind::sha256);
  counter.add(bytes);
  return hex_of(counter.finish());
}

/// A spool and a hot folder of its own.
struct Place {
  Place() {
    fs::create_directory(spool);
    fs::create_directory(hot);
  }
  std::unique_ptr<Uploads> uploads(Disk& disk = real_disk()) const {
    return std::make_unique<Uploads>(spool, hot, UploadSettings(), disk);
  }
  static Files files_in(const fs::path& top) {
    Files files;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (!entry.is_regular_file()) continue;
      files[entry.path().lexically_relative(top).string()] = read_file(entry.path());
    }
    return files;
  }

  TemporaryFolder folder;
  fs::path spool = folder / "spool";
  fs::path hot = folder / "hot";
};

/// As a station does: begins, or goes on where it is told to.
Upload send(Uploads& uploads, const std::string& batch, const std::string& name,
            const std::string& bytes) {
  const Upload begun = uploads.begin(batch, name, bytes.size(), sha256_of(bytes), kWho);
  if (begun.accepted) return begun;
  return uploads.append(begun.id, kWho, begun.received,
                        std::string_view(bytes).substr(begun.received));
}

/// Of what kind the refusal is; "" for none.
std::string refused(const std::function<void()>& work) {
  try {
    work();
  } catch (const UploadRefused& refusal) {
    return refusal.kind;
  }
  return {};
}

Files in_batch(const std::string& batch, const Files& files) {
  Files found;
  for (const auto& [name, bytes] : files) found[batch + "/" + name] = bytes;
  return found;
}

/// Two folders that lie on two disks, for whoever renames.
class ApartDisk : public Disk {
 public:
  explicit ApartDisk(const fs::path& hot) : hot_(hot.string() + "/") {}
  int rename_new(const fs::path& from, const fs::path& to) override {
    return across(from, to) ? -1 : Disk::rename_new(from, to);
  }
  int rename_over(const fs::path& from, const fs::path& to) override {
    return across(from, to) ? -1 : Disk::rename_over(from, to);
  }

 private:
  bool across(const fs::path& from, const fs::path& to) const {
    errno = EXDEV;
    return from.string().starts_with(hot_) != to.string().starts_with(hot_);
  }

  std::string hot_;
};

/// ... of a process that is killed before one of its calls.
class KilledDisk : public ApartDisk {
 public:
  KilledDisk(const fs::path& hot, int calls) : ApartDisk(hot), left_(calls) {}

  int open_append(const fs::path& file) override { return tick(), Disk::open_append(file); }
  int sync(int fd) override { return tick(), Disk::sync(fd); }
  int make_folder(const fs::path& folder) override { return tick(), Disk::make_folder(folder); }
  int open_folder(const fs::path& folder) override { return tick(), Disk::open_folder(folder); }
  int remove(const fs::path& file) override { return tick(), Disk::remove(file); }
  int rename_new(const fs::path& from, const fs::path& to) override {
    return tick(), ApartDisk::rename_new(from, to);
  }
  int rename_over(const fs::path& from, const fs::path& to) override {
    return tick(), ApartDisk::rename_over(from, to);
  }

 private:
  void tick() {
    if (left_-- == 0) ::raise(SIGKILL);
  }

  int left_;
};

TEST(Uploads, ANoteThatAKillLeftKeepsNoBatchBack) {
  const Place place;
  const std::string page = "a page";
  {
    const auto uploads = place.uploads();
    const Upload begun = uploads->begin("box", "a/1.bmp", page.size(), sha256_of(page), kWho);
    const fs::path note = place.spool / "uploads" / (begun.id + ".json");
    const std::string kept = read_file(note);
    ASSERT_FALSE(kept.empty());
    ASSERT_TRUE(uploads->append(begun.id, kWho, 0, page).accepted);
    write_file(note, kept);
  }
  const auto uploads = place.uploads();
  EXPECT_THAT(uploads->of(kWho), IsEmpty());
  EXPECT_TRUE(send(*uploads, "box", "a/1.bmp", page).accepted);
  uploads->hand_over("box", 1);
  EXPECT_EQ(Place::files_in(place.hot), (Files{{"box/a/1.bmp", page}}));
  EXPECT_THAT(Place::files_in(place.spool), IsEmpty());
}

class UploadTrouble : public testing::TestWithParam<DiskCall> {};

// A disk that fails once, anywhere: whoever comes again loses nothing of what was sent.
TEST_P(UploadTrouble, IsPassedByComingAgain) {
  const std::string page = "a page";
  for (int nth = 1;; ++nth) {
    const Place place;
    FailingDisk disk({GetParam(), nth, ENOSPC, false});
    std::unique_ptr<Uploads> uploads;
    int failures = 0;
    for (bool done = false; !done;) {
      try {
        if (!uploads) uploads = place.uploads(disk);
        ASSERT_TRUE(send(*uploads, "box", "a/1.bmp", page).accepted);
        uploads->hand_over("box", 1);
        done = true;
      } catch (const ArchiveError& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk);
        ASSERT_LT(++failures, 2) << "call " << nth;
      } catch (const UploadRefused& refusal) {
        FAIL() << "call " << nth << ": " << refusal.kind << ", " << refusal.what();
      }
    }
    EXPECT_EQ(Place::files_in(place.hot), (Files{{"box/a/1.bmp", page}})) << "call " << nth;
    if (GetParam() != DiskCall::remove) {
      EXPECT_THAT(Place::files_in(place.spool), IsEmpty()) << "call " << nth;
    }
    if (!disk.failed()) {
      EXPECT_GT(nth, 1) << "no such call was made";
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Calls, UploadTrouble,
                         testing::Values(DiskCall::create, DiskCall::write, DiskCall::sync,
                                         DiskCall::rename, DiskCall::make_folder,
                                         DiskCall::open_folder, DiskCall::remove));

// The bytes are not sent again: what was received stays, and is accepted with the empty rest.
TEST(Uploads, WhatCameBeforeTheTroubleStays) {
  const Place place;
  const auto uploads = place.uploads();
  const fs::path in_the_way = place.spool / "uploads" / "accepted" / "box";
  const std::string page = "a page";
  const Upload begun = uploads->begin("box", "1.bmp", page.size(), sha256_of(page), kWho);
  write_file(in_the_way, "");
  EXPECT_EQ(refused([&] { uploads->append(begun.id, kWho, 0, page); }), "blocked");
  EXPECT_EQ(refused([&] { uploads->begin("box", "2.bmp", 1, sha256_of("2"), kWho); }), "blocked")
      << "before a byte is sent";
  EXPECT_EQ(refused([&] { uploads->hand_over("box", 1); }), "unfinished");
  fs::remove(in_the_way);
  const Upload again = uploads->begin("box", "1.bmp", page.size(), sha256_of(page), kWho);
  EXPECT_EQ(again.received, page.size());
  EXPECT_TRUE(uploads->append(again.id, kWho, again.received, "").accepted);
}

TEST(Uploads, WhatCannotBeReadIsNoWrongHash) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser reads every file";
  const Place place;
  const std::string page = "a page";
  const std::string id =
      place.uploads()->begin("box", "1.bmp", page.size(), sha256_of(page), kWho).id;
  const fs::path part = place.spool / "uploads" / (id + ".part");
  write_file(part, page.substr(0, 3));
  const auto uploads = place.uploads();
  fs::permissions(part, fs::perms(0200));
  EXPECT_THROW(uploads->append(id, kWho, 3, page.substr(3)), ArchiveError);
  fs::permissions(part, fs::perms(0640));
  EXPECT_TRUE(send(*uploads, "box", "1.bmp", page).accepted);
}

TEST(Uploads, AFolderIsNoFileOfThatName) {
  const Place place;
  const auto uploads = place.uploads();
  send(*uploads, "box", "a/1.bmp", "a page");
  EXPECT_EQ(refused([&] { send(*uploads, "box", "a", "another"); }), "taken");
  send(*uploads, "box", "b", "a page");
  EXPECT_EQ(refused([&] { send(*uploads, "box", "b/1.bmp", "another"); }), "blocked");
  uploads->begin("box", "c", 1, sha256_of("c"), kWho);
  EXPECT_EQ(refused([&] { send(*uploads, "box", "c/1.bmp", "another"); }), "taken")
      << "both could never be accepted";
}

TEST(Uploads, WhatLiesInTheWayOfABatchIsToldAndNothingLost) {
  for (const bool apart : {false, true}) {
    const Place place;
    ApartDisk other(place.hot);
    const auto uploads = place.uploads(apart ? other : real_disk());
    send(*uploads, "box", "a/1.bmp", "a page");
    write_file(place.hot / "box", "of somebody else");
    EXPECT_EQ(refused([&] { uploads->hand_over("box", 1); }), "blocked");
    EXPECT_EQ(Place::files_in(place.hot), (Files{{"box", "of somebody else"}}));
    fs::remove(place.hot / "box");
    fs::create_directory(place.hot / "box");
    write_file(place.hot / "box" / "a", "of somebody else");
    EXPECT_EQ(refused([&] { uploads->hand_over("box", 1); }), "blocked");
    EXPECT_EQ(Place::files_in(place.hot), (Files{{"box/a", "of somebody else"}}));
    fs::remove(place.hot / "box" / "a");
    uploads->hand_over("box", 1);
    EXPECT_EQ(Place::files_in(place.hot), (Files{{"box/a/1.bmp", "a page"}}));
  }
  const Place place;
  write_file(place.spool / "uploads", "");
  EXPECT_THROW(place.uploads(), ArchiveError);
}

TEST(Uploads, WhoLostTheAnswerHandsOverAgain) {
  const Place place;
  const auto uploads = place.uploads();
  send(*uploads, "box", "a/1.bmp", "a page");
  EXPECT_EQ(refused([&] { uploads->hand_over("none", 1); }), "unknown");
  uploads->hand_over("box", 1);
  uploads->hand_over("box", 1);
  place.uploads()->hand_over("box", 1);
  EXPECT_EQ(refused([&] { uploads->hand_over("box", 2); }), "unknown");
  EXPECT_EQ(refused([&] { uploads->hand_over("box", 0); }), "unknown");
  EXPECT_EQ(Place::files_in(place.hot), (Files{{"box/a/1.bmp", "a page"}}));
}

const Files kBox = {
    {"1.bmp", "one"}, {"2.bmp", "two"}, {"a/3.bmp", "three"}, {"a/b/4.bmp", "four"}};

/// True when it ended by itself.
bool hands_over_before_call(const Place& place, int calls) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      KilledDisk disk(place.hot, calls);
      place.uploads(disk)->hand_over("box", static_cast<std::int64_t>(kBox.size()));
      ::_exit(0);
    } catch (...) {
      ::_exit(1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "after " << calls << " calls";
  return WIFEXITED(status);
}

TEST(UploadsKill, OnTheWayToAnotherDiskLeavesAllOfABatchOrNothing) {
  int kills_before = 0, kills_after = 0;
  for (int calls = 0;; ++calls) {
    const Place place;
    ApartDisk disk(place.hot);
    {
      const auto uploads = place.uploads(disk);
      for (const auto& [name, bytes] : kBox) {
        ASSERT_TRUE(send(*uploads, "box", name, bytes).accepted);
      }
    }
    const bool ended = hands_over_before_call(place, calls);
    if (fs::exists(place.hot / "box")) {
      ASSERT_EQ(Place::files_in(place.hot), in_batch("box", kBox)) << "after " << calls << " calls";
    }
    ++(fs::exists(place.hot / "box") ? kills_after : kills_before);
    const auto uploads = place.uploads(disk);
    if (!uploads->waiting().empty()) {
      uploads->hand_over("box", static_cast<std::int64_t>(kBox.size()));
    }
    ASSERT_EQ(Place::files_in(place.hot), in_batch("box", kBox)) << "after " << calls << " calls";
    ASSERT_THAT(Place::files_in(place.spool), IsEmpty()) << "after " << calls << " calls";
    if (ended) break;
  }
  EXPECT_GT(kills_before, 10) << "no kill while it copied";
  EXPECT_GT(kills_after, 2) << "no kill while it put the batch away";
}

TEST(Uploads, WhatAKillLeftOfACopyIsNoPartOfTheBatch) {
  const Place place;
  ApartDisk disk(place.hot);
  const auto uploads = place.uploads(disk);
  fs::create_directory(place.hot / ".box.coming");
  write_file(place.hot / ".box.coming" / "1.bmp", "half");
  write_file(place.hot / ".box.coming" / "9.bmp", "given up since");
  for (const auto& [name, bytes] : kBox) send(*uploads, "box", name, bytes);
  uploads->hand_over("box", static_cast<std::int64_t>(kBox.size()));
  EXPECT_EQ(Place::files_in(place.hot), in_batch("box", kBox));
}

TEST(Uploads, MoreFilesJoinABatchThatIsThereAndReplaceNone) {
  for (const bool apart : {false, true}) {
    const Place place;
    ApartDisk other(place.hot);
    const auto uploads = place.uploads(apart ? other : real_disk());
    send(*uploads, "box", "1.bmp", "one");
    uploads->hand_over("box", 1);
    send(*uploads, "box", "1.bmp", "one");
    send(*uploads, "box", "a/2.bmp", "two");
    uploads->hand_over("box", 2);
    const Files both = {{"box/1.bmp", "one"}, {"box/a/2.bmp", "two"}};
    EXPECT_EQ(Place::files_in(place.hot), both);

    send(*uploads, "box", "1.bmp", "another");
    send(*uploads, "box", "3.bmp", "three");
    EXPECT_EQ(refused([&] { uploads->hand_over("box", 2); }), "taken") << "nothing is replaced";
    EXPECT_EQ(Place::files_in(place.hot), both) << "nothing of it, not only the rest";
    EXPECT_EQ(uploads->waiting().front().files, 2);
  }
}

}  // namespace
}  // namespace archive
