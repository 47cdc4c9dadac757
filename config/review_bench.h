#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// How the review bench works: config/duties/field_risks.csv says how grave it is when a value is
/// wrong (identity, money, months and dates before the rest), config/duties/review_bench.csv which
/// values are looked at and how. Immutable after loading.
class ReviewBenchRules {
 public:
  /// Throws ArchiveError{settings} with file and line: a kind or parameter nobody knows, a row
  /// twice, a number out of its range. `forms` outlives this.
  static ReviewBenchRules load(const TablePath& config_folder,
                               const FormCatalogue& forms);

  /// Of a field on a paper of this type; 1 for one that nobody described.
  double weight_of(std::string_view doc_type, std::string_view field) const;

  double queue_below = 0;  ///< confidence below which sure values are queued too
  double double_keying_below = 0;  ///< confidence below which handwriting is keyed twice
  int lease_minutes = 10;          ///< so long a task is one reviewer's
  std::size_t group_most = 60;     ///< equal values confirmed at once

 private:
  const FormCatalogue* forms_ = nullptr;
  std::map<ValueType, double> of_kinds_;
  std::map<std::string, double, std::less<>> of_fields_;
};

}  // namespace archive
