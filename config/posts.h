#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"
#include "core/rights.h"

namespace archive {

/// A post (岗位) of the office and its rights.
struct Post {
  std::string name;  ///< "first_reviewer": in records, commands and the ledger
  std::string zh, en;
  std::vector<Right> rights;
  bool for_contractors = false;  ///< outside helpers (外包) may hold it
};

/// A kind of units of an organisation (机构类别) and the posts its people may hold (R35).
struct Family {
  std::string name;  ///< "agency": in records
  std::string zh, en;
  std::vector<std::string> posts;
  bool parent_of_any = false;  ///< units of other families may stand below one of it
};

/// config/duties/posts.csv and families.csv. Immutable after loading.
class Posts {
 public:
  /// Throws ArchiveError{settings} with file and line: a right nobody knows, a post twice, a right
  /// that no post has, a family with a post that is none.
  static Posts load(const TablePath& config_folder);

  const std::vector<Post>& all() const { return posts_; }
  const Post* find(std::string_view name) const;

  const std::vector<Family>& families() const { return families_; }
  const Family* family(std::string_view name) const;
  /// Throws std::invalid_argument unless people of units of this family may hold the post. A family
  /// that the table lost holds none.
  void require_post_in(std::string_view post, std::string_view family) const;

 private:
  void load_families(const TablePath& file);

  std::vector<Post> posts_;
  std::vector<Family> families_;
};

}  // namespace archive
