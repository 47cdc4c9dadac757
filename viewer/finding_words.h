#pragma once

#include <string_view>

#include "core/finding.h"

namespace archive {

/// A word in both languages.
struct TwoWords {
  std::string_view zh;
  std::string_view en;
};

/// How people call a severity and a state of findings.
TwoWords words_for(Severity severity);
TwoWords words_for(FindingState state);

}  // namespace archive
