#include "app/backup_drill.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>

#include "app/custody_support.h"
#include "audit/archive_audit.h"
#include "config/check_tables.h"
#include "core/error.h"
#include "index/page_index.h"
#include "ingest/ingest.h"
#include "store/records/records_difference.h"
#include "store/verify.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kQueriesMost = 200;
constexpr std::size_t kShownMost = 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A folder that goes with this object, read-only files in it as well.
class DrillFolder {
 public:
  explicit DrillFolder(fs::path path) : path_(std::move(path)) {
    if (!path_.empty()) fs::remove_all(path_);
  }
  ~DrillFolder() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  DrillFolder(const DrillFolder&) = delete;
  DrillFolder& operator=(const DrillFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

DrillRow drill_objects(const fs::path& restored, int threads) {
  VerifyOptions options;
  options.threads = threads;
  const VerifyResult result = verify(restored, options);
  if (result.by_kind.contains(FindingKind::records_older)) {
    throw ArchiveError(ErrorKind::records, restored.string(),
                       "the backup is of before the records were upgraded: they cannot be compared",
                       "make a new one with `juanzong backup run` and drill that; `juanzong backup "
                       "verify` reads the older ones");
  }
  DrillRow row{"objects", result.counts.objects, {}, "each hashed; each reference followed"};
  for (const VerifyFinding& finding : result.findings) {
    if (!finding.damage) continue;
    row.differences.push_back(fmt::format("{} {}: {}", name_of(finding.kind),
                                          finding.object.empty() ? finding.where : finding.object,
                                          finding.what));
  }
  return row;
}

DrillRow drill_ledger(const fs::path& restored) {
  audit::AuditOptions options;
  options.objects = false;
  options.master = master_for_audit(restored);
  const audit::AuditReport report = audit::audit_archive(restored, options);
  DrillRow row{"ledger",
               report.entries,
               {},
               fmt::format("{} signed heads hold; {} rows are what the entries make", report.heads,
                           report.rows)};
  for (const audit::AuditFinding& finding : report.findings) {
    row.differences.push_back(finding.kind + " " + finding.where + ": " + finding.what);
  }
  return row;
}

DrillRow drill_records(const fs::path& living, const fs::path& restored,
                       std::set<std::string>& changed_since) {
  RecordsDifference compared =
      compare_records(Records::open_reader(living), Records::open_reader(restored));
  changed_since = compared.changed_since;
  std::string note = fmt::format("{} rows of {} tables and {} entries against the archive",
                                 compared.rows, compared.tables, compared.entries);
  if (!changed_since.empty()) {
    note += fmt::format("; {} tables have changed since and are proven by their entries",
                        changed_since.size());
  }
  return {"records", compared.rows + compared.entries, std::move(compared.differences), note};
}

/// True when the first file is how the second begins.
bool begins_with(const fs::path& whole, const fs::path& beginning) {
  std::ifstream a(whole, std::ios::binary);
  std::ifstream b(beginning, std::ios::binary);
  std::array<char, 65536> first{};
  std::array<char, 65536> second{};
  while (b) {
    b.read(second.data(), second.size());
    const std::streamsize size = b.gcount();
    a.read(first.data(), size);
    if (a.gcount() != size || !std::equal(first.begin(), first.begin() + size, second.begin())) {
      return false;
    }
  }
  return b.eof();
}

DrillRow drill_files(const fs::path& living, const fs::path& restored,
                     const BackupManifest& manifest) {
  DrillRow row{"files", 0, {}, "the ledger's files are how the archive's begin; settings are kept"};
  for (const BackedUpFile& file : manifest.files) {
    if (file.name == "records.sqlite" || file.name == kMasterName) continue;
    ++row.compared;
    std::error_code error;
    if (fs::file_size(restored / file.name, error) != file.size_bytes || error) {
      row.differences.push_back(file.name + " is not whole");
    } else if (file.name.starts_with("ledger/") && file.name != "ledger/signing.key" &&
               !begins_with(living / file.name, restored / file.name)) {
      row.differences.push_back(file.name + " is not how the archive's begins");
    }
  }
  return row;
}

std::vector<PageNumber> asked(const PageIndex& index, const std::string& text) {
  SearchRequest request;
  request.text = "\"" + text + "\"";
  std::vector<PageNumber> pages;
  for (const SearchHit& hit : index.search(request).hits) pages.push_back(hit.page);
  return pages;
}

/// What pages say of themselves, evenly from the whole archive.
std::vector<std::string> queries_of(const Records& records) {
  const auto pages = static_cast<std::size_t>(records.counts().filed);
  const std::size_t step = std::max<std::size_t>(1, pages / kQueriesMost);
  std::vector<std::string> queries;
  std::size_t at = 0;
  records.for_each_page([&](const PageRecord& page) {
    if (page.state != PageState::filed || at++ % step != 0) return;
    std::string words = page.title;
    for (const FieldRecord& field : page.fields) {
      if (!field.value.empty()) words = field.value;
    }
    std::erase(words, '"');
    if (!words.empty()) queries.push_back(std::move(words));
  });
  return queries;
}

DrillRow drill_index(const ArchiveFolder& archive, const Settings& settings,
                     const ArchiveFolder& restored, const std::set<std::string>& changed_since,
                     const std::atomic<bool>& stop) {
  DrillRow row{"index", 0, {}, "made again from records and objects"};
  // It must not sign in the archive's name anywhere but in this folder.
  Records::Writing writing;
  writing.acting.method = "juanzong backup drill";
  writing.key_file = settings.ledger.key_file;
  Records records = Records::open_writer(restored.path(), writing);
  const ObjectStore objects(restored.objects());
  const CheckTables tables = CheckTables::load(find_config_folder(settings));
  // Of an encrypted archive in memory alone, wherever the restored settings would have it.
  const DrillFolder memory(restored.encrypted() ? restored.workplace() / "index" : fs::path());
  PageIndex made = PageIndex::open_writer(restored.encrypted() ? memory.path() : restored.index());
  records.mark_all_unindexed();
  bring_index_up_to_date(tables.forms, objects, records, made, stop);
  row.compared = static_cast<std::int64_t>(made.pages());
  if (row.compared != records.counts().filed) {
    row.differences.push_back(
        fmt::format("{} pages of {} are in it", row.compared, records.counts().filed));
  }
  for (const char* table : {"pages", "fields", "dossiers", "items", "typed_values"}) {
    if (!changed_since.contains(table)) continue;
    row.note += "; not compared with the archive's, which has taken in more since";
    return row;
  }
  const PageIndex living = PageIndex::open_reader(archive.index(settings.store.index_folder));
  if (living.page_numbers() != made.page_numbers()) {
    row.differences.push_back("the archive's own index has other pages");
  }
  const std::vector<std::string> queries = queries_of(records);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (asked(living, queries[i]) == asked(made, queries[i])) continue;
    row.differences.push_back(
        fmt::format("query {} of {} finds other pages", i + 1, queries.size()));
  }
  row.note += fmt::format("; {} queries find the same in both", queries.size());
  return row;
}

void shorten(DrillRow& row) {
  if (row.differences.size() <= kShownMost) return;
  const std::size_t more = row.differences.size() - kShownMost;
  row.differences.resize(kShownMost);
  row.differences.push_back(fmt::format("and {} more", more));
}

}  // namespace

std::int64_t DrillReport::differences() const {
  std::int64_t all = 0;
  for (const DrillRow& row : rows) all += static_cast<std::int64_t>(row.differences.size());
  return all;
}

DrillReport drill(const ArchiveFolder& archive, const Settings& settings,
                  const BackupRepository& repository, const std::string& id, const fs::path& folder,
                  int threads, const std::atomic<bool>* stop, const BackupProgress& progress) {
  const Clock::time_point start = Clock::now();
  DrillReport report;
  const DrillFolder place(folder);
  report.manifest = restore_backup(repository, id, place.path(), threads, stop, progress);
  report.restore_seconds = seconds_since(start);
  const ArchiveFolder restored = ArchiveFolder::open(place.path());
  report.rows.push_back(drill_objects(place.path(), threads));
  report.rows.push_back(drill_ledger(place.path()));
  std::set<std::string> changed_since;
  report.rows.push_back(drill_records(archive.path(), place.path(), changed_since));
  report.rows.push_back(drill_files(archive.path(), place.path(), report.manifest));
  report.rows.push_back(drill_index(archive, settings, restored, changed_since, *stop));
  for (DrillRow& row : report.rows) shorten(row);
  report.seconds = seconds_since(start);
  return report;
}

}  // namespace archive
