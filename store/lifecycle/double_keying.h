#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/records.h"
#include "store/records/records.h"

namespace archive {

/// 一稿双录: two persons key a handwritten value from the picture, neither seeing the other's text
/// nor the machine's. When they agree it counts, as if two persons had typed it; when they differ a
/// third person compares and decides. A text that is empty says that it cannot be read.
///
/// The database refuses what this class would refuse.
class DoubleKeying {
 public:
  explicit DoubleKeying(Records& records) : records_(records) {}

  enum class Outcome {
    waits,    ///< for a second person
    agreed,   ///< it counts, or both could not read it
    differs,  ///< a third person compares
    decided,  ///< by the third person
  };

  /// Keeps what this writer keyed; `person` is not looked at. Throws std::invalid_argument for
  /// somebody who keyed it already, and when two persons did. Right: describe.
  Outcome key(PageNumber page, const TypedValue& keyed);

  /// The two texts that differ, for somebody who keyed neither of them; nothing for everybody else,
  /// and when there is nothing to compare.
  struct Comparison {
    TypedValue first, second;
  };
  std::optional<Comparison> comparison(PageNumber page, const std::string& field, int row,
                                       const std::string& person) const;

  /// The third person says what it is: one of both, something else, or that it cannot be read.
  /// Throws std::invalid_argument where comparison() has nothing for this writer. Right: describe.
  void decide(PageNumber page, const TypedValue& value);

 private:
  Records& records_;
};

std::string_view name_of(DoubleKeying::Outcome outcome);

}  // namespace archive
