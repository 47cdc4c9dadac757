#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/console.h"
#include "config/settings.h"
#include "ingest/decoder/decoder_pool.h"
#include "store/archive_folder.h"
#include "store/custody/readable.h"
#include "store/custody/replica.h"
#include "store/records/records.h"
#include "store/sealing/key_slots.h"

// What the commands of custody have in common.

namespace archive {

/// Reads sources by the sandboxed decoder, for whoever asks whether they can be read.
class SourceReading {
 public:
  SourceReading(const Settings& settings, int threads) : pool_(settings.ingest.decode, threads) {}
  /// Lives no longer than this object.
  ReadSource function();

 private:
  DecoderPool pool_;
};

/// The records for writing, as soon as no other process writes; nothing when it does not end in
/// time. Looking at bytes takes hours and needs no lock: only what was found is written down.
inline constexpr std::chrono::seconds kWriterPatience{60};
std::optional<Records> writer_when_free(const ArchiveFolder& folder, const Records::Writing& how,
                                        std::chrono::seconds patience);

/// The replicas of the settings that can be reached; of the others the operator is told.
std::vector<Replica> reachable_replicas(const Settings& settings, const std::string& archive,
                                        const Console& say, bool& all);

/// The way in that was named, or else the key file of the settings.
KeySource key_for(const KeySource& named, const Settings& settings);

/// The master key as the auditor takes it; empty for a plain archive.
std::string master_for_audit(const std::filesystem::path& archive);

/// Prints a new recovery key, which is kept nowhere. Throws ArchiveError{disk} when standard output
/// did not take it.
void show_new_recovery_key(const std::string& key, const Console& say);

int threads_or_cores(int wanted);

std::string mebibytes(std::int64_t bytes);

}  // namespace archive
