#include "store/records/schema.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "store/records/records.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

constexpr std::array kSteps = {
    Migration{1, "0001_first", "CREATE TABLE one (a TEXT); INSERT INTO one VALUES ('kept');"},
    Migration{2, "0002_second", "ALTER TABLE one ADD COLUMN b TEXT NOT NULL DEFAULT 'new';"}};
constexpr std::array kBroken = {
    kSteps[0], Migration{2, "0002_broken", "CREATE TABLE two (a TEXT); CREATE NONSENSE;"}};

struct SchemaTest : testing::Test {
  TemporaryFolder folder;
  Database db{folder / "db", Database::Access::create};
};

TEST(Migrations, AreNumberedWithoutAGap) {
  int expected = 1;
  for (const Migration& step : migrations()) {
    EXPECT_EQ(step.number, expected);
    EXPECT_EQ(std::stoi(std::string(step.name).substr(0, 4)), expected);
    ++expected;
  }
  EXPECT_GT(expected, 1);
}

TEST_F(SchemaTest, GrowsFromNothingAndStaysAsItIs) {
  EXPECT_EQ(schema_version(db, "db"), 0);
  upgrade_schema(db, "db", kSteps);
  EXPECT_EQ(schema_version(db, "db"), 2);
  upgrade_schema(db, "db", kSteps);
  EXPECT_EQ(db.number("SELECT COUNT(*) FROM schema_version"), 2);
}

TEST_F(SchemaTest, GoesOnFromAnOlderOneAndKeepsItsRows) {
  upgrade_schema(db, "db", std::span(kSteps).first(1));
  upgrade_schema(db, "db", kSteps);
  Rows rows = db.query("SELECT a, b FROM one");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(), "kept");
  EXPECT_EQ(rows.text(), "new");
}

TEST_F(SchemaTest, ABrokenStepLeavesTheStepBefore) {
  EXPECT_THROW(upgrade_schema(db, "db", kBroken), SqlError);
  EXPECT_EQ(schema_version(db, "db"), 1);
  EXPECT_FALSE(db.has_table("two"));
  upgrade_schema(db, "db", kSteps);
  EXPECT_EQ(schema_version(db, "db"), 2);
}

// What rows hold that were there before is told to the ledger, or nobody could make them again.
TEST_F(SchemaTest, AStepTellsWhichColumnsItAdds) {
  upgrade_schema(db, "db");
  const Migration step{999, "0999_next",
                       "ALTER TABLE batches ADD COLUMN shelf TEXT NOT NULL DEFAULT 'A\t1';"
                       "ALTER TABLE batches ADD COLUMN boxes INTEGER NOT NULL DEFAULT -1;"
                       "ALTER TABLE items ADD COLUMN due TEXT;"
                       "ALTER TABLE pages ADD COLUMN text_sketch_2 BLOB;"
                       "ALTER TABLE dossier_facts ADD COLUMN not_in_ledger TEXT;"
                       "CREATE TABLE boxes (box INTEGER PRIMARY KEY, place TEXT DEFAULT 'x');"};
  Transaction transaction(db);
  EXPECT_EQ(apply_step(db, step),
            "^batches\tshelf='A\\t1\n^batches\tboxes=-1\n^items\tdue=-\n"
            "^pages\ttext_sketch_2=-\n");
  transaction.commit();
  EXPECT_EQ(db.number("SELECT MAX(version) FROM schema_version"), 999);
}

TEST_F(SchemaTest, RefusesADatabaseOfAnotherProgram) {
  db.execute("CREATE TABLE songs (title TEXT)");
  try {
    schema_version(db, "db");
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::archive_foreign);
  }
}

struct RecordsSchemaTest : testing::Test {
  TemporaryFolder folder;
  RecordsSchemaTest() { Records::create(folder.path()); }
  void set_version(std::int64_t version) {
    Database db(folder / "records.sqlite", Database::Access::write);
    db.execute("DELETE FROM schema_version");
    db.execute("INSERT INTO schema_version VALUES ($1, 'x', 'x')", {version});
  }
};

TEST_F(RecordsSchemaTest, IsTheNewestFromTheStart) {
  EXPECT_EQ(Records::open_reader(folder.path()).schema_version(), migrations().back().number);
}

TEST_F(RecordsSchemaTest, ANewerOneIsForeignToWritersAndReaders) {
  set_version(999);
  for (auto open : {&Records::open_writer, &Records::open_reader}) {
    try {
      open(folder.path());
      FAIL();
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::archive_foreign);
      EXPECT_NE(error.problem().find("999"), std::string::npos);
    }
  }
}

// As the first version of the program left it, with a page in it.
TEST(Migrations, BringRecordsOfTheFirstVersionUpToDate) {
  TemporaryFolder folder;
  {
    Database db(folder / "records.sqlite", Database::Access::create);
    upgrade_schema(db, "db", migrations().first(1));
    db.execute(
        "INSERT INTO batches VALUES (1, 'k', 'box', 'complete', 0, 0, '', '', 0, '', '', '', '')");
  }
  EXPECT_THROW(Records::open_reader(folder.path()), ArchiveError);
  Records::upgrade(folder.path(), {});
  const Records records = Records::open_reader(folder.path());
  EXPECT_EQ(records.schema_version(), migrations().back().number);
  ASSERT_EQ(records.batches().size(), 1u);
  EXPECT_EQ(records.batches().front().name, "box");
  EXPECT_TRUE(records.batches_to_assemble().empty());
  EXPECT_NO_THROW(Records::upgrade(folder.path(), {}));
}

TEST_F(RecordsSchemaTest, AReaderDoesNotReadAnOlderOne) {
  set_version(0);
  try {
    Records::open_reader(folder.path());
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::records);
  }
}

}  // namespace
}  // namespace archive
