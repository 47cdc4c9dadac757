#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"
#include "core/rights.h"

namespace archive {

/// What can be done in a case, config/duties/steps.csv.
struct ReviewStepRule {
  std::string name;
  std::string zh, en;
  std::vector<std::string> from;
  std::string to;  ///< empty: the item stays where it is
  std::vector<Right> any_of;
  bool apart = false;  ///< not by somebody of an earlier step of the round
  bool needs_reason = false;
};

/// Immutable after loading.
class ReviewSteps {
 public:
  /// Throws ArchiveError{settings} with file and line: a right nobody knows, a step twice, a state
  /// that no step leads to.
  static ReviewSteps load(const TablePath& config_folder);

  const std::vector<ReviewStepRule>& all() const { return steps_; }
  const ReviewStepRule* find(std::string_view name) const;

  struct Words {
    std::string zh, en;
  };
  /// What a state of a case, or of its verification, is called; its name where nobody said it.
  Words words_of(std::string_view state) const;

 private:
  std::vector<ReviewStepRule> steps_;
  std::map<std::string, Words, std::less<>> states_;
};

}  // namespace archive
