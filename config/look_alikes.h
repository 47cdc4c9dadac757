#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "config/table_path.h"

namespace archive {

/// Characters that are taken for one another on paper 形近字: 己 已 巳, 未 末, 0 o, 1 l i
/// (config/look_alikes.csv). Characters are as the index folds them: simplified, lower case,
/// half width. Immutable after loading; any thread.
class LookAlikes {
 public:
  LookAlikes() = default;  ///< nothing looks like anything else
  /// Throws ArchiveError{settings} with file and line: a row of less than two characters, or one
  /// that names a character twice.
  static LookAlikes load(const TablePath& config_folder);

  /// What else a character may be, without itself.
  std::u32string_view of(char32_t folded) const;
  bool alike(char32_t one, char32_t other) const {
    return one == other || of(one).find(other) != std::u32string_view::npos;
  }

 private:
  std::map<char32_t, std::u32string> others_;
};

}  // namespace archive
