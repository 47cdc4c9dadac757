#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/console.h"
#include "config/settings.h"
#include "store/archive_folder.h"
#include "store/custody/backup.h"
#include "store/records/records.h"

// What the records are told of backups and media. A backup is whole without it, and what could not
// be written down because another process was writing is written down by the next command.

namespace archive {

/// The settings of an archive that may be gone: a backup is also opened where there is none.
Settings settings_if_any(const std::filesystem::path& archive);

/// Throws ArchiveError{not_found} for a medium that is not registered.
void require_medium(const Records& records, const std::string& medium);

/// Writes down the backups of a repository that the records do not know, and defects found with it.
bool record_backups(const ArchiveFolder& folder, const Records::Writing& writing,
                    const BackupRepository& repository, const std::vector<FoundDefect>& defects);

/// Opens, hashes and decodes everything in a repository as the options say, with progress.
BackupVerification verify_place(BackupRepository& repository, const BackupOptions& options,
                                const Settings& settings, const Console& say);

/// Backups that the records say should be there and are not become findings. One that was made
/// while this verification went on is left to the next.
void find_missing_backups(const std::filesystem::path& archive, const BackupRepository& repository,
                          BackupVerification& result);

/// Writes down how the backups were found; a verification is a read-back of the medium the
/// repository is on. True when there is nothing to write down: no archive, or one of another
/// repository.
bool record_verification(const std::filesystem::path& archive, const Settings& settings,
                         const BackupRepository& repository, const BackupVerification& result,
                         std::string_view command);

/// REQUIRES: before they are taken away. What a kill then leaves is taken away by the next prune;
/// the other way round they would ring as damaged for ever.
bool record_pruned(const std::filesystem::path& archive, const Settings& settings,
                   const BackupRepository& repository, const std::vector<std::string>& removed);

void tell_verification(const BackupVerification& result, bool written_down, const Console& say);
void tell_not_recorded(const Console& say);

}  // namespace archive
