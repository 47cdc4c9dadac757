#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "audit/digests.h"

namespace archive::audit {

/// A line of a file of heads.
struct SignedHead {
  std::int64_t line = 0;  ///< in its file, from 1
  std::int64_t size = 0;  ///< entries under it
  std::string signed_at;
  Digest sha256{};
  Digest sm3{};
  std::string key_id;
  bool signature_holds = false;  ///< by the key of that id in the same folder
};

/// What a folder with heads, leaves and public keys says: `ledger` of the archive, or a copy
/// outside.
struct HeadsFolder {
  std::filesystem::path folder;
  std::vector<SignedHead> heads;
  std::vector<std::int64_t> broken_lines;  ///< that are no heads
  std::uint64_t unfinished_bytes = 0;      ///< after the last whole line
  std::vector<Digest> leaves;
  std::uint64_t leaf_bytes = 0;           ///< of the file, a torn leaf at its end included
  std::map<std::string, PublicKey> keys;  ///< by their ids
  std::vector<std::filesystem::path> damaged_keys;  ///< files that are not as a key is written
};

/// Reads what is there; what is missing is empty.
HeadsFolder read_heads(const std::filesystem::path& folder);

}  // namespace archive::audit
