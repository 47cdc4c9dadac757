#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <string>

#include "store/records/sealed_pages.h"
#include "store/records/sql.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "Zhang San 11010519491231002X";

class EncryptedRecords : public testing::Test {
 protected:
  EncryptedRecords() {
    KeySource source;
    source.key_file = folder_ / "archive.key";
    make_key_file(source.key_file);
    begin_keys(folder_.path(), source);
    keys_ = keys_of(folder_.path());
  }

  Database open(Database::Access access, const fs::path& file) const {
    return Database(file, access, keys_);
  }
  Database create() const {
    Database made = open(Database::Access::create, file_);
    made.run_script("CREATE TABLE people (number INTEGER PRIMARY KEY, name TEXT, more BLOB)");
    return made;
  }
  static void add(Database& database, int people) {
    for (int i = 0; i < people; ++i) {
      database.execute("INSERT INTO people (name, more) VALUES ($1, $2)",
                       {kName, SqlBytes{std::string(3000, 'm')}});
    }
  }
  static std::int64_t count(Database& database) {
    return database.number("SELECT COUNT(*) FROM people");
  }
  fs::path log() const { return file_.string() + "-wal"; }
  /// Database and log as they lie on the disk now, in a folder of their own.
  fs::path as_of_now(const std::string& name) const {
    const fs::path folder = folder_ / name;
    fs::create_directory(folder);
    fs::copy_file(file_, folder / "records.sqlite");
    if (fs::exists(log())) fs::copy_file(log(), folder / "records.sqlite-wal");
    return folder / "records.sqlite";
  }

  TemporaryFolder folder_;
  fs::path file_ = folder_ / "records.sqlite";
  ArchiveKeysPtr keys_;
};

void expect_nothing_plain(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    for (const char* plain : {kName, "SQLite format", "CREATE TABLE", "people", "mmmm"}) {
      EXPECT_THAT(bytes, testing::Not(testing::HasSubstr(plain))) << entry.path();
    }
  }
}

TEST_F(EncryptedRecords, KeepRowsAndTellNothing) {
  {
    Database database = create();
    add(database, 200);
    EXPECT_EQ(count(database), 200);
    EXPECT_GT(fs::file_size(log()), 200 * 3000u) << "nothing lies in the log";
    expect_nothing_plain(folder_.path());
    EXPECT_THAT(database.damage(), testing::IsEmpty());
  }
  expect_nothing_plain(folder_.path());
  Database again = open(Database::Access::read, file_);
  EXPECT_EQ(count(again), 200);
  EXPECT_EQ(again.number("SELECT COUNT(*) FROM people WHERE name = $1", {kName}), 200);
  EXPECT_THAT(again.damage(), testing::IsEmpty());
}

TEST_F(EncryptedRecords, BigTransactionsSortsAndRollbacksSpillNothing) {
  Database database = create();
  database.run_script("PRAGMA cache_size = 10");
  {
    Transaction all(database);
    add(database, 800);
    // Pages that are written to the log twice in one transaction.
    database.execute("UPDATE people SET name = name || '!'");
    database.execute("DELETE FROM people WHERE number % 3 = 0");
    all.commit();
  }
  {
    Transaction none(database);
    add(database, 500);
  }
  EXPECT_EQ(count(database), 534);
  Rows sorted = database.query("SELECT name, more FROM people ORDER BY more, name, number DESC");
  int rows = 0;
  while (sorted.next()) ++rows;
  EXPECT_EQ(rows, 534);
  database.run_script("CREATE INDEX by_name ON people (name, number); PRAGMA wal_checkpoint");
  EXPECT_THAT(database.damage(), testing::IsEmpty());
  expect_nothing_plain(folder_.path());
  // Room that was free is used again, and never written pages do no harm to a copy.
  database.execute("DELETE FROM people WHERE number % 2 = 0");
  add(database, 50);
  database.copy_to(folder_ / "copy.sqlite");
  expect_nothing_plain(folder_.path());
  Database copy = open(Database::Access::read, folder_ / "copy.sqlite");
  EXPECT_EQ(count(copy), count(database));
  EXPECT_THAT(copy.damage(), testing::IsEmpty());
}

TEST_F(EncryptedRecords, AReaderSeesOneMomentBesideTheWriter) {
  Database writer = create();
  add(writer, 3);
  Database reader = open(Database::Access::read, file_);
  Transaction moment(reader, Transaction::Kind::read);
  EXPECT_EQ(count(reader), 3);
  add(writer, 40);
  EXPECT_EQ(count(reader), 3);
  moment.commit();
  EXPECT_EQ(count(reader), 43);
}

TEST_F(EncryptedRecords, WhatWasCommittedSurvivesWhereverTheLogIsCut) {
  Database database = create();
  database.run_script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0");
  std::vector<std::pair<std::uintmax_t, std::int64_t>> commits;  // length of the log, rows then
  for (int i = 0; i < 6; ++i) {
    add(database, 1);
    commits.emplace_back(fs::file_size(log()), count(database));
  }
  const std::uintmax_t whole = fs::file_size(log());
  int number = 0;
  for (std::uintmax_t size = 0; size <= whole; size += size + 211 < whole ? 211 : 1) {
    if (size + 211 >= whole && size + 8 < whole) size = whole - 8;
    const fs::path copy = as_of_now(std::to_string(number++));
    fs::resize_file(copy.string() + "-wal", size);
    std::int64_t wanted = 0;
    for (const auto& [length, rows] : commits) {
      if (length <= size) wanted = rows;
    }
    Database cut = open(Database::Access::write, copy);
    ASSERT_EQ(count(cut), wanted) << "cut at " << size << " of " << whole;
    fs::remove_all(copy.parent_path());
  }
}

TEST_F(EncryptedRecords, ATornFrameEndsTheLog) {
  Database database = create();
  database.run_script("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0");
  add(database, 1);
  const std::uintmax_t first = fs::file_size(log());
  add(database, 1);
  const std::uintmax_t whole = fs::file_size(log());
  std::mt19937 random(20261127);
  for (int i = 0; i < 60; ++i) {
    const fs::path copy = as_of_now("torn" + std::to_string(i));
    const fs::path torn = copy.string() + "-wal";
    std::string bytes = read_file(torn);
    const std::size_t at = first + random() % (whole - first);
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (i % 8)));
    write_file(torn, bytes);
    Database opened = open(Database::Access::write, copy);
    ASSERT_EQ(count(opened), 1) << "byte " << at;
    EXPECT_THAT(opened.damage(), testing::IsEmpty());
  }
}

TEST_F(EncryptedRecords, FramesOfAnotherDatabaseOrAnEarlierTurnCountForNothing) {
  Database database = create();
  add(database, 5);
  const std::string earlier = read_file(log());
  database.run_script("PRAGMA wal_checkpoint(TRUNCATE)");
  const fs::path copy = as_of_now("earlier");
  // The log of before the pages were moved: SQLite may move them again, and nothing is lost.
  write_file(copy.string() + "-wal", earlier);
  EXPECT_EQ(count(*std::make_unique<Database>(open(Database::Access::write, copy))), 5);
  const fs::path other = folder_ / "other.sqlite";
  {
    Database foreign = open(Database::Access::create, other);
    foreign.run_script("CREATE TABLE people (number INTEGER PRIMARY KEY, name TEXT, more BLOB)");
    add(foreign, 9);
    write_file(copy.string() + "-wal", read_file(other.string() + "-wal"));
    EXPECT_EQ(count(*std::make_unique<Database>(open(Database::Access::write, copy))), 5);
  }
}

TEST_F(EncryptedRecords, APageThatWasChangedOrMovedIsDamageAndNeverData) {
  {
    Database database = create();
    add(database, 60);
  }
  const std::string whole = read_file(file_);
  const std::size_t pages = (whole.size() - kPagesHeadBytes) / kSealedPageBytes;
  ASSERT_EQ(kPagesHeadBytes + pages * kSealedPageBytes, whole.size());
  const auto refused = [&](const std::string& bytes) {
    write_file(file_, bytes);
    try {
      Database database = open(Database::Access::read, file_);
      Rows rows = database.query("SELECT number, name, more FROM people ORDER BY number");
      while (rows.next()) rows.bytes();
      return database.damage().size() > 0;
    } catch (const SqlError& error) {
      return error.fault() == SqlFault::corrupt;
    }
  };
  EXPECT_FALSE(refused(whole));
  for (std::size_t page = 0; page < pages; ++page) {
    std::string bytes = whole;
    bytes[kPagesHeadBytes + page * kSealedPageBytes + 100 + page] ^= 1;
    EXPECT_TRUE(refused(bytes)) << "page " << page;
  }
  std::string swapped = whole;
  for (std::size_t i = 0; i < kSealedPageBytes; ++i) {
    std::swap(swapped[kPagesHeadBytes + 3 * kSealedPageBytes + i],
              swapped[kPagesHeadBytes + 4 * kSealedPageBytes + i]);
  }
  EXPECT_TRUE(refused(swapped));
  EXPECT_TRUE(refused(whole.substr(0, kPagesHeadBytes + 7 * kSealedPageBytes + 11)));
  EXPECT_TRUE(refused("SQLite format 3" + whole.substr(15)));
}

TEST_F(EncryptedRecords, AnotherArchivesKeyOpensNothing) {
  { add(*std::make_unique<Database>(create()), 1); }
  TemporaryFolder other;
  KeySource source;
  source.key_file = other / "other.key";
  make_key_file(source.key_file);
  begin_keys(other.path(), source);
  EXPECT_THROW(
      {
        Database database(file_, Database::Access::read, keys_of(other.path()));
        count(database);
      },
      SqlError);
  EXPECT_THROW({ count(*std::make_unique<Database>(file_, Database::Access::read)); }, SqlError);
}

TEST_F(EncryptedRecords, PlainPagesGoOutAndComeBack) {
  {
    Database database = create();
    add(database, 20);
    database.copy_to(folder_ / "copy.sqlite");
  }
  std::string plain;
  read_sealed_pages(folder_ / "copy.sqlite", *keys_, [&plain](std::span<const std::byte> bytes) {
    plain.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  EXPECT_TRUE(plain.starts_with("SQLite format 3"));
  {
    TemporaryFile out(real_disk(), folder_.path());
    SealedPagesWriter writer(out, *keys_);
    for (std::size_t at = 0; at < plain.size(); at += 1000) {
      writer.add(std::as_bytes(std::span(plain))
                     .subspan(at, std::min<std::size_t>(1000, plain.size() - at)));
    }
    writer.finish();
    out.seal(true);
    fs::permissions(out.path(), fs::perms(0640));
    fs::rename(out.path(), folder_ / "back.sqlite");
    out.release();
  }
  Database back = open(Database::Access::write, folder_ / "back.sqlite");
  EXPECT_EQ(count(back), 20);
  EXPECT_THAT(back.damage(), testing::IsEmpty());
}

}  // namespace
}  // namespace archive
