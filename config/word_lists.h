#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// Words that printed texts are told by, and what they mean to the rules
/// (config/checks/words.csv). Immutable after loading.
class WordLists {
 public:
  /// Reads words.csv and variants.csv. Throws ArchiveError{settings} with file and line: an empty
  /// word, an unknown list.
  static WordLists load(const TablePath& config_folder);

  /// What the first word of a list that stands in a text means; empty when none does.
  std::string_view meaning(std::string_view list, std::string_view text) const;
  /// True when the text begins with a word of a list: 无, but not a name that has this character.
  bool begins(std::string_view list, std::string_view text) const;
  bool names(std::string_view list, std::string_view text) const {
    return !meaning(list, text).empty();
  }
  /// A name or a text with its variant characters, traditional forms and blanks put away, so that
  /// two spellings of one name are equal (rule X04).
  std::string folded(std::string_view text) const;

 private:
  std::map<std::string, std::vector<std::pair<std::string, std::string>>, std::less<>> lists_;
  std::map<char32_t, char32_t> variants_;
};

}  // namespace archive
