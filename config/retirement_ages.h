#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"
#include "core/calendar.h"
#include "core/citizen_id.h"

namespace archive {

/// Until when a kind of person works: an age, and since 2025 a delay that grows with the month
/// of birth (全国人大常委会 2024-09-13; reference section 8.2).
struct RetirementAge {
  std::string kind;
  Sex sex = Sex::male;
  int age_months = 0;
  YearMonth base_birth = *YearMonth::of(1965, 1);  ///< the first month of birth with a delay
  int band_months = 1;                             ///< of birth, for each of which it grows by one
  int delay_most = 0;                              ///< months

  /// 法定退休时间: the month in which somebody born then reaches the age.
  YearMonth month_for(YearMonth birth) const;
};

/// config/checks/retirement_ages.csv and early_retirement.csv. Immutable after loading.
class RetirementAges {
 public:
  /// Throws ArchiveError{settings} with file and line: a sex, age or month that is none, a kind
  /// twice.
  static RetirementAges load(const TablePath& config_folder);

  const std::vector<RetirementAge>& all() const { return ages_; }

  /// The least age in months at which a kind of retirement printed on a form (特殊工种) is
  /// lawful; nothing when the kind is not one that comes early.
  std::optional<int> earliest_age(std::string_view printed_kind, Sex sex) const;

 private:
  struct EarlyKind {
    std::string word;
    int male_months = 0, female_months = 0;
  };
  std::vector<RetirementAge> ages_;
  std::vector<EarlyKind> early_;
};

}  // namespace archive
