#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/sealing.h"

namespace archive::audit {

/// The records of an encrypted archive as they were at one moment, in memory.
struct RecordsImage {
  std::string database;               ///< as SQLite knows it; empty: it cannot be read
  std::vector<std::uint64_t> broken;  ///< pages, from 1, that do not open and are in no journal
  std::string journal_left;           ///< as journal_left() says it
};

/// Opens the database's pages and applies the journal. Somebody may be writing meanwhile. Throws
/// UnreadableRecords when it is no database of this archive.
RecordsImage read_sealed_records(const std::filesystem::path& file, const SecretKey& master);

}  // namespace archive::audit
