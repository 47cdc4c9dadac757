#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// What the checks of a volume have to know about retention marks and about persons beside the
/// one whose dossier it is. Immutable after loading.
class VolumeTables {
 public:
  /// More years than any period: kept for ever.
  static constexpr int kForEver = 1'000'000;

  /// Throws ArchiveError{settings} with file and line: a period that is no number, a document
  /// type that there is not.
  static VolumeTables load(const TablePath& config_folder, const FormCatalogue& forms);

  /// Years that a retention printed on a cover or a retention code stands for (永久, 30年, D30);
  /// nothing for one that says no period (INHERIT, HOLD, ACC).
  std::optional<int> years_of(std::string_view retention) const;
  /// How covers print it: 30年 for D30; the word itself when the table has no other.
  std::string printed(std::string_view retention) const;

  /// Papers of this type may be those of a relative, a survivor or an agent.
  bool may_be_others(std::string_view doc_type) const { return others_types_.contains(doc_type); }

 private:
  std::map<std::string, int, std::less<>> years_;
  std::map<int, std::string> printed_;
  std::set<std::string, std::less<>> others_types_;
};

}  // namespace archive
