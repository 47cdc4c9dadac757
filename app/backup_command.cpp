#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/backup_record.h"
#include "app/commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "store/custody/backup.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json manifest_json(const std::string& id, const BackupManifest& manifest) {
  return {{"backup", id},
          {"taken_at", manifest.taken_at},
          {"entries", manifest.entries},
          {"objects", manifest.objects},
          {"bytes", manifest.bytes},
          {"lacking", manifest.lacking}};
}

void print_manifest(const std::string& id, const BackupManifest& manifest, const Console& say) {
  say.result(fmt::format(
      "{}  {}  {} {}, {}, {} {}{}", id, manifest.taken_at, manifest.objects,
      say("个对象", "objects"), mebibytes(manifest.bytes), manifest.entries,
      say("条账目", "ledger entries"),
      manifest.lacking == 0 ? "" : fmt::format("; {} {}", say("缺", "lacking"), manifest.lacking)));
}

std::string unreadable_line(const std::string& id, const Console& say) {
  return fmt::format("{}  {}", id, say("损坏：无法读取", "DAMAGED: it cannot be read"));
}

BackupProgress progress_on(const Console& say, std::string_view zh, std::string_view en) {
  return [&say, zh, en](std::int64_t objects, std::int64_t bytes) {
    say.progress(fmt::format("{} {}  {}", say(zh, en), objects, mebibytes(bytes)));
  };
}

}  // namespace

int run_backup_init(const BackupOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records::upgrade(folder.path(), writing_by(settings, "backup init"));
  const Records records = Records::open_reader(folder.path());
  if (!options.medium.empty()) require_medium(records, options.medium);
  const KeySource source = key_for(options.key, settings);
  if (source.key_file.empty() && source.passphrase_file.empty()) {
    throw ArchiveError(ErrorKind::usage, "backup init", "no key was named",
                       "add --key-file or --passphrase-file, or set [custody] backup_key_file");
  }
  if (!source.key_file.empty() && !std::filesystem::exists(source.key_file)) {
    make_key_file(source.key_file);
  }
  const std::string recovery =
      BackupRepository::begin(options.place, records.archive_id(), options.medium, source);
  if (say.json()) {
    say.result(Json{{"recovery_key", recovery}}.dump());
    return 0;
  }
  say.result(fmt::format("{}: {}", say("恢复密钥", "recovery key"), recovery));
  say.note(
      say("请抄写恢复密钥并与介质分开保管：它不再显示。密钥文件、口令、恢复密钥都丢失时，备份无法打"
          "开。",
          "Write the recovery key down and keep it apart from the medium: it is not shown "
          "again. Without key file, passphrase and recovery key nothing opens the backups."));
  return 0;
}

int run_backup_run(const BackupOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Records::Writing writing = writing_by(settings, "backup run", "a copy for safe keeping");
  Records::upgrade(folder.path(), writing);
  // Signs what is not signed yet, where nobody else writes; he does it himself otherwise.
  if (auto records = writer_when_free(folder, writing, std::chrono::seconds(0))) {
    records->settle_ledger();
  }
  BackupRepository repository(options.place, key_for(options.key, settings));
  const std::atomic<bool>& stop = stop_on_signals();
  const BackupOutcome outcome =
      back_up(folder, repository, &stop, progress_on(say, "已备份对象", "objects backed up"));
  say.end_progress();
  if (outcome.id.empty()) {
    throw ArchiveError(ErrorKind::interrupted, options.place.string(), "the backup was stopped",
                       "give the same command again, it goes on where it stopped");
  }
  const bool known = record_backups(folder, writing, repository, outcome.defects);
  if (say.json()) {
    Json json = manifest_json(outcome.id, outcome.manifest);
    json["copied"] = outcome.copied;
    json["copied_bytes"] = outcome.copied_bytes;
    json["written_down"] = known;
    Json lacking = Json::array();
    for (const FoundDefect& found : outcome.defects) lacking.push_back(found.object.text());
    json["lacking_objects"] = std::move(lacking);
    say.result(json.dump());
  } else {
    print_manifest(outcome.id, outcome.manifest, say);
    say.result(fmt::format("{}: {} {}, {}", say("本次复制", "copied now"), outcome.copied,
                           say("个对象", "objects"), mebibytes(outcome.copied_bytes)));
    for (const FoundDefect& found : outcome.defects) {
      say.result(fmt::format("{} {}  {}", say("缺陷", "DEFECT"), name_of(found.defect),
                             found.object.text()));
    }
  }
  if (!known) tell_not_recorded(say);
  return outcome.defects.empty() ? 0 : static_cast<int>(ErrorKind::damage);
}

int run_backup_list(const BackupOptions& options, const Console& say) {
  const Settings settings = settings_if_any(options.archive);
  const BackupRepository repository(options.place, key_for(options.key, settings));
  Json list = Json::array();
  bool whole = true;
  for (const std::string& id : repository.backups()) {
    const auto manifest = manifest_if_whole(repository, id);
    std::error_code error;
    // Taken away since its name was read.
    if (!manifest && !fs::exists(repository.folder() / repository.place_of_backup(id), error)) {
      continue;
    }
    whole = whole && manifest;
    if (say.json()) {
      Json json = manifest ? manifest_json(id, *manifest) : Json{{"backup", id}};
      json["damaged"] = !manifest;
      list.push_back(std::move(json));
    } else if (manifest) {
      print_manifest(id, *manifest, say);
    } else {
      say.result(unreadable_line(id, say));
    }
  }
  if (say.json()) say.result(list.dump());
  return whole ? 0 : static_cast<int>(ErrorKind::damage);
}

int run_backup_verify(const BackupOptions& options, const Console& say) {
  const Settings settings = settings_if_any(options.archive);
  BackupRepository repository(options.place, key_for(options.key, settings));
  BackupVerification result = verify_place(repository, options, settings, say);
  find_missing_backups(options.archive, repository, result);
  const bool known =
      record_verification(options.archive, settings, repository, result, "backup verify");
  tell_verification(result, known, say);
  if (!result.complete) return static_cast<int>(ErrorKind::interrupted);
  return result.sound() ? 0 : static_cast<int>(ErrorKind::damage);
}

int run_backup_restore(const BackupOptions& options, const Console& say) {
  const Settings settings = settings_if_any(options.archive);
  const BackupRepository repository(options.place, key_for(options.key, settings));
  const std::atomic<bool>& stop = stop_on_signals();
  const BackupManifest manifest =
      restore_backup(repository, options.id, options.to, threads_or_cores(options.threads), &stop,
                     progress_on(say, "已恢复对象", "objects restored"));
  say.end_progress();
  if (say.json()) {
    say.result(manifest_json(options.id, manifest).dump());
    return 0;
  }
  say.result(fmt::format("{}: {}", say("已恢复到", "restored to"), options.to.string()));
  say.note(
      say("下一步：juanzong verify 与 juanzong ledger 核对，juanzong index rebuild "
          "重建索引；确认无误后再代替原库",
          "next: check it by juanzong verify and juanzong ledger, make the index by juanzong "
          "index rebuild; then put it in the place of the other one"));
  if (manifest.lacking > 0) {
    say.note(fmt::format("{}: {}", say("备份时已缺的对象", "objects it lacked when it was made"),
                         manifest.lacking));
  }
  return 0;
}

int run_backup_prune(const BackupOptions& options, const Console& say) {
  const Settings settings = settings_if_any(options.archive);
  BackupRepository repository(options.place, key_for(options.key, settings));
  const std::string now = timestamp_now();
  PruneOutcome outcome = prune_backups(repository, options.keep, options.keep_days, now, true);
  bool known = true;
  if (!options.dry_run) {
    if (!record_pruned(options.archive, settings, repository, outcome.removed)) {
      throw ArchiveError(ErrorKind::archive_locked, options.archive.string(),
                         "another process writes to the archive, and what is taken away could not "
                         "be written down",
                         "run it again when it has ended; nothing was taken away");
    }
    const std::vector<std::string> written_down = outcome.removed;
    outcome = prune_backups(repository, options.keep, options.keep_days, now, false);
    // A backup that was made in between moves one more out.
    if (outcome.removed != written_down) {
      known = record_pruned(options.archive, settings, repository, outcome.removed);
    }
  }
  if (say.json()) {
    say.result(Json{{"kept", outcome.kept},
                    {"removed", outcome.removed},
                    {"unreadable", outcome.unreadable},
                    {"files", outcome.files},
                    {"bytes", outcome.bytes},
                    {"dry_run", options.dry_run}}
                   .dump());
  } else {
    for (const std::string& id : outcome.removed) {
      say.result(fmt::format(
          "{} {}", options.dry_run ? say("将删除", "would remove") : say("已删除", "removed"), id));
    }
    for (const std::string& id : outcome.unreadable) say.result(unreadable_line(id, say));
    say.result(fmt::format("{} {}, {} {} ({})", say("保留", "kept"), outcome.kept.size(),
                           say("删除数据文件", "files of data taken away"), outcome.files,
                           mebibytes(outcome.bytes)));
  }
  if (!known) tell_not_recorded(say);
  if (outcome.unreadable.empty()) return 0;
  say.note(say("有备份无法读取，不知其需要哪些数据：未删除任何数据。请运行 juanzong backup verify；"
               "放弃这些备份用 --set-aside",
               "backups cannot be read, and nobody knows what they need: no data was taken away. "
               "Run `juanzong backup verify`; with --set-aside it gives them up"));
  return static_cast<int>(ErrorKind::damage);
}

int run_backup_rekey(const BackupOptions& options, const Console& say) {
  if (!options.new_key.named() && !options.new_recovery) {
    throw ArchiveError(ErrorKind::usage, "backup rekey", "no new key was named",
                       "add --new-key-file, --new-passphrase-file or --new-recovery");
  }
  const Settings settings = settings_if_any(options.archive);
  const BackupRepository repository(options.place, key_for(options.key, settings));
  const WriterLock lock = repository.lock();
  if (!options.new_key.key_file.empty() && !std::filesystem::exists(options.new_key.key_file)) {
    make_key_file(options.new_key.key_file);
  }
  repository.keys().put(repository.master(), options.new_key);
  if (options.new_recovery) {
    repository.keys().put_recovery(
        repository.master(), real_disk(),
        [&say](const std::string& key) { show_new_recovery_key(key, say); });
  } else if (say.json()) {
    say.result(Json{{"recovery_key", ""}}.dump());
  }
  if (!say.json()) {
    say.result(say("已更换密钥，备份数据未改写", "keys changed; no data was rewritten"));
  }
  return 0;
}

}  // namespace archive
