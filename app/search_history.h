#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace archive {

/// A search as it is remembered: who asked what, when, and what for. Queries name persons, so the
/// file is for its owner alone.
struct PastSearch {
  std::string at;  ///< ISO 8601 with zone
  std::string by;
  std::string purpose;
  std::string query;  ///< as typed; of a list, its file name
  std::size_t pages = 0;
};

/// Adds a line to searches.ndjson of the archive, durably. A reader of the archive may not be able
/// to: throws ArchiveError{disk}.
void remember_search(const std::filesystem::path& archive, const PastSearch& search);

/// Oldest first, the last `at_most` of them. A line that a kill cut off is left out.
std::vector<PastSearch> past_searches(const std::filesystem::path& archive, std::size_t at_most);

}  // namespace archive
