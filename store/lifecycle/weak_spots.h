#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "core/blob_id.h"
#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

// What a look for weaknesses (安全自查, R15) asks. Each question is about this archive on this
// machine; what the bytes themselves are like is `juanzong verify`.

namespace archive {

/// Something weak. `kind` is stable:
///
///     not_encrypted          neither the archive nor its disk is encrypted
///     index_open             the index of an encrypted archive lies plain on a plain disk
///     inbox_open             so do scans that wait in its inbox
///     keys_damaged           a way into the archive is damaged, or there is no recovery key
///     key_change_stopped     a way in that was to be replaced opens still
///     swap_open              memory may be swapped to a plain disk
///     dumps_allowed          this process would leave a core file
///     memory_not_locked      keys may be swapped (remark)
///     mode_open              others may read or write it
///     key_beside_archive     a key lies in the archive, or on the disk of what it opens (remark)
///     fsync_off, heads_not_outside, no_second_copy, no_malware_scanner    weak settings
///     overdue                an alarm of custody (store/custody/alarms.h)
///     post_unused            a user has a post and did nothing by it for long
///     agreement_ended        an outside helper's account goes on after the agreement's last day
///     no_password            a user who can act from this machine's account alone (remark)
///     refusals               somebody was refused several times
struct WeakSpot {
  std::string kind;
  bool weak = true;  ///< false: a remark
  std::string where;
  std::string zh, en;  ///< what, and what to do
};

std::vector<WeakSpot> look_for_weak_spots(const ArchiveFolder& folder, const Settings& settings,
                                          Records& records, const std::string& now);

/// The program of this version, the kernel, and the files of the libraries that are loaded now.
std::vector<std::string> components_in_use(std::string_view version);

/// A look that was taken, as it is filed and told.
struct Selfcheck {
  std::string made_at, made_by;
  std::vector<WeakSpot> spots;
  std::vector<std::string> components;

  std::int64_t weak() const;  ///< spots that are no mere remarks
  std::string json() const;   ///< the report, with a line's end
};

/// Files a look in the name of whoever writes, who becomes its made_by (R15).
BlobId file_selfcheck(Selfcheck& selfcheck, Records& records, ObjectStore& objects);

}  // namespace archive
