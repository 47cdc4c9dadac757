#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "audit/archive_audit.h"
#include "core/error.h"
#include "store/archive_folder.h"
#include "store/records/records.h"
#include "store/records/sql.h"
#include "tests/store/people.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

// Persons change records while somebody takes pages in.

namespace archive {
namespace {

namespace fs = std::filesystem;

class Beside : public testing::Test {
 protected:
  Beside() : archive(ArchiveFolder::create(top / "archive", "")) {}

  Records::Writing as(const std::string& name, std::initializer_list<Right> rights) const {
    Records::Writing writing;
    writing.acting.method = "serve review";
    writing.identity = Identity{7, name, {}, {}};
    for (const Right right : rights) writing.identity->powers.give(right, "post");
    return writing;
  }
  std::vector<std::string> events() const {
    std::vector<std::string> list;
    Records::open_reader(archive.path()).for_each_event(0, [&list](const Records::Event& event) {
      list.push_back(event.actor + " " + event.action);
    });
    return list;
  }
  // What the auditor says of entries, trees, heads and every row.
  std::vector<std::string> problems() const {
    std::vector<std::string> found;
    for (const auto& finding : audit::audit_archive(archive.path(), {}).findings) {
      found.push_back(finding.kind + " " + finding.what);
    }
    return found;
  }

  TemporaryFolder top;
  ArchiveFolder archive;
};

TEST_F(Beside, WritesBetweenTheTransactionsOfTheWriter) {
  Records writer = Records::open_writer(archive.path());
  const BatchNumber batch = writer.open_batch("a", "a", {}).number;
  {
    Records beside = Records::open_beside(archive.path(), as("li", {Right::take_in}));
    beside.open_batch("b", "b", {});
    writer.open_batch("c", "c", {});
    beside.open_batch("d", "d", {});
  }
  writer.close_batch(batch, BatchState::complete, "", std::nullopt);
  const auto state = writer.settle_ledger();
  EXPECT_EQ(state.signed_entries, state.entries) << "the writer signs what it finds";
  EXPECT_THAT(events(), testing::IsSupersetOf({"li batch_opened"}));
  EXPECT_THAT(problems(), testing::IsEmpty());
}

TEST_F(Beside, WhatNobodySignedIsSignedByTheNextWriter) {
  Records::open_beside(archive.path(), as("li", {Right::take_in})).open_batch("b", "b", {});
  Records writer = Records::open_writer(archive.path());
  const auto state = writer.settle_ledger();
  EXPECT_EQ(state.signed_entries, state.entries);
  EXPECT_THAT(problems(), testing::IsEmpty());
}

TEST_F(Beside, ManyAtOnce) {
  constexpr int kEach = 40;
  const auto work = [this](const std::string& name) {
    for (int i = 0; i < kEach; ++i) {
      Records::open_beside(archive.path(), as(name, {Right::take_in}))
          .open_batch(name + std::to_string(i), name, {});
    }
  };
  {
    Records writer = Records::open_writer(archive.path());
    std::thread one(work, "li"), other(work, "wu");
    for (int i = 0; i < kEach; ++i) writer.open_batch("w" + std::to_string(i), "w", {});
    one.join();
    other.join();
  }
  EXPECT_EQ(Records::open_reader(archive.path()).batches().size(), 3U * kEach);
  EXPECT_THAT(problems(), testing::IsEmpty());
}

TEST_F(Beside, TogetherIsAllOrNothing) {
  Records beside = Records::open_beside(archive.path(), as("li", {Right::take_in}));
  EXPECT_THROW(beside.together([&] {
    beside.open_batch("b", "b", {});
    throw std::invalid_argument("no");
  }),
               std::invalid_argument);
  EXPECT_TRUE(beside.batches().empty());
  beside.together([&] {
    beside.open_batch("b", "b", {});
    beside.open_batch("c", "c", {});
  });
  EXPECT_EQ(beside.batches().size(), 2U);
}

TEST_F(Beside, TogetherAsksForEveryRightAndNotesARefusal) {
  Records beside = Records::open_beside(archive.path(), as("li", {Right::take_in}));
  try {
    beside.together([&] {
      beside.open_batch("b", "b", {});
      UserRecord user;
      user.name = "wu";
      user.account = "wu";
      beside.put_user(user, "", posts());
    });
    FAIL() << "li is no administrator";
  } catch (const ArchiveError& refused) {
    EXPECT_EQ(refused.kind(), ErrorKind::forbidden);
  }
  EXPECT_TRUE(beside.batches().empty());
  EXPECT_EQ(events().back(), "li refused");
}

// What nobody signs is refused to whoever does not sign as to whoever does.
TEST_F(Beside, LooksAtTheSignedHeadsAsAWriterDoes) {
  const auto writes = [this] {
    try {
      Records::open_beside(archive.path(), as("li", {Right::take_in})).open_batch("b", "b", {});
      return true;
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::damage);
      return false;
    }
  };
  { Records::open_writer(archive.path()).open_batch("a", "a", {}); }
  ASSERT_TRUE(writes());
  const std::vector<std::string> before = events();
  fs::rename(archive.ledger() / "heads", top / "heads");
  EXPECT_FALSE(writes()) << "no head is left";
  fs::rename(top / "heads", archive.ledger() / "heads");
  fs::copy_file(archive.ledger() / "leaves", top / "leaves");
  fs::resize_file(archive.ledger() / "leaves", 32);
  EXPECT_FALSE(writes()) << "leaves are missing";
  fs::copy_file(top / "leaves", archive.ledger() / "leaves", fs::copy_options::overwrite_existing);
  EXPECT_EQ(events(), before);

  { Records::open_writer(archive.path()); }
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script(
        "CREATE TABLE kept AS SELECT * FROM ledger_tree;"
        "UPDATE ledger_tree SET sha256_peaks = zeroblob(length(sha256_peaks))");
  }
  EXPECT_FALSE(writes()) << "the tree is not what was signed";
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("UPDATE ledger_tree SET entries = 1");
  }
  EXPECT_FALSE(writes()) << "the heads know more";
  EXPECT_EQ(events(), before);
}

TEST_F(Beside, DoesNotGoOnFromADamagedTree) {
  Records writer = Records::open_writer(archive.path());
  Records::open_beside(archive.path(), as("li", {Right::take_in})).open_batch("b", "b", {});
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("UPDATE ledger_tree SET sha256_peaks = zeroblob(length(sha256_peaks))");
  }
  EXPECT_THROW(writer.open_batch("c", "c", {}), ArchiveError);
}

}  // namespace
}  // namespace archive
