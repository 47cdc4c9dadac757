#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace archive::audit {

/// What lies in the records' journal (records.sqlite-wal) after the last whole transaction, and is
/// none: a transaction that a kill or a power cut stopped, or one that was damaged afterwards. The
/// database passes over both without a word. "" when nothing does.
///
/// The format is SQLite's own (sqlite.org/fileformat2.html, section 4).
std::string journal_left(const std::filesystem::path& journal);
std::string journal_left(std::istream& journal);

/// Puts the pages of the journal's whole transactions into a database of pages of 4096 bytes, as
/// opening it does. Returns their numbers, from 1.
std::vector<std::uint32_t> apply_journal(std::string_view journal, std::string& database);

}  // namespace archive::audit
