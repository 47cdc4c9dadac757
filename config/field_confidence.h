#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "config/table_path.h"

namespace archive {

/// What speaks for or against a value that was found on a page. Each is a number, 0 where it
/// does not apply; those from `text` on say what kind of value it is.
enum class Trait {
  base,     ///< 1
  doubt,    ///< the characters' confidences as one: minus the logarithm of their product, up to 3
  weakest,  ///< 1 minus the least of them
  label,    ///< 1 minus how surely the value was found, by its label and place
  line,     ///< 1: the line was read unsurely; else how hard the page is to read
  hand,     ///< 1: written by hand
  suspicious,  ///< 1: a rule doubts it
  invalid,     ///< 1: a rule is broken
  checked,     ///< 1: its own check digits or sum agree
  hole,        ///< 1: a character may be lost inside
  sealed,      ///< 1: it lies under a seal
  beside,      ///< 1: something that cannot be read touches it
  single,      ///< 1: only one or two characters
  row,         ///< 1: in a table
  text,
  name,
  number,
  amount,
  date,
  choice,
  stamp,
};

inline constexpr std::array<std::string_view, 21> kTraitNames = {
    "base",    "doubt",   "weakest", "label",  "line",   "hand",   "suspicious",
    "invalid", "checked", "hole",    "sealed", "beside", "single", "row",
    "text",    "name",    "number",  "amount", "date",   "choice", "stamp",
};

using Traits = std::array<double, kTraitNames.size()>;

inline double& trait(Traits& traits, Trait which) {
  return traits[static_cast<std::size_t>(which)];
}

/// How likely a value with some traits is right: config/domain/field_confidence.csv, made by
/// bench/fit_field_confidence. A logistic regression, so that each weight can be read. Immutable.
class FieldConfidence {
 public:
  /// Throws ArchiveError{settings} with file and line: an unknown trait, one that stands twice or
  /// is missing, or what is no number.
  static FieldConfidence load(const TablePath& file);

  /// 0..1
  double of(const Traits& traits) const;
  /// Values less likely than this go to a person.
  double sure_from() const { return sure_from_; }

 private:
  Traits weights_{};
  double sure_from_ = 1;
};

}  // namespace archive
