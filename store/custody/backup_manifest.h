#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/blob_id.h"
#include "core/custody.h"

// The texts of a backup (docs/BACKUP_FORMAT.md): what it is made of.

namespace archive {

/// A file of the archive that is no object: the records, the ledger, the settings.
struct BackedUpFile {
  std::string name;  ///< below the archive's folder, such as "ledger/heads"
  unsigned mode = 0640;
  std::uint64_t size_bytes = 0;
  std::optional<BlobId> hash;  ///< of all its bytes
  std::vector<BlobId> pieces;  ///< in their order
};

/// The list of the objects of one part of the store (ScrubbedPart), which is a piece itself.
struct BackedUpList {
  int part = 0;
  std::int64_t objects = 0;
  std::optional<BlobId> piece;
};

struct BackupManifest {
  std::string archive;  ///< Records::archive_id()
  std::string taken_at;
  std::int64_t entries = 0;  ///< of the ledger, in the records of this backup
  std::int64_t objects = 0;  ///< that the records name
  std::int64_t bytes = 0;    ///< of the objects
  std::int64_t lacking = 0;  ///< of the objects: could not be read when it was made
  std::vector<BackedUpFile> files;
  std::vector<BackedUpList> lists;  ///< of the parts that have objects
};

std::string manifest_text(const BackupManifest& manifest);
/// Nothing for a text that manifest_text() did not make.
std::optional<BackupManifest> parse_manifest(std::string_view text);

/// An object of a list.
struct BackedUpObject {
  BlobId blob;
  std::uint64_t size_bytes = 0;
  bool lacking = false;
  ObjectUse use;
};

std::string list_text(const std::vector<BackedUpObject>& objects);
std::optional<std::vector<BackedUpObject>> parse_list(std::string_view text);

}  // namespace archive
