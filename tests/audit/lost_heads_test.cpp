#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "audit/archive_audit.h"
#include "store/archive_folder.h"
#include "store/ledger/entry_text.h"
#include "store/ledger/merkle_tree.h"
#include "store/records/ledger_entries.h"
#include "store/records/records.h"
#include "store/records/sql.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using audit::AuditReport;

/// An archive that lost its folder `ledger`, but not the key, which lay elsewhere; what was signed
/// is outside.
class HeadsBegunAnew : public ::testing::Test {
 protected:
  HeadsBegunAnew() : archive(ArchiveFolder::create(top / "archive", "")) {
    fs::create_directory(top / "outside");
    Records::Writing writing;
    writing.heads_to = {top / "outside"};
    { Records::open_writer(archive.path(), writing).open_batch("room-3", "room-3", {}); }
    fs::rename(archive.ledger() / "signing.key", top / "key");
    fs::remove_all(archive.ledger());
  }
  void begin_anew() const {
    Records::Writing writing;
    writing.acting = {"wang", "operator", "fire", "juanzong ledger", {}};
    writing.key_file = top / "key";
    writing.lost = LostOfLedger::heads;
    Records::open_writer(archive.path(), writing).open_batch("later", "later", {});
  }
  AuditReport audit(bool with_outside) const {
    audit::AuditOptions options;
    if (with_outside) options.outside = {top / "outside"};
    return audit::audit_archive(archive.path(), options);
  }

  TemporaryFolder top;
  ArchiveFolder archive;
};

std::vector<std::string> findings(const AuditReport& report) {
  std::vector<std::string> kinds;
  for (const auto& finding : report.findings) kinds.push_back(finding.kind);
  return kinds;
}

TEST_F(HeadsBegunAnew, AreToldWithWhatHeadsOutsideProve) {
  const std::string all = std::to_string(audit(true).entries);
  begin_anew();
  const AuditReport proven = audit(true);
  EXPECT_THAT(findings(proven), testing::IsEmpty());
  EXPECT_THAT(proven.remarks,
              testing::ElementsAre(testing::AllOf(
                  testing::HasSubstr("wang (operator): fire"),
                  testing::HasSubstr("prove the first " + all + " of the " + all + " entries"))));
  const AuditReport alone = audit(false);
  EXPECT_THAT(findings(alone), testing::IsEmpty());
  EXPECT_THAT(alone.remarks, testing::Contains(testing::HasSubstr("prove the first 0 of")));
}

// Whoever makes another past, and the tree over it, has it signed by a person who believes it.
TEST_F(HeadsBegunAnew, OverAForgedPastAreFoundByHeadsOutside) {
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script(
        "DROP TRIGGER events_are_not_changed; UPDATE events SET reason = 'forged' WHERE event = 3");
    GrowingTree sha256{DigestKind::sha256}, sm3{DigestKind::sm3};
    for_each_entry(database, 0, [&](const LedgerEntry& entry) {
      sha256.append(entry_text(entry));
      sm3.append(entry_text(entry));
    });
    const auto bytes = [](const std::vector<Digest>& peaks) {
      return SqlBytes{{reinterpret_cast<const char*>(peaks.data()), peaks.size() * sizeof(Digest)}};
    };
    const std::vector<Digest> first = sha256.peaks(), second = sm3.peaks();
    database.execute("UPDATE ledger_tree SET sha256_peaks = $1, sm3_peaks = $2",
                     {bytes(first), bytes(second)});
  }
  begin_anew();
  const AuditReport report = audit(true);
  EXPECT_THAT(findings(report), testing::IsSupersetOf({"entry_changed", "head_contradicts"}));
  EXPECT_EQ(report.first_wrong_entry, 3);
  const AuditReport alone = audit(false);
  EXPECT_THAT(findings(alone), testing::IsEmpty());
  EXPECT_THAT(alone.remarks, testing::Contains(testing::HasSubstr("prove the first 0 of")));
}

}  // namespace
}  // namespace archive
