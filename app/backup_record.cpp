#include "app/backup_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/writing.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

bool is_of(const std::filesystem::path& archive, const BackupRepository& repository) {
  if (!ArchiveFolder::is_marked(archive)) return false;
  return Records::open_reader(archive).archive_id() == repository.mark().archive;
}

void put_unknown(Records& records, const BackupRepository& repository) {
  const auto known = records.backups();
  for (const std::string& id : repository.backups()) {
    if (std::ranges::find(known, id, &BackupRecord::id) != known.end()) continue;
    const auto manifest = manifest_if_whole(repository, id);
    if (!manifest) continue;
    records.put_backup({id, repository.mark().repository, repository.mark().medium,
                        manifest->taken_at, manifest->entries, manifest->objects, manifest->bytes,
                        manifest->lacking, "", false, ""});
  }
}

}  // namespace

Settings settings_if_any(const std::filesystem::path& archive) {
  if (!ArchiveFolder::is_marked(archive)) return {};
  return read_settings(ArchiveFolder::open(archive).settings_file());
}

void require_medium(const Records& records, const std::string& medium) {
  for (const Medium& known : records.media()) {
    if (known.id == medium && known.retired_at.empty()) return;
  }
  throw ArchiveError(ErrorKind::not_found, medium, "there is no medium of this id in use",
                     "register it: `juanzong medium add ID --site ... --keeper ...`");
}

bool record_backups(const ArchiveFolder& folder, const Records::Writing& writing,
                    const BackupRepository& repository, const std::vector<FoundDefect>& defects) {
  auto records = writer_when_free(folder, writing, kWriterPatience);
  if (!records) return false;
  put_unknown(*records, repository);
  if (!defects.empty()) records->put_defects(defects);
  return true;
}

BackupVerification verify_place(BackupRepository& repository, const BackupOptions& options,
                                const Settings& settings, const Console& say) {
  BackupCheck check;
  check.threads = threads_or_cores(options.threads);
  check.set_aside = options.set_aside;
  check.stop = &stop_on_signals();
  std::optional<SourceReading> reading;
  if (!options.no_decode) {
    reading.emplace(settings, check.threads);
    check.readable = reading->function();
  }
  check.progress = [&say](std::int64_t objects, std::int64_t bytes) {
    say.progress(fmt::format("{} {}  {}", say("已读回对象", "objects read back"), objects,
                             mebibytes(bytes)));
  };
  std::optional<WriterLock> lock;
  if (check.set_aside) lock.emplace(repository.lock());
  BackupVerification result = verify_backups(repository, check);
  say.end_progress();
  return result;
}

void find_missing_backups(const std::filesystem::path& archive, const BackupRepository& repository,
                          BackupVerification& result) {
  if (!result.complete || !is_of(archive, repository)) return;
  const std::vector<BackupRecord> registered = Records::open_reader(archive).backups();
  // After the records: a backup is there before it is registered.
  std::vector<std::string> there = repository.backups();
  std::ranges::copy(repository.backups_set_aside(), std::back_inserter(there));
  repository.require_present();
  for (const BackupRecord& known : registered) {
    if (known.repository != repository.mark().repository || !known.pruned_at.empty()) continue;
    if (std::ranges::find(there, known.id) != there.end()) continue;
    if (std::ranges::find(result.backups, known.id, &VerifiedBackup::id) != result.backups.end()) {
      continue;
    }
    result.findings.push_back({"missing", "", repository.place_of_backup(known.id).string(),
                               "a backup that was made is gone"});
  }
}

bool record_verification(const std::filesystem::path& archive, const Settings& settings,
                         const BackupRepository& repository, const BackupVerification& result,
                         std::string_view command) {
  if (!result.complete || !is_of(archive, repository)) return true;
  const ArchiveFolder folder = ArchiveFolder::open(archive);
  const Records::Writing writing =
      writing_by(settings, command, "check that the copy can be read back");
  auto records = writer_when_free(folder, writing, kWriterPatience);
  if (!records) return false;
  put_unknown(*records, repository);
  const std::vector<std::string> there = repository.backups();
  const std::vector<std::string> given_up = repository.backups_set_aside();
  for (const BackupRecord& known : records->backups()) {
    if (known.repository != repository.mark().repository || !known.pruned_at.empty()) continue;
    if (std::ranges::find(given_up, known.id) != given_up.end()) {
      records->note_backup_pruned(known.id);
      continue;
    }
    const auto found = std::ranges::find(result.backups, known.id, &VerifiedBackup::id);
    const bool was_read = found != result.backups.end();
    // It came meanwhile: the next verification reads it.
    if (!was_read && std::ranges::find(there, known.id) != there.end()) continue;
    records->note_backup_verified(known.id, was_read && found->sound);
  }
  std::string copy;
  for (const VerifiedBackup& backup : result.backups) {
    if (backup.sound) copy = backup.manifest.taken_at;
  }
  const std::string& medium = repository.mark().medium;
  if (!medium.empty()) {
    records->read_back(medium, result.sound(), copy, records->writes_as());
  }
  return true;
}

bool record_pruned(const std::filesystem::path& archive, const Settings& settings,
                   const BackupRepository& repository, const std::vector<std::string>& removed) {
  if (removed.empty() || !is_of(archive, repository)) return true;
  const ArchiveFolder folder = ArchiveFolder::open(archive);
  auto records = writer_when_free(
      folder, writing_by(settings, "backup prune", "older backups make room"), kWriterPatience);
  if (!records) return false;
  for (const std::string& id : removed) records->note_backup_pruned(id);
  return true;
}

/// Where nothing could be read back, nothing is proved: an archive without a page, or no backup.
std::string_view verdict_of(const BackupVerification& result, const Console& say) {
  if (result.sound()) return say("完好", "sound");
  if (!result.findings.empty()) return say("有损坏", "DAMAGED");
  return say("没有可读回的内容", "there was nothing to read back");
}

void tell_verification(const BackupVerification& result, bool written_down, const Console& say) {
  if (say.json()) {
    Json findings = Json::array();
    for (const BackupFinding& finding : result.findings) {
      findings.push_back({{"kind", finding.kind},
                          {"object", finding.object},
                          {"where", finding.where},
                          {"what", finding.what}});
    }
    Json backups = Json::array();
    for (const VerifiedBackup& backup : result.backups) {
      backups.push_back({{"backup", backup.id}, {"sound", backup.sound}});
    }
    say.result(Json{{"sound", result.sound()},
                    {"objects", result.objects},
                    {"bytes", result.bytes},
                    {"decoded", result.decoded},
                    {"unneeded", result.unneeded},
                    {"backups", std::move(backups)},
                    {"findings", std::move(findings)},
                    {"written_down", written_down}}
                   .dump());
  } else {
    for (const BackupFinding& finding : result.findings) {
      say.result(fmt::format("{} {}  {}  {}", say("损坏", "DAMAGE"), finding.kind, finding.object,
                             finding.where));
      say.result("    " + finding.what);
    }
    for (const VerifiedBackup& backup : result.backups) {
      say.result(fmt::format("{}  {}", backup.id,
                             backup.sound ? say("完好", "sound") : say("有损坏", "DAMAGED")));
    }
    say.result(fmt::format("{}: {} {}, {}, {} {}", verdict_of(result, say),
                           result.objects, say("个对象已读回", "objects read back"),
                           mebibytes(result.bytes), say("其中已解码", "decoded"), result.decoded));
  }
  if (!written_down) tell_not_recorded(say);
}

void tell_not_recorded(const Console& say) {
  say.note(say("档案库正被写入，本次结果未登记：对备份本身没有影响，下次运行备份命令时补登",
               "not written down, because another process writes to the archive: the backup itself "
               "is whole, and the next backup command writes it down"));
}

}  // namespace archive
