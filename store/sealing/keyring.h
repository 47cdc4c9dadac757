#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/sealing/key_slots.h"
#include "store/sealing/secret.h"

// The keys of the encrypted archives that this process works on. Whatever opens a part of an
// archive asks here, so that no command can forget the key, and an archive's passphrase is asked
// for once.
//
//     keys/mark          which archive's keys these are
//     keys/<kind>-<id>   the master key under one way in (store/sealing/key_slots.h)
//
// A folder with such a mark is encrypted: an archive, one of its replicas, a copy of its records.

namespace archive {

/// The keys made of an archive's master key, one for each use.
struct ArchiveKeys {
  explicit ArchiveKeys(const Secret& master_key);

  Secret master;
  Secret names;    ///< of objects
  Secret objects;  ///< their bytes
  Secret records;  ///< the pages of the database
  Secret ledger;   ///< the key that signs heads
};
using ArchiveKeysPtr = std::shared_ptr<const ArchiveKeys>;

/// How this process opens archives; `ask` gives a way in when none is named. Said once, before a
/// command runs.
void unlock_by(const KeySource& source, std::function<KeySource()> ask = {});

/// Whether this folder's contents are encrypted.
bool is_encrypted(const std::filesystem::path& folder);

/// The keys of a folder, nothing when it is not encrypted. From then on this process leaves no core
/// file. Throws ArchiveError{wrong_key} when the way in does not open it or none was named,
/// {damage} when its keys are damaged.
ArchiveKeysPtr keys_of(const std::filesystem::path& folder);

/// Makes the keys of a new archive in its folder and returns its recovery key, which is kept
/// nowhere else. Goes on with those that an interrupted one left, when `source` opens them.
std::string begin_keys(const std::filesystem::path& folder, const KeySource& source,
                       const PassphraseCost& cost = {});

/// The ways into an encrypted folder. REQUIRES: is_encrypted().
KeySlots key_slots_of(const std::filesystem::path& folder);

/// Makes another folder encrypted by the same keys. `ways_in`: it can be opened on its own.
void share_keys(const std::filesystem::path& from, const std::filesystem::path& to, bool ways_in);

/// For a restore: the keys of a folder whose mark is there, by their master.
void add_keys(const std::filesystem::path& folder, const Secret& master);

/// What is wrong with the keys of a folder; empty: nothing, or it is not encrypted.
std::vector<std::string> key_problems(const std::filesystem::path& folder);
/// Changes of keys that were stopped, or are being made: the way in that was to go opens still.
std::vector<std::string> unfinished_key_changes(const std::filesystem::path& folder);

}  // namespace archive
