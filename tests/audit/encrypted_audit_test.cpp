#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audit/archive_audit.h"
#include "tests/store/custody_samples.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

class EncryptedAudit : public testing::Test {
 protected:
  EncryptedAudit() : archive_(3, true) { way_.key_file = archive_.key().key_file; }
  ~EncryptedAudit() override { unlock_by({}); }

  audit::AuditReport audit() const {
    audit::AuditOptions options;
    options.way_in = way_;
    return audit::audit_archive(archive_.path(), options);
  }
  static std::vector<std::string> kinds(const audit::AuditReport& report) {
    std::vector<std::string> found;
    for (const auto& finding : report.findings) found.push_back(finding.kind);
    return found;
  }
  fs::path log() const { return archive_.path() / "records.sqlite-wal"; }

  KeptArchive archive_;
  audit::WayIn way_;
};

TEST_F(EncryptedAudit, OpensByEachWayIn) {
  const auto report = audit();
  EXPECT_THAT(kinds(report), testing::IsEmpty());
  EXPECT_EQ(report.objects, 15);
  EXPECT_GT(report.rows, 0);
  EXPECT_GT(report.entries, 0);
  KeySource words;
  words.passphrase_file = archive_.beside("words");
  write_file(words.passphrase_file, "four words of mine\n");
  key_slots_of(archive_.path())
      .put(keys_of(archive_.path())->master, words, {1, std::uint64_t{1} << 20});
  way_ = {{}, words.passphrase_file, {}};
  EXPECT_THAT(kinds(audit()), testing::IsEmpty());
  write_file(archive_.beside("paper"), archive_.recovery());
  way_ = {{}, {}, archive_.beside("paper")};
  EXPECT_THAT(kinds(audit()), testing::IsEmpty());
}

TEST_F(EncryptedAudit, WithAnotherKeyItSaysThatNothingWasChecked) {
  for (const std::string& digits : {std::string(64, '7'), std::string("no key")}) {
    way_.key_file = archive_.beside("other.key");
    write_file(way_.key_file, digits + "\n");
    const auto report = audit();
    EXPECT_THAT(kinds(report), testing::ElementsAre("key_missing"));
    EXPECT_GT(report.heads, 0) << "signatures need no key";
    EXPECT_EQ(report.entries + report.rows + report.objects, 0);
  }
}

TEST_F(EncryptedAudit, ReadsTheLogBesideAWriter) {
  const std::int64_t before = audit().entries;
  Records writer = Records::open_writer(archive_.path());
  for (int i = 0; i < 40; ++i) writer.open_batch("b" + std::to_string(i), "b", {});
  ASSERT_GT(fs::file_size(log()), 40 * 4096u);
  const auto report = audit();
  EXPECT_EQ(report.entries, before + 40);
  EXPECT_THAT(kinds(report), testing::IsEmpty());
  for (const std::string& remark : report.remarks) {
    EXPECT_THAT(remark, testing::Not(testing::HasSubstr("records.sqlite-wal")));
  }
}

TEST_F(EncryptedAudit, ATornFrameIsRemarkedAndWhatWasBeforeItCounts) {
  const std::int64_t before = audit().entries;
  std::string whole;
  std::string database;
  {
    Records writer = Records::open_writer(archive_.path());
    for (int i = 0; i < 5; ++i) writer.open_batch("b" + std::to_string(i), "b", {});
    whole = read_file(log());
    database = read_file(archive_.path() / "records.sqlite");
  }
  write_file(archive_.path() / "records.sqlite", database);
  fs::remove(archive_.path() / "records.sqlite-shm");
  ASSERT_FALSE(whole.empty());
  whole[whole.size() - 100] = static_cast<char>(whole[whole.size() - 100] ^ 4);
  write_file(log(), whole);
  const auto report = audit();
  EXPECT_EQ(report.entries, before + 4);
  EXPECT_THAT(report.remarks, testing::Contains(testing::HasSubstr("records.sqlite-wal")));
  EXPECT_EQ(Records::open_reader(archive_.path()).entries(), before + 4) << "SQLite reads the same";
}

TEST_F(EncryptedAudit, EveryDamagedObjectAndPageIsNamed) {
  const auto& sources = archive_.sources();
  flip_one_bit(archive_.file_of(sources[0]), 55);
  fs::remove(archive_.file_of(sources[1]));
  overwrite(archive_.file_of(sources[2]), read_file(archive_.file_of(sources[0])));
  write_file(archive_.file_of(sources[0]).parent_path() / "notes.txt", "x");
  EXPECT_THAT(kinds(audit()), testing::UnorderedElementsAre("object_damaged", "object_damaged",
                                                            "object_missing", "object_stray"));
  flip_one_bit(archive_.path() / "records.sqlite", 32 + 4128 * 30 + 99);
  EXPECT_THAT(kinds(audit()), testing::Contains("records_damaged"));
}

}  // namespace
}  // namespace archive
