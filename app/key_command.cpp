#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/custody_support.h"
#include "app/security_commands.h"
#include "app/writing.h"
#include "core/error.h"
#include "store/archive_folder.h"
#include "store/lifecycle/security.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

ArchiveFolder encrypted_archive(const KeyOptions& options) {
  ArchiveFolder folder = ArchiveFolder::open(options.archive);
  if (folder.encrypted()) return folder;
  throw ArchiveError(ErrorKind::usage, folder.path().string(),
                     "the archive is not encrypted, and has no keys",
                     "`juanzong init --encrypt` makes one that is");
}

Records writer(const ArchiveFolder& folder, const KeyOptions& options, std::string_view command) {
  return Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), command, options.reason));
}

std::string_view name_of_way(std::string_view kind, const Console& say) {
  if (kind == "keyfile") return say("密钥文件", "key file");
  if (kind == "passphrase") return say("口令", "passphrase");
  return say("恢复密钥", "recovery key");
}

}  // namespace

int run_key_list(const KeyOptions& options, const Console& say) {
  const ArchiveFolder folder = encrypted_archive(options);
  std::vector<std::string> problems = key_problems(folder.path());
  std::ranges::copy(unfinished_key_changes(folder.path()), std::back_inserter(problems));
  Json ways = Json::array();
  for (const KeySlots::WayIn& way : key_slots_of(folder.path()).ways_in()) {
    ways.push_back({{"kind", way.kind}, {"file", way.file.filename().string()}});
    if (say.json()) continue;
    say.result(
        fmt::format("{}  keys/{}", name_of_way(way.kind, say), way.file.filename().string()));
  }
  if (say.json()) {
    say.result(Json{{"ways", std::move(ways)}, {"problems", problems}}.dump());
  } else {
    for (const std::string& problem : problems) {
      say.result(fmt::format("{} {}", say("问题", "PROBLEM"), problem));
    }
  }
  return problems.empty() ? 0 : static_cast<int>(ErrorKind::damage);
}

int run_key_change(const KeyOptions& options, const Console& say) {
  const ArchiveFolder folder = encrypted_archive(options);
  if (!options.fresh.named()) {
    throw ArchiveError(ErrorKind::usage, "key change", "no new key was named",
                       "add --new-key-file or --new-passphrase-file");
  }
  Records records = writer(folder, options, "key change");
  Security security(records);
  security.require_right();
  if (!options.fresh.key_file.empty() && !std::filesystem::exists(options.fresh.key_file)) {
    make_key_file(options.fresh.key_file);
  }
  key_slots_of(folder.path())
      .put(keys_of(folder.path())->master, options.fresh, {}, real_disk(),
           [&security](std::string_view kind) { security.note_keys_changing(kind); });
  if (!options.fresh.key_file.empty()) security.note_keys_changed("keyfile");
  if (!options.fresh.passphrase_file.empty()) security.note_keys_changed("passphrase");
  if (say.json()) {
    say.result(Json{{"changed", true}}.dump());
  } else {
    say.result(say("已更换，对象与记录未改写；旧的不再有效",
                   "changed; no object was rewritten, and the old one opens nothing any more"));
    say.note(say("备份与副本在下一次运行时得到新的密钥槽",
                 "backups and replicas get it with their next run"));
  }
  return 0;
}

int run_key_recovery(const KeyOptions& options, const Console& say) {
  const ArchiveFolder folder = encrypted_archive(options);
  Records records = writer(folder, options, "key recovery");
  Security security(records);
  security.require_right();
  security.note_keys_changing("recovery");
  key_slots_of(folder.path())
      .put_recovery(keys_of(folder.path())->master, real_disk(),
                    [&say](const std::string& key) { show_new_recovery_key(key, say); });
  security.note_keys_changed("recovery");
  return 0;
}

}  // namespace archive
