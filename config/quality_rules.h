#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/messages.h"
#include "config/table_path.h"
#include "core/quality.h"

namespace archive {

/// When the picture of a page is not good enough: a measure beyond a limit.
struct QualityRule {
  std::string id;
  QualityMeasure measure{};
  bool below = false;  ///< broken below the limit; else above it
  double limit = 0;
  std::vector<int> bits;  ///< for pictures of so many bits a pixel only; empty: for all
  Verdict verdict = Verdict::accept;
  std::string source;  ///< "Q5" of docs/QUALITY.md, or "project"
  Message words;
};

/// The digitization quality rules of an office (config/quality_rules.csv): limits, verdicts
/// and words are data. Not part of the version of the forms: a page whose picture is judged
/// otherwise need not be read again. Immutable after loading.
class QualityRules {
 public:
  /// Throws ArchiveError{settings} with file and line: an empty cell, an id twice, an
  /// unknown measure, verdict or source, a limit that is no number.
  static QualityRules load(const TablePath& config_folder);

  /// The findings on a picture, of the rules on one measure the gravest.
  PageQuality judge(const QualityMeasures& measures) const;

  const std::vector<QualityRule>& rules() const { return rules_; }
  /// Nothing for a rule that is no longer in the table.
  const QualityRule* rule(std::string_view id) const;

 private:
  std::vector<QualityRule> rules_;
};

}  // namespace archive
