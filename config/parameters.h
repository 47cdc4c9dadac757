#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/table_path.h"
#include "core/calendar.h"
#include "core/decimal.h"

namespace archive {

/// The numbers that rules reckon with, each with the time and the place it holds for: rates,
/// limits, reference wages, months, tolerances (config/checks/parameters/*.csv). Nothing of the
/// kind stands in the program (R55, R56, R61). Immutable after loading.
class Parameters {
 public:
  /// Which number. `key` says of what: an insurance kind, a disability grade, an age, a rule;
  /// `kind` for whom: empty is everybody.
  struct Question {
    std::string_view name;
    std::string_view key = "";
    std::string_view kind = "";
  };

  /// Throws ArchiveError{settings} with file and line: an unknown name (with the nearest known
  /// one), a value or a date that is none, and two rows that answer the same question differently.
  static Parameters load(const TablePath& config_folder);

  /// The number in force on a day. Of the rows for everywhere and those for the office's region
  /// the narrowest holds, and a row for the kind before one for everybody. Nothing when the
  /// tables have none: no reference, no finding.
  std::optional<Decimal> on(Date day, const Question& question) const;
  /// The number in force at the beginning of a month.
  std::optional<Decimal> in(YearMonth month, const Question& question) const;
  /// A number that does not change with time. Nothing when all its rows have dates.
  std::optional<Decimal> always(const Question& question) const;

  /// Several numbers of one name and key in force on a day, for whatever kind.
  std::vector<Decimal> all_on(Date day, std::string_view name, std::string_view key) const;

  /// The largest key of a name that is a whole number not above `number`: the band of a table
  /// with steps, such as the years from which a longer benefit is paid. Empty: none.
  std::string step(std::string_view name, int number) const;

 private:
  struct Row {
    std::string region;
    std::string kind;
    std::optional<Date> from, to;  ///< nothing: open
    Decimal value;

    bool holds_on(Date day) const { return (!from || *from <= day) && (!to || day <= *to); }
  };
  using Key = std::pair<std::string, std::string>;
  using KeyView = std::pair<std::string_view, std::string_view>;
  struct Less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return KeyView(a.first, a.second) < KeyView(b.first, b.second);
    }
  };

  const std::vector<Row>* rows_of(std::string_view name, std::string_view key) const;
  template <class Holds>
  std::optional<Decimal> narrowest(const Question& question, Holds holds) const;

  std::map<Key, std::vector<Row>, Less> rows_;
  std::string region_;  ///< the office's, GB/T 2260
};

/// The names that parameters may have.
const std::vector<std::string_view>& parameter_names();

}  // namespace archive
