#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/backup_record.h"
#include "app/commands.h"
#include "app/custody_support.h"
#include "app/writing.h"
#include "core/calendar.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

void print_medium(const Medium& medium, const Console& say) {
  say.result(fmt::format("{}  {} {}  {} {}  {} {}{}", medium.id, medium.site, medium.place,
                         say("保管人", "keeper"), medium.keeper, say("应读回", "read back by"),
                         medium.read_back_due,
                         medium.retired_at.empty() ? "" : say("  已停用", "  retired")));
  if (medium.read_back_at.empty()) return;
  say.result(
      fmt::format("    {} {} {}: {}", say("上次读回", "last read back"),
                  medium.read_back_at.substr(0, 10), medium.read_back_by,
                  medium.result == "sound" ? say("完好", "sound") : say("有损坏", "DAMAGED")));
}

Medium registered(const Records& records, const std::string& id) {
  for (const Medium& medium : records.media()) {
    if (medium.id == id) return medium;
  }
  return {};
}

}  // namespace

int run_medium_add(const MediumOptions& options, const Console& say) {
  if (!options.due.empty() && !Date::parse(options.due)) {
    throw ArchiveError(ErrorKind::usage, "medium add --due " + options.due, "this is no day",
                       "write it as 2027-06-30");
  }
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records records = Records::open_writer(
      folder.path(), writing_by(settings, "medium add", "a medium that holds copies"));
  Medium medium;
  medium.id = options.id;
  medium.site = options.site;
  medium.place = options.place;
  medium.keeper = options.keeper;
  medium.read_back_days = options.days;
  if (!options.due.empty()) medium.read_back_due = Date::parse(options.due)->text();
  try {
    records.put_medium(medium);
  } catch (const std::invalid_argument& error) {
    throw ArchiveError(ErrorKind::usage, "medium add", error.what(), "add --site and --keeper");
  }
  if (say.json()) {
    say.result(medium_json(registered(records, options.id)).dump());
  } else {
    print_medium(registered(records, options.id), say);
  }
  return 0;
}

int run_medium_list(const MediumOptions& options, const Console& say) {
  const Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  Json list = Json::array();
  const std::vector<Medium> media = records.media();
  say.none_if(media.empty());
  for (const Medium& medium : media) {
    if (say.json()) {
      list.push_back(medium_json(medium));
    } else {
      print_medium(medium, say);
    }
  }
  if (say.json()) say.result(list.dump());
  return 0;
}

int run_medium_read_back(const MediumOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  require_medium(Records::open_reader(folder.path()), options.id);
  BackupRepository repository(options.folder, key_for(options.key, settings));
  if (repository.mark().medium != options.id) {
    throw ArchiveError(ErrorKind::archive_foreign, options.folder.string(),
                       "the backups here belong to the medium '" + repository.mark().medium + "'",
                       "put in the medium you named, or name the one that is in");
  }
  BackupOptions verifying;
  verifying.threads = options.threads;
  BackupVerification result = verify_place(repository, verifying, settings, say);
  find_missing_backups(folder.path(), repository, result);
  const bool known =
      record_verification(folder.path(), settings, repository, result, "medium read-back");
  tell_verification(result, known, say);
  if (!result.complete) return static_cast<int>(ErrorKind::interrupted);
  if (!known) return static_cast<int>(ErrorKind::archive_locked);
  return result.sound() ? 0 : static_cast<int>(ErrorKind::damage);
}

int run_medium_retire(const MediumOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records records =
      Records::open_writer(folder.path(), writing_by(settings, "medium retire", options.reason));
  require_medium(records, options.id);
  records.retire_medium(options.id);
  if (say.json()) {
    say.result(medium_json(registered(records, options.id)).dump());
  } else {
    print_medium(registered(records, options.id), say);
  }
  return 0;
}

}  // namespace archive
