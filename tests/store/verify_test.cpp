#include "store/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "store/records/sql.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

/// An archive with one closed batch of `files` sources of one page each, where every
/// source has a layout of its own: 2 objects and 2 references a file.
class SmallArchive {
 public:
  explicit SmallArchive(int files) : archive_(ArchiveFolder::create(folder_ / "archive", "")) {
    Records records = Records::open_writer(path());
    const BatchNumber batch = records.open_batch("b", "b", {}).number;
    for (int i = 0; i < files; ++i) {
      const std::string name = std::to_string(i) + ".tif";
      SourceRecord file = source(batch, name, "", 1, i);
      file.blob = store_.put("scan " + name);
      file = records.add_source(file);
      PageRecord page = filed(file, 0);
      page.layout_blob = store_.put("layout " + name);
      records.put_page(page);
      sources_.push_back(*file.blob);
      layouts_.push_back(*page.layout_blob);
    }
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
  }

  const fs::path& path() const { return archive_.path(); }
  ObjectStore& store() { return store_; }
  const std::vector<BlobId>& sources() const { return sources_; }
  const std::vector<BlobId>& layouts() const { return layouts_; }
  fs::path file_of(const BlobId& blob) const { return store_.path_of(blob); }
  VerifyResult verify(VerifyOptions options = {}) const { return archive::verify(path(), options); }
  fs::path outside(const char* name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
  ArchiveFolder archive_;
  ObjectStore store_{archive_.objects()};
  std::vector<BlobId> sources_;
  std::vector<BlobId> layouts_;
};

using Found = std::set<std::pair<FindingKind, std::string>>;

Found damage_in(const VerifyResult& result) {
  Found found;
  for (const VerifyFinding& finding : result.findings) {
    if (finding.damage) found.emplace(finding.kind, finding.object);
    EXPECT_FALSE(finding.where.empty());
    EXPECT_FALSE(finding.what_to_do.empty());
    EXPECT_EQ(finding.where.find("/dev"), std::string::npos) << "places are inside the archive";
  }
  EXPECT_EQ(static_cast<std::int64_t>(found.size()), result.damage);
  return found;
}

void flip_bit(const fs::path& file, std::size_t bit) {
  std::string bytes = read_file(file);
  bytes.at(bit / 8) = static_cast<char>(bytes.at(bit / 8) ^ (1 << (bit % 8)));
  overwrite(file, bytes);
}

TEST(Verify, FindsNothingInASoundArchiveAndCountsWhatItLookedAt) {
  const SmallArchive archive(20);
  const VerifyResult result = archive.verify();
  EXPECT_TRUE(result.sound());
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(result.counts.objects, 40);
  EXPECT_EQ(result.counts.references, 40);
  EXPECT_EQ(result.counts.batches, 1);
  EXPECT_GT(result.counts.bytes, 0);
  EXPECT_GE(result.counts.seconds, 0);
}

TEST(Verify, RaisesNoFalseAlarmOnAThousandObjectsByAnyNumberOfThreads) {
  const SmallArchive archive(500);
  for (const int threads : {-1, 0, 1, 2, 7, 1000}) {
    VerifyOptions options;
    options.threads = threads;
    const VerifyResult result = archive.verify(options);
    EXPECT_TRUE(result.findings.empty());
    EXPECT_EQ(result.counts.objects, 1000);
  }
}

TEST(Verify, OfNothingIsNoSuccess) {
  const SmallArchive archive(0);
  const VerifyResult result = archive.verify();
  EXPECT_FALSE(result.sound());
  EXPECT_EQ(damage_in(result), (Found{{FindingKind::nothing_checked, ""}}));
}

TEST(Verify, OfNoArchiveIsAnError) {
  const TemporaryFolder folder;
  EXPECT_THROW(verify(folder.path(), {}), ArchiveError);
  EXPECT_THROW(verify(folder / "nothing", {}), ArchiveError);
}

TEST(Verify, WithoutItsObjectFolderIsAnError) {
  const SmallArchive archive(3);
  fs::rename(archive.path() / "objects", archive.outside("objects"));
  EXPECT_THROW(archive.verify(), ArchiveError);
}

TEST(Verify, WithAnEmptyObjectFolderMissesEverything) {
  const SmallArchive archive(3);
  fs::rename(archive.path() / "objects/sha256", archive.outside("sha256"));
  const VerifyResult result = archive.verify();
  EXPECT_EQ(result.by_kind.at(FindingKind::missing_object), 6);
  EXPECT_TRUE(result.by_kind.contains(FindingKind::unreadable_folder));
}

/// One way to damage an object, and what must be found.
struct Damage {
  FindingKind kind;
  std::function<void(const fs::path&)> inflict;
};

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all = {
      {FindingKind::empty_object, [](const fs::path& f) { overwrite(f, ""); }},
      {FindingKind::wrong_bytes,
       [](const fs::path& f) { overwrite(f, read_file(f).substr(0, 5)); }},
      {FindingKind::wrong_bytes, [](const fs::path& f) { flip_bit(f, 3); }},
      {FindingKind::wrong_bytes,
       [](const fs::path& f) { overwrite(f, std::string(read_file(f).size(), '\0')); }},
      {FindingKind::wrong_bytes, [](const fs::path& f) { overwrite(f, read_file(f) + "x"); }},
      {FindingKind::missing_object, [](const fs::path& f) { fs::remove(f); }},
      // Becomes a stray as well, for a link is no object.
      {FindingKind::missing_object,
       [](const fs::path& f) {
         fs::remove(f);
         fs::create_symlink("/etc/hostname", f);
       }},
      {FindingKind::missing_object,
       [](const fs::path& f) {
         fs::remove(f);
         fs::create_directory(f);
       }},
  };
  return all;
}

// 320 objects are damaged in 8 ways in one archive of 800; every one is named, with its
// kind, in one run, and nothing else is.
TEST(Verify, ListsEveryDamagedObjectAtOnce) {
  SmallArchive archive(400);
  Found expected;
  int strays = 0;
  for (std::size_t i = 0; i < 320; ++i) {
    const Damage& damage = damages()[i % damages().size()];
    const BlobId& blob = i % 3 == 0 ? archive.layouts()[i] : archive.sources()[i];
    damage.inflict(archive.file_of(blob));
    expected.emplace(damage.kind, blob.text());
    const bool stray =
        fs::is_symlink(archive.file_of(blob)) || fs::is_directory(archive.file_of(blob));
    strays += stray ? 1 : 0;
  }
  VerifyResult result = archive.verify();
  EXPECT_EQ(result.by_kind[FindingKind::stray], strays);
  std::erase_if(result.findings, [](const auto& f) { return f.kind == FindingKind::stray; });
  result.damage -= strays;
  EXPECT_EQ(damage_in(result), expected);
}

TEST(Verify, NamesTheSingleFilesOfAnArchive) {
  const SmallArchive archive(2);
  const auto found_after = [&archive](const char* name, const std::string& more) {
    const fs::path file = archive.path() / name;
    const std::string text = read_file(file);
    overwrite(file, text + more);
    const VerifyResult result = archive.verify();
    overwrite(file, text);
    return result.findings.empty() ? std::string() : result.findings.front().where;
  };
  EXPECT_EQ(found_after("juanzong.format", " "), "juanzong.format");
  EXPECT_EQ(found_after("ledger/signing.key", "\n"), "ledger/signing.key");
  EXPECT_TRUE(archive.verify().sound());
}

TEST(Verify, FindsASchemaWhoseGuardsAreGone) {
  const SmallArchive archive(1);
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script(
        "DROP TRIGGER events_are_not_changed; CREATE INDEX strange ON pages (title)");
  }
  std::string all;
  for (const VerifyFinding& finding : archive.verify().findings) all += finding.what + "\n";
  EXPECT_EQ(all,
            "trigger events_are_not_changed of the schema is missing\n"
            "index strange is no part of the schema\n");
}

TEST(Verify, FindsWorkThatIsFurtherThanItCanBe) {
  const SmallArchive archive(1);
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("UPDATE pages SET indexed_revision = revision + 1");
  }
  ASSERT_EQ(archive.verify().findings.size(), 1u);
  EXPECT_EQ(archive.verify().findings[0].what, "page 1 is in the index further than it was read");
}

TEST(Verify, FindsEverySingleFlippedBit) {
  const SmallArchive archive(2);
  const BlobId& blob = archive.sources()[1];
  const fs::path file = archive.file_of(blob);
  const std::size_t bits = read_file(file).size() * 8;
  for (std::size_t bit = 0; bit < bits; ++bit) {
    flip_bit(file, bit);
    EXPECT_EQ(damage_in(archive.verify()), (Found{{FindingKind::wrong_bytes, blob.text()}}))
        << "bit " << bit;
    flip_bit(file, bit);
  }
  EXPECT_TRUE(archive.verify().sound());
}

TEST(Verify, TellsSwappedObjectsByWhatTheyReallyAre) {
  const SmallArchive archive(10);
  const BlobId &a = archive.sources()[1], &b = archive.sources()[2];
  fs::rename(archive.file_of(a), archive.outside("swap"));
  fs::rename(archive.file_of(b), archive.file_of(a));
  fs::rename(archive.outside("swap"), archive.file_of(b));
  const VerifyResult result = archive.verify();
  EXPECT_EQ(damage_in(result),
            (Found{{FindingKind::wrong_bytes, a.text()}, {FindingKind::wrong_bytes, b.text()}}));
  for (const VerifyFinding& finding : result.findings) {
    const BlobId& other = finding.object == a.text() ? b : a;
    EXPECT_NE(finding.what.find(other.text()), std::string::npos);
  }
}

TEST(Verify, FindsARenamedObjectAtBothPlaces) {
  const SmallArchive archive(10);
  const BlobId& blob = archive.sources()[4];
  const BlobId elsewhere = hash_of("something else");
  fs::create_directories(archive.file_of(elsewhere).parent_path());
  fs::rename(archive.file_of(blob), archive.file_of(elsewhere));
  const VerifyResult result = archive.verify();
  EXPECT_EQ(damage_in(result), (Found{{FindingKind::missing_object, blob.text()}}));
  const auto found =
      std::ranges::find(result.findings, elsewhere.text(), &VerifyFinding::object);
  ASSERT_NE(found, result.findings.end());
  EXPECT_EQ(found->kind, FindingKind::damaged_garbage);
  EXPECT_NE(found->what.find(blob.text()), std::string::npos) << "it says whose bytes they are";
}

TEST(Verify, SaysWhoNeedsADamagedObjectAndWhatHelps) {
  const SmallArchive archive(3);
  overwrite(archive.file_of(archive.sources()[0]), "x");
  fs::remove(archive.file_of(archive.layouts()[1]));
  for (const VerifyFinding& finding : archive.verify().findings) {
    const bool about_source = finding.object == archive.sources()[0].text();
    EXPECT_NE(finding.what.find(about_source ? "source 1" : "page 2"), std::string::npos)
        << finding.what;
    EXPECT_NE(finding.what_to_do.find(about_source ? "backup" : "reprocess"), std::string::npos);
  }
}

TEST(Verify, RemarksOnWhatIsNoDamage) {
  SmallArchive archive(5);
  const BlobId spare = archive.store().put("nobody refers to this");
  fs::permissions(archive.file_of(archive.sources()[2]), fs::perms(0644));
  write_file(archive.path() / "objects/tmp/12-3", "half");
  const VerifyResult result = archive.verify();
  EXPECT_TRUE(result.sound());
  EXPECT_EQ(result.remarks, 3);
  EXPECT_EQ(result.by_kind,
            (std::map<FindingKind, std::int64_t>{{FindingKind::unreferenced_object, 1},
                                                 {FindingKind::writable_object, 1},
                                                 {FindingKind::unfinished_file, 1}}));
  VerifyOptions strict;
  strict.unreferenced_is_damage = true;
  EXPECT_EQ(damage_in(archive.verify(strict)),
            (Found{{FindingKind::unreferenced_object, spare.text()}}));
}

TEST(Verify, DamageOfWhatNobodyNeedsIsARemark) {
  SmallArchive archive(5);
  for (const auto& [bytes, now] : {std::pair("nobody", "n0body"), std::pair("refers", "")}) {
    overwrite(archive.file_of(archive.store().put(bytes)), now);
  }
  const VerifyResult result = archive.verify();
  EXPECT_TRUE(result.sound());
  EXPECT_EQ(result.by_kind,
            (std::map<FindingKind, std::int64_t>{{FindingKind::damaged_garbage, 2}}));
  VerifyOptions strict;
  strict.unreferenced_is_damage = true;
  EXPECT_EQ(damage_in(archive.verify(strict)).size(), 2u);
  // Where the records cannot be asked, nobody knows who needs it.
  fs::remove(archive.path() / "records.sqlite");
  EXPECT_EQ(archive.verify().by_kind,
            (std::map<FindingKind, std::int64_t>{{FindingKind::wrong_bytes, 1},
                                                 {FindingKind::empty_object, 1},
                                                 {FindingKind::records_unreadable, 1}}));
}

TEST(Verify, FindsWhatDoesNotBelongIntoTheObjectStore) {
  const SmallArchive archive(5);
  const fs::path objects = archive.path() / "objects";
  const fs::path shard = archive.file_of(archive.sources()[0]).parent_path();
  write_file(objects / "notes.txt", "x");
  write_file(objects / "sha256/notes.txt", "x");
  write_file(shard / "notes.txt", "x");
  write_file(shard / std::string(62, 'A'), "capitals are no hash of ours");
  fs::create_directory(objects / "sha256/abc");
  EXPECT_EQ(archive.verify().by_kind,
            (std::map<FindingKind, std::int64_t>{{FindingKind::stray, 5}}));
}

struct RecordsEdit {
  const char* name;
  const char* script;
  FindingKind kind;
};
class EditedRecords : public testing::TestWithParam<RecordsEdit> {};

TEST_P(EditedRecords, AreFound) {
  const SmallArchive archive(5);
  {
    Database db(archive.path() / "records.sqlite", Database::Access::write);
    db.run_script("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    db.run_script(GetParam().script);
  }
  const VerifyResult result = archive.verify();
  EXPECT_FALSE(result.sound());
  EXPECT_TRUE(result.by_kind.contains(GetParam().kind));
}

INSTANTIATE_TEST_SUITE_P(
    Edits, EditedRecords,
    testing::Values(
        RecordsEdit{"PageGone", "DELETE FROM pages WHERE page = 3", FindingKind::unaccounted},
        RecordsEdit{"PageCountChanged", "UPDATE sources SET pages = 2 WHERE source = 1",
                    FindingKind::unaccounted},
        RecordsEdit{"SourceGone", "DELETE FROM sources WHERE source = 2",
                    FindingKind::records_damaged},
        RecordsEdit{"OtherObject",
                    "UPDATE sources SET blob = 'sha256-' || replace(hex(zeroblob(32)), '0', 'a') "
                    "WHERE source = 2",
                    FindingKind::missing_object},
        RecordsEdit{"NoObject", "UPDATE sources SET blob = 'scan' WHERE source = 2",
                    FindingKind::records_damaged}),
    [](const auto& row) { return row.param.name; });

TEST(Verify, AnOpenBatchMayStillMissPages) {
  const SmallArchive archive(5);
  {
    Records records = Records::open_writer(archive.path());
    records.set_source_pages(1, 2, {});
  }
  EXPECT_TRUE(archive.verify().sound());
}

TEST(Verify, GoesOnToTheObjectsWhenTheRecordsAreBroken) {
  for (const char* how : {"missing", "foreign", "cut"}) {
    const SmallArchive archive(30);
    const fs::path records = archive.path() / "records.sqlite";
    overwrite(archive.file_of(archive.sources()[0]), "x");
    if (how == std::string("missing")) fs::remove(records);
    if (how == std::string("foreign")) write_file(records, "no database at all, by no means");
    if (how == std::string("cut")) fs::resize_file(records, fs::file_size(records) / 2);
    const VerifyResult result = archive.verify();
    EXPECT_TRUE(result.by_kind.contains(FindingKind::wrong_bytes)) << how;
    EXPECT_TRUE(result.by_kind.contains(FindingKind::records_unreadable) ||
                result.by_kind.contains(FindingKind::records_damaged))
        << how;
    EXPECT_EQ(result.counts.objects, 60);
  }
}

// As after an upgrade of the program: whoever restored a backup then would lose what came since.
TEST(Verify, OfRecordsThatWaitForTheirUpgradeAsksForIt) {
  const SmallArchive archive(30);
  overwrite(archive.file_of(archive.sources()[0]), "x");
  Database(archive.path() / "records.sqlite", Database::Access::write)
      .run_script("DELETE FROM schema_version "
                  "WHERE version = (SELECT MAX(version) FROM schema_version)");
  const VerifyResult result = archive.verify();
  EXPECT_FALSE(result.sound());
  EXPECT_EQ(damage_in(result), (Found{{FindingKind::wrong_bytes, archive.sources()[0].text()},
                                      {FindingKind::records_older, ""}}));
  const auto found = std::ranges::find(result.findings, FindingKind::records_older,
                                       &VerifyFinding::kind);
  ASSERT_NE(found, result.findings.end());
  EXPECT_NE(found->what_to_do.find("juanzong status"), std::string::npos);
}

TEST(Verify, WritesEveryFindingToTheReportEvenWhenItKeepsFew) {
  const SmallArchive archive(40);
  for (const BlobId& blob : archive.sources()) fs::remove(archive.file_of(blob));
  VerifyOptions options;
  options.findings_kept = 5;
  options.report_file = archive.outside("report.jsonl");
  const VerifyResult result = archive.verify(options);
  EXPECT_EQ(result.findings.size(), 5u);
  EXPECT_EQ(result.damage, 40);
  std::istringstream lines(read_file(*options.report_file));
  std::set<std::string> missing;
  nlohmann::json last;
  for (std::string line; std::getline(lines, line);) {
    last = nlohmann::json::parse(line);
    if (last.value("finding", "") == "missing_object") missing.insert(last["object"]);
  }
  EXPECT_EQ(missing.size(), 40u);
  EXPECT_EQ(last["verified"], true);
  EXPECT_EQ(last["objects"], 40);
  EXPECT_EQ(last["damage"], 40);
}

TEST(Verify, SaysWhenTheReportCannotBeWritten) {
  const SmallArchive archive(1);
  VerifyOptions options;
  options.report_file = archive.outside("no/such/folder/report");
  EXPECT_THROW(archive.verify(options), ArchiveError);
  if (fs::exists("/dev/full")) {
    options.report_file = "/dev/full";
    EXPECT_THROW(archive.verify(options), ArchiveError);
  }
}

TEST(Verify, ChangesNothing) {
  const SmallArchive archive(10);
  overwrite(archive.file_of(archive.sources()[0]), "");
  const auto snapshot = [&archive] {
    std::map<fs::path, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(archive.path())) {
      // SQLite's shared memory is made for each reader; it holds nothing.
      if (!entry.is_regular_file() || entry.path().string().ends_with("-shm")) continue;
      if (entry.path().string().ends_with("-wal") && entry.file_size() == 0) continue;
      files[entry.path()] = read_file(entry.path());
    }
    return files;
  };
  const auto before = snapshot();
  archive.verify();
  EXPECT_EQ(snapshot(), before);
}

TEST(FindingNames, AreAllDifferent) {
  std::set<std::string_view> names;
  int count = 0;
  for (int kind = 0; kind <= static_cast<int>(FindingKind::unfinished_file); ++kind, ++count) {
    names.insert(name_of(static_cast<FindingKind>(kind)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(count));
}

}  // namespace
}  // namespace archive
