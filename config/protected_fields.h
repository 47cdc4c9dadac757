#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// Which values are shown only to whoever says why (敏感个人信息; PIPL article 28): the fields of
/// config/domain/fields.csv with the sensitivity P2, on any paper.
class ProtectedFields {
 public:
  /// Throws ArchiveError{settings} with file and line when the table is wrong.
  static ProtectedFields load(const TablePath& config_folder);

  /// Protects what a form calls P2 beside the fields of the domain, on any paper.
  void add_forms(const FormCatalogue& forms);

  bool covers(std::string_view field) const { return fields_.contains(field); }
  /// The value as everybody may see it: a number of at least 12 places keeps its first four and
  /// last four (4398**********0051), of anything else stars are left.
  std::string masked(std::string_view value) const;

  /// A running text, in which every number that looks like one of a citizen or an account (at least
  /// 15 digits, blanks and the marks between them not counted, X at the end) is masked so.
  static std::string masked_numbers(std::string_view text);

 private:
  std::set<std::string, std::less<>> fields_;
};

}  // namespace archive
