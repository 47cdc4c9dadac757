#include "store/records/sql.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <stdexcept>
#include <string>

#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

constexpr SqlPart kNames = "SELECT name FROM things ";

struct SqlTest : testing::Test {
  TemporaryFolder folder;
  Database db{folder / "db", Database::Access::create};

  SqlTest() {
    db.execute(
        "CREATE TABLE things (thing INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
        "amount DOUBLE PRECISION CHECK (amount >= 0), kept BOOLEAN, "
        "parent BIGINT REFERENCES things (thing))");
  }
  std::int64_t count() { return db.number("SELECT COUNT(*) FROM things"); }
};

TEST_F(SqlTest, BindsByNumberAndNotByPlace) {
  Rows rows = db.query("SELECT $2, $1, $2", {"first", "second"});
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(), "second");
  EXPECT_EQ(rows.text(), "first");
  EXPECT_EQ(rows.text(), "second");
  EXPECT_FALSE(rows.next());
  EXPECT_FALSE(rows.next());
}

TEST_F(SqlTest, KeepsEveryTypeAndReadsNullAsNothing) {
  const std::string text("卷\0宗", 7);
  db.execute("INSERT INTO things (thing, name, amount, kept) VALUES ($1, $2, $3, $4)",
             {std::int64_t{1} << 62, text, 0.1, true});
  db.execute("INSERT INTO things (thing, name, amount, kept) VALUES ($1, $2, $3, $4)",
             {std::int64_t{1}, "", SqlValue(), SqlValue()});
  Rows rows = db.query("SELECT thing, name, amount, kept FROM things ORDER BY thing");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(), 1);
  EXPECT_EQ(rows.text(), "");
  EXPECT_EQ(rows.real(), 0.0);
  EXPECT_FALSE(rows.flag());
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(), std::int64_t{1} << 62);
  EXPECT_EQ(rows.text(), text);
  EXPECT_EQ(rows.real(), 0.1);
  EXPECT_TRUE(rows.flag());
}

TEST_F(SqlTest, JoinsPieces) {
  db.execute("INSERT INTO things (name) VALUES ($1)", {"one"});
  Rows rows = db.query(joined<kNames, "WHERE name = $1">(), {"one"});
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(), "one");
}

TEST_F(SqlTest, OneStatementMayBeUsedTwiceAtATime) {
  for (const char* name : {"a", "b", "c"}) {
    db.execute("INSERT INTO things (name) VALUES ($1)", {name});
  }
  std::string seen;
  const auto each = [this] { return db.query("SELECT name FROM things ORDER BY name"); };
  for (Rows outer = each(); outer.next();) {
    seen += outer.text();
    for (Rows inner = each(); inner.next();) seen += inner.text();
  }
  EXPECT_EQ(seen, "aabcbabccabc");
}

TEST_F(SqlTest, TheWrongNumberOfParametersIsABug) {
  EXPECT_THROW(db.execute("INSERT INTO things (name) VALUES ($1)", {}), std::logic_error);
  EXPECT_THROW(db.execute("DELETE FROM things", {"more"}), std::logic_error);
}

TEST_F(SqlTest, AnUnfinishedTransactionLeavesNothing) {
  {
    Transaction transaction(db);
    db.execute("INSERT INTO things (name) VALUES ($1)", {"never"});
  }
  EXPECT_EQ(count(), 0);
  Transaction transaction(db);
  EXPECT_EQ(db.number("INSERT INTO things (name) VALUES ($1) RETURNING thing", {"ever"}), 1);
  transaction.commit();
  EXPECT_EQ(count(), 1);
}

TEST_F(SqlTest, AnInnerTransactionBelongsToTheOuter) {
  {
    Transaction outer(db);
    {
      Transaction inner(db);
      db.execute("INSERT INTO things (name) VALUES ($1)", {"inner"});
      inner.commit();
    }
  }
  EXPECT_EQ(count(), 0);
}

TEST_F(SqlTest, AReaderSeesWhatIsCommittedAndChangesNothing) {
  db.execute("INSERT INTO things (name) VALUES ($1)", {"seen"});
  Database reader(folder / "db", Database::Access::read);
  Transaction moment(reader, Transaction::Kind::read);
  EXPECT_EQ(reader.number("SELECT COUNT(*) FROM things"), 1);
  db.execute("INSERT INTO things (name) VALUES ($1)", {"later"});
  EXPECT_EQ(reader.number("SELECT COUNT(*) FROM things"), 1);
  moment.commit();
  EXPECT_EQ(reader.number("SELECT COUNT(*) FROM things"), 2);
  EXPECT_THROW(reader.execute("DELETE FROM things"), SqlError);
}

TEST_F(SqlTest, IsForItsUserAndGroupAlone) {
  struct stat state {};
  ASSERT_EQ(::stat((folder / "db").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777 & ~0640u, 0u);
}

// Without these a commit may be lost; they were measured with power cuts.
TEST_F(SqlTest, WritesAheadAndSyncsFully) {
  for (const auto access : {Database::Access::write, Database::Access::write}) {
    Database again(folder / "db", access);
    Rows rows = again.query(
        "SELECT journal_mode, synchronous, foreign_keys "
        "FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(), "wal");
    EXPECT_EQ(rows.integer(), 2);
    EXPECT_EQ(rows.integer(), 1);
  }
}

struct Refusal {
  const char* name;
  const char* script;
  SqlFault fault;
  ErrorKind kind;
};
class RefusedSql : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedSql, IsClassifiedAndNamesNoValue) {
  const TemporaryFolder folder;
  Database db(folder / "db", Database::Access::create);
  db.run_script(
      "CREATE TABLE people (name TEXT NOT NULL UNIQUE, age INTEGER CHECK (age > 0));"
      "CREATE TABLE pets (owner TEXT REFERENCES people (name));"
      "INSERT INTO people VALUES ('Zhang San', 7);");
  try {
    db.run_script(GetParam().script);
    FAIL();
  } catch (const SqlError& error) {
    EXPECT_EQ(error.fault(), GetParam().fault);
    EXPECT_EQ(error.kind(), GetParam().kind);
    EXPECT_EQ(std::string(error.what()).find("Zhang"), std::string::npos);
    EXPECT_FALSE(error.what_to_do().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, RefusedSql,
    testing::Values(
        Refusal{"Unique", "INSERT INTO people VALUES ('Zhang San', 8)", SqlFault::unique,
                ErrorKind::records},
        Refusal{"Check", "INSERT INTO people VALUES ('Zhang Si', 0)", SqlFault::check,
                ErrorKind::records},
        Refusal{"NotNull", "INSERT INTO people VALUES (NULL, 1)", SqlFault::check,
                ErrorKind::records},
        Refusal{"Reference", "INSERT INTO pets VALUES ('Zhang Wu')", SqlFault::check,
                ErrorKind::records},
        Refusal{"Full",
                "PRAGMA max_page_count = 4; CREATE TABLE large AS WITH RECURSIVE n(i) AS "
                "(SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9999) SELECT i FROM n",
                SqlFault::full, ErrorKind::disk},
        Refusal{"NoSuchTable", "SELECT * FROM nothing", SqlFault::other, ErrorKind::records}),
    [](const auto& row) { return row.param.name; });

TEST_F(SqlTest, AnotherWriterIsBusy) {
  Database other(folder / "db", Database::Access::write);
  other.run_script("PRAGMA busy_timeout = 1");
  Transaction mine(db);
  db.execute("INSERT INTO things (name) VALUES ($1)", {"mine"});
  try {
    other.execute("INSERT INTO things (name) VALUES ($1)", {"theirs"});
    FAIL();
  } catch (const SqlError& error) {
    EXPECT_EQ(error.fault(), SqlFault::busy);
  }
}

TEST(BrokenDatabase, IsToldFromAMissingOne) {
  const TemporaryFolder folder;
  write_file(folder / "db", std::string(8192, 'x'));
  try {
    Database(folder / "db", Database::Access::write);
    FAIL();
  } catch (const SqlError& error) {
    EXPECT_EQ(error.fault(), SqlFault::corrupt);
    EXPECT_EQ(error.kind(), ErrorKind::records);
  }
  EXPECT_THROW(Database(folder / "missing", Database::Access::write), SqlError);
  EXPECT_THROW(Database(folder / "db", Database::Access::create), ArchiveError);
}

}  // namespace
}  // namespace archive
