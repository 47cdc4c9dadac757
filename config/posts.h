#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/rights.h"

namespace archive {

/// A post (岗位) of the office and its rights.
struct Post {
  std::string name;  ///< "first_reviewer": in records, commands and the ledger
  std::string zh, en;
  std::vector<Right> rights;
  bool for_contractors = false;  ///< outside helpers (外包) may hold it
};

/// config/duties/posts.csv. Immutable after loading.
class Posts {
 public:
  /// Throws ArchiveError{settings} with file and line: a right nobody knows, a post twice, a right
  /// that no post has.
  static Posts load(const std::filesystem::path& config_folder);

  const std::vector<Post>& all() const { return posts_; }
  const Post* find(std::string_view name) const;

 private:
  std::vector<Post> posts_;
};

}  // namespace archive
