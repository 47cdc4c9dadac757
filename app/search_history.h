#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace archive {

/// A search as it is remembered: who asked what, when, and what for.
struct PastSearch {
  std::string at;  ///< ISO 8601 with zone
  std::string by;
  std::string purpose;
  std::string query;  ///< as typed; of a list, its file name
  std::size_t pages = 0;
};

/// An entry of the access log (store/ledger/access_log.h). Whoever may only read the archive's
/// files cannot make one: throws ArchiveError{disk}.
void remember_search(const std::filesystem::path& archive, const PastSearch& search);

/// Oldest first, the last `at_most` of them.
std::vector<PastSearch> past_searches(const std::filesystem::path& archive, std::size_t at_most);

}  // namespace archive
