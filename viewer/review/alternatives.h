#pragma once

#include <string>
#include <vector>

#include "config/forms.h"
#include "config/look_alikes.h"
#include "core/layout.h"
#include "core/records.h"

namespace archive {

/// What a value may be instead of what was read.
struct ValueAlternative {
  std::string raw;    ///< as it would be printed
  std::string value;  ///< normalised
  /// "second_reading" a character may have been another one by the network, "look_alike" by its
  /// shape, "check" so that the check character holds, "choice" one the form offers.
  std::string why;
};

/// At most kAlternativesMost, each a value of the field's kind and none the one it has; the
/// likeliest first. `described` may be nothing, for a field that nobody described.
inline constexpr std::size_t kAlternativesMost = 6;
std::vector<ValueAlternative> alternatives_of(const FieldDescription* described,
                                              const FieldRecord& field, const PageLayout& layout,
                                              const LookAlikes& look_alikes);

}  // namespace archive
