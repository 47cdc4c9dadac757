#include <stdexcept>

#include "core/timestamp.h"
#include "store/objects/digest.h"
#include "store/records/json_text.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr std::size_t kArchiveIdDigits = 16;

constexpr SqlPart kTasks =
    "SELECT task, object, place, defect, detail, found_at, state = 'open', outcome, closed_at, "
    "closed_by, method, reason FROM custody_tasks ";

CustodyTask task_of(Rows& row) {
  return {row.integer(), row.text(), row.text(), row.text(), row.text(), row.text(),
          row.flag(),    row.text(), row.text(), row.text(), row.text(), row.text()};
}

/// The number of a new task; 0 when it is known.
TaskNumber put_defect(Records::Impl& impl, const FoundDefect& found) {
  Database& database = impl.database;
  const std::string_view object = found.object.text();
  const std::string_view kind = name_of(found.defect);
  Rows last = database.query(
      "SELECT task, defect, state = 'open', outcome = 'accepted' FROM custody_tasks "
      "WHERE object = $1 AND place = $2 ORDER BY task DESC LIMIT 1",
      {object, found.place});
  if (last.next()) {
    const TaskNumber known = last.integer();
    const bool same = last.text() == kind;
    const bool open = last.flag();
    const bool accepted = last.flag();
    if (same && (open || accepted)) return 0;
    if (open) {
      database.execute("UPDATE custody_tasks SET defect = $2, detail = $3 WHERE task = $1",
                       {known, kind, found.detail});
      impl.note("defect_changed", "custody_task", known, json_object({{"defect", kind}}));
      return 0;
    }
  }
  const TaskNumber number = database.number(
      "INSERT INTO custody_tasks (object, place, defect, detail, found_at) "
      "VALUES ($1, $2, $3, $4, $5) RETURNING task",
      {object, found.place, kind, found.detail, timestamp_now()});
  impl.note("defect_found", "custody_task", number,
            json_object({{"object", object}, {"defect", kind}}));
  return number;
}

std::vector<TaskNumber> put_all(Records::Impl& impl, const std::vector<FoundDefect>& defects) {
  std::vector<TaskNumber> fresh;
  for (const FoundDefect& found : defects) {
    if (const TaskNumber number = put_defect(impl, found); number != 0) fresh.push_back(number);
  }
  return fresh;
}

std::string day_after(const std::string& timestamp, int days) {
  const auto moment = parse_iso8601(timestamp);
  return iso8601(*moment + std::chrono::days(days), {}).substr(0, 10);
}

}  // namespace

std::string Records::archive_id() const {
  Rows rows =
      impl_->database.query("SELECT happened_at, changes FROM events ORDER BY event LIMIT 1");
  if (!rows.next()) return "";
  DigestCounter counter(DigestKind::sha256);
  counter.add("juanzong archive " + rows.text() + "\n");
  counter.add(rows.bytes());
  return hex_of(counter.finish()).substr(0, kArchiveIdDigits);
}

std::string Records::begun_at() const {
  Rows rows = impl_->database.query("SELECT happened_at FROM events ORDER BY event LIMIT 1");
  return rows.next() ? rows.text() : std::string();
}

std::int64_t Records::entries() const {
  return impl_->database.number("SELECT COALESCE(MAX(event), 0) FROM events");
}

void Records::copy_database(const std::filesystem::path& file) const {
  impl_->database.copy_to(file);
}

std::vector<TaskNumber> Records::put_scrubbed(const ScrubbedPart& part,
                                              const std::vector<FoundDefect>& defects) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  std::vector<TaskNumber> fresh = put_all(*impl_, defects);
  impl_->database.execute(
      "INSERT INTO scrubbed_parts (part, scrubbed_at, objects, bytes, defects) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (part) DO UPDATE SET "
      "scrubbed_at = excluded.scrubbed_at, objects = excluded.objects, bytes = excluded.bytes, "
      "defects = excluded.defects",
      {std::int64_t{part.part}, part.scrubbed_at, part.objects, part.bytes, part.defects});
  impl_->note("part_scrubbed", "store_part", part.part,
              json_object({{"objects", part.objects}, {"defects", part.defects}}));
  transaction.commit();
  return fresh;
}

std::vector<TaskNumber> Records::put_defects(const std::vector<FoundDefect>& defects) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  std::vector<TaskNumber> fresh = put_all(*impl_, defects);
  transaction.commit();
  return fresh;
}

void Records::close_task(TaskNumber number, const RepairRecord& repair) {
  if (repair.who.empty() || repair.method.empty() || repair.reason.empty()) {
    throw std::invalid_argument("a repair record says who, by what method and why");
  }
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  const std::string_view outcome = repair.accepted ? "accepted" : "repaired";
  const std::int64_t changed = impl_->database.execute(
      "UPDATE custody_tasks SET state = 'closed', outcome = $2, closed_at = $3, closed_by = $4, "
      "method = $5, reason = $6 WHERE task = $1 AND state = 'open'",
      {number, outcome, timestamp_now(), repair.who, repair.method, repair.reason});
  if (changed == 0) throw std::invalid_argument("there is no open task of this number");
  impl_->note(repair.accepted ? "defect_accepted" : "defect_repaired", "custody_task", number,
              json_object({{"method", repair.method}}));
  transaction.commit();
}

std::vector<CustodyTask> Records::custody_tasks(bool only_open) const {
  Rows rows = only_open
                  ? impl_->database.query(joined<kTasks, "WHERE state = 'open' ORDER BY task">())
                  : impl_->database.query(joined<kTasks, "ORDER BY task">());
  std::vector<CustodyTask> tasks;
  while (rows.next()) tasks.push_back(task_of(rows));
  return tasks;
}

std::optional<CustodyTask> Records::custody_task(TaskNumber number) const {
  Rows rows = impl_->database.query(joined<kTasks, "WHERE task = $1">(), {number});
  if (!rows.next()) return std::nullopt;
  return task_of(rows);
}

std::vector<ScrubbedPart> Records::scrubbed_parts() const {
  std::vector<ScrubbedPart> parts(kStoreParts);
  for (int i = 0; i < kStoreParts; ++i) parts[static_cast<std::size_t>(i)].part = i;
  Rows rows = impl_->database.query(
      "SELECT part, scrubbed_at, objects, bytes, defects FROM scrubbed_parts");
  while (rows.next()) {
    const ScrubbedPart part{rows.small_integer(), rows.text(), rows.integer(), rows.integer(),
                            rows.integer()};
    parts.at(static_cast<std::size_t>(part.part)) = part;
  }
  return parts;
}

void Records::put_medium(const Medium& medium) {
  if (medium.id.empty() || medium.site.empty() || medium.keeper.empty() ||
      medium.read_back_days < 1) {
    throw std::invalid_argument("a medium has an id, a site, a keeper and days until read back");
  }
  const std::string now = timestamp_now();
  const std::string due =
      medium.read_back_due.empty() ? day_after(now, medium.read_back_days) : medium.read_back_due;
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  impl_->database.execute(
      "INSERT INTO media (medium, site, place, keeper, read_back_days, read_back_due, "
      "registered_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (medium) DO UPDATE SET "
      "site = excluded.site, place = excluded.place, keeper = excluded.keeper, "
      "read_back_days = excluded.read_back_days, read_back_due = excluded.read_back_due, "
      "read_back_due = COALESCE(NULLIF($8, ''), media.read_back_due), retired_at = ''",
      {medium.id, medium.site, medium.place, medium.keeper, std::int64_t{medium.read_back_days},
       due, now, medium.read_back_due});
  impl_->note("medium_registered", "medium", 0, json_object({{"medium", medium.id}}));
  transaction.commit();
}

bool Records::read_back(const std::string& medium, bool sound, const std::string& copy_taken_at,
                        const std::string& who) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  const std::string now = timestamp_now();
  Rows known = impl_->database.query(
      "SELECT read_back_days, read_back_due, copy_taken_at FROM media WHERE medium = $1", {medium});
  if (!known.next()) return false;
  const int days = known.small_integer();
  const std::string due = known.text();
  const std::string copy = known.text();
  // What was found damaged is still to be read back soundly by the same day.
  const std::string next = sound ? day_after(now, days) : due;
  impl_->database.execute(
      "UPDATE media SET read_back_at = $2, read_back_by = $3, result = $4, read_back_due = $5, "
      "copy_taken_at = $6 WHERE medium = $1",
      {medium, now, who, sound ? "sound" : "damaged", next,
       sound && !copy_taken_at.empty() ? copy_taken_at : copy});
  impl_->note("medium_read_back", "medium", 0,
              json_object({{"medium", medium}, {"result", sound ? "sound" : "damaged"}}));
  transaction.commit();
  return true;
}

bool Records::retire_medium(const std::string& medium) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  const std::int64_t changed = impl_->database.execute(
      "UPDATE media SET retired_at = $2 WHERE medium = $1 AND retired_at = ''",
      {medium, timestamp_now()});
  if (changed > 0) impl_->note("medium_retired", "medium", 0, json_object({{"medium", medium}}));
  transaction.commit();
  return changed > 0;
}

std::vector<Medium> Records::media() const {
  Rows row = impl_->database.query(
      "SELECT medium, site, place, keeper, read_back_days, read_back_due, read_back_at, "
      "read_back_by, result, copy_taken_at, registered_at, retired_at FROM media "
      "ORDER BY retired_at <> '', medium");
  std::vector<Medium> media;
  while (row.next()) {
    media.push_back({row.text(), row.text(), row.text(), row.text(), row.small_integer(),
                     row.text(), row.text(), row.text(), row.text(), row.text(), row.text(),
                     row.text()});
  }
  return media;
}

void Records::put_backup(const BackupRecord& backup) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  const std::int64_t changed = impl_->database.execute(
      "INSERT INTO backups (backup, repository, medium, taken_at, entries, objects, bytes, "
      "lacking) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (backup) DO NOTHING",
      {backup.id, backup.repository, backup.medium, backup.taken_at, backup.entries, backup.objects,
       backup.bytes, backup.lacking});
  if (changed > 0) {
    impl_->note("backup_made", "backup", 0,
                json_object({{"backup", backup.id}, {"lacking", backup.lacking}}));
  }
  transaction.commit();
}

void Records::note_backup_verified(const std::string& backup, bool sound) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  const std::int64_t changed =
      impl_->database.execute("UPDATE backups SET verified_at = $2, sound = $3 WHERE backup = $1",
                              {backup, timestamp_now(), sound});
  if (changed > 0) {
    impl_->note("backup_verified", "backup", 0,
                json_object({{"backup", backup}, {"result", sound ? "sound" : "damaged"}}));
  }
  transaction.commit();
}

void Records::note_backup_pruned(const std::string& backup) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  const std::int64_t changed = impl_->database.execute(
      "UPDATE backups SET pruned_at = $2 WHERE backup = $1 AND pruned_at = ''",
      {backup, timestamp_now()});
  if (changed > 0) impl_->note("backup_pruned", "backup", 0, json_object({{"backup", backup}}));
  transaction.commit();
}

std::vector<BackupRecord> Records::backups() const {
  Rows row = impl_->database.query(
      "SELECT backup, repository, medium, taken_at, entries, objects, bytes, lacking, verified_at, "
      "sound, pruned_at FROM backups ORDER BY backup");
  std::vector<BackupRecord> backups;
  while (row.next()) {
    backups.push_back({row.text(), row.text(), row.text(), row.text(), row.integer(), row.integer(),
                       row.integer(), row.integer(), row.text(), row.flag(), row.text()});
  }
  return backups;
}

void Records::put_replicated(const ReplicaRecord& replica) {
  RecordedTransaction transaction(*impl_, {Right::operate, Right::manage});
  impl_->database.execute(
      "INSERT INTO replicas (folder, replicated_at, objects, copied) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (folder) DO UPDATE SET replicated_at = excluded.replicated_at, "
      "objects = excluded.objects, copied = excluded.copied",
      {replica.folder, timestamp_now(), replica.objects, replica.copied});
  impl_->note("objects_replicated", "archive", 0,
              json_object({{"objects", replica.objects}, {"copied", replica.copied}}));
  transaction.commit();
}

std::vector<ReplicaRecord> Records::replicas() const {
  Rows row = impl_->database.query(
      "SELECT folder, replicated_at, objects, copied FROM replicas ORDER BY folder");
  std::vector<ReplicaRecord> replicas;
  while (row.next()) {
    replicas.push_back({row.text(), row.text(), row.integer(), row.integer()});
  }
  return replicas;
}

}  // namespace archive
