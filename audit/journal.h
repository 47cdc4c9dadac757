#pragma once

#include <filesystem>
#include <string>

namespace archive::audit {

/// What lies in the records' journal (records.sqlite-wal) after the last whole transaction, and is
/// none: a transaction that a kill or a power cut stopped, or one that was damaged afterwards. The
/// database passes over both without a word. "" when nothing does.
///
/// The format is SQLite's own (sqlite.org/fileformat2.html, section 4).
std::string journal_left(const std::filesystem::path& journal);

}  // namespace archive::audit
