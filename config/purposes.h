#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// What records may be looked at and given out for: a closed list of the office (R14, R37).
struct Purpose {
  std::string id;
  std::string name_zh;
  std::string name_en;
  std::vector<std::string> kinds;  ///< of packages "export", "hand_over", "transfer"; "query"

  bool goes_with(std::string_view kind) const;
};

/// config/domain/purposes.csv.
class Purposes {
 public:
  /// Throws ArchiveError{settings} with file and line when the table is wrong.
  static Purposes load(const TablePath& config_folder);

  const std::vector<Purpose>& all() const { return all_; }
  /// Nothing for a word that is not on the list.
  const Purpose* named(std::string_view id) const;

 private:
  std::vector<Purpose> all_;
};

}  // namespace archive
