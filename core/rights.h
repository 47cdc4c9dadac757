#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

/// What somebody may do (权限). Posts have rights, config/duties/posts.csv; users have posts.
enum class Right {
  monitor,     ///< see progress, counts and faults
  take_in,     ///< scans and their batches
  describe,    ///< types of pages and values of fields
  review,      ///< 初审
  recheck,     ///< 复核, and the acceptance of batches
  approve,     ///< 审批
  manage,      ///< completeness, findings, structure, places, loans, retention
  query,       ///< see contents of pages
  export_out,  ///< contents out of the archive
  audit,       ///< everything there is, and the ledger
  operate,     ///< backups, fixity, keys, the index, reading again
  administer,  ///< users and posts
};

inline constexpr std::array<std::string_view, 12> kRightNames = {
    "monitor", "take_in", "describe", "review", "recheck", "approve",
    "manage",  "query",   "export",   "audit",  "operate", "administer"};
constexpr std::size_t kRights = kRightNames.size();

constexpr std::string_view name_of(Right right) {
  return kRightNames[static_cast<std::size_t>(right)];
}

constexpr std::optional<Right> right_named(std::string_view name) {
  for (std::size_t i = 0; i < kRights; ++i) {
    if (kRightNames[i] == name) return static_cast<Right>(i);
  }
  return std::nullopt;
}

/// The rights of somebody, each by the post that gives it.
class Powers {
 public:
  void give(Right right, std::string_view post) {
    std::string& by = post_of_[static_cast<std::size_t>(right)];
    if (by.empty()) by = post;
  }
  /// The post by which somebody may; empty: may not.
  const std::string& post_for(Right right) const {
    return post_of_[static_cast<std::size_t>(right)];
  }
  bool may(Right right) const { return !post_for(right).empty(); }

 private:
  std::array<std::string, kRights> post_of_;
};

}  // namespace archive
