#include "store/custody/alarms.h"

#include <algorithm>

#include "core/timestamp.h"

namespace archive {
namespace {

std::string later_of(const std::string& a, const std::string& b) {
  const auto first = parse_iso8601(a);
  const auto second = parse_iso8601(b);
  return !second || (first && *first > *second) ? a : b;
}

class AlarmClock {
 public:
  AlarmClock(const Records& records, const CustodySettings& settings, const std::string& now)
      : records_(records), settings_(settings), now_(now), begun_(records.begun_at()) {}

  std::vector<CustodyAlarm> look() {
    const auto open = records_.custody_tasks(true);
    if (!open.empty()) {
      ring("defects_open", std::to_string(open.size()), open.front().found_at);
    }
    look_at_scrubs();
    look_at_backups();
    look_at_media();
    look_at_replicas();
    return std::move(alarms_);
  }

 private:
  void ring(std::string kind, std::string about, const std::string& since) {
    alarms_.push_back({std::move(kind), std::move(about), since.substr(0, 10)});
  }

  /// True when `moment`, or the beginning of the archive where it is empty, is longer ago.
  bool older(const std::string& moment, int days) const {
    const auto then = parse_iso8601(moment.empty() ? begun_ : moment);
    const auto now = parse_iso8601(now_);
    return then && now && *then + std::chrono::days(days) < *now;
  }

  std::string due_after(const std::string& moment, int days) const {
    const auto then = parse_iso8601(moment.empty() ? begun_ : moment);
    return then ? iso8601(*then + std::chrono::days(days), {}) : std::string();
  }

  void look_at_scrubs() {
    int late = 0;
    std::string oldest;
    for (const ScrubbedPart& part : records_.scrubbed_parts()) {
      if (!older(part.scrubbed_at, settings_.scrub_days)) continue;
      const std::string due = due_after(part.scrubbed_at, settings_.scrub_days);
      if (late++ == 0 || due < oldest) oldest = due;
    }
    if (late > 0) ring("scrub_overdue", std::to_string(late), oldest);
  }

  void look_at_backups() {
    std::string last;
    std::string verified;
    for (const BackupRecord& backup : records_.backups()) {
      if (!backup.pruned_at.empty()) continue;
      last = later_of(last, backup.taken_at);
      if (backup.sound) verified = later_of(verified, backup.verified_at);
      if (!backup.verified_at.empty() && !backup.sound) {
        ring("backup_damaged", backup.id, backup.verified_at);
      }
    }
    if (older(last, settings_.backup_days)) {
      ring("backup_overdue", "", due_after(last, settings_.backup_days));
    }
    if (older(verified, settings_.backup_verify_days)) {
      ring("verify_overdue", "", due_after(verified, settings_.backup_verify_days));
    }
  }

  void look_at_media() {
    bool elsewhere = false;
    int in_use = 0;
    for (const Medium& medium : records_.media()) {
      if (!medium.retired_at.empty()) continue;
      ++in_use;
      if (medium.read_back_due < now_.substr(0, 10)) {
        ring("read_back_overdue", medium.id, medium.read_back_due);
      }
      if (medium.result == "damaged") ring("medium_damaged", medium.id, medium.read_back_at);
      elsewhere = elsewhere || is_second_copy(medium);
    }
    if (elsewhere) return;
    // A new archive is given time to get its first medium; one that has media is not.
    if (in_use > 0 || older("", settings_.second_site_days)) {
      ring("no_second_site", settings_.site, "");
    }
  }

  bool is_second_copy(const Medium& medium) const {
    return !settings_.site.empty() && medium.site != settings_.site && medium.result == "sound" &&
           !medium.copy_taken_at.empty() &&
           !older(medium.copy_taken_at, settings_.second_site_days) &&
           !older(medium.read_back_at, settings_.second_site_days);
  }

  void look_at_replicas() {
    const auto known = records_.replicas();
    for (const auto& folder : settings_.replicas) {
      const auto found = std::ranges::find(known, folder.string(), &ReplicaRecord::folder);
      const std::string last = found == known.end() ? std::string() : found->replicated_at;
      if (!older(last, settings_.backup_days)) continue;
      ring("replica_behind", folder.string(), due_after(last, settings_.backup_days));
    }
  }

  const Records& records_;
  const CustodySettings& settings_;
  const std::string& now_;
  std::string begun_;
  std::vector<CustodyAlarm> alarms_;
};

}  // namespace

std::vector<CustodyAlarm> custody_alarms(const Records& records, const CustodySettings& settings,
                                         const std::string& now) {
  return AlarmClock(records, settings, now).look();
}

}  // namespace archive
