#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/page.h"

namespace archive {

/// How grave a finding is: an error must be resolved by a person before the dossier is
/// approved, a warning must be seen, information is only shown.
enum class Severity { info, warn, error };
std::string_view name_of(Severity severity);
std::optional<Severity> severity_named(std::string_view name);

/// Where a finding can be seen. The box on the picture is that of the field.
struct FindingPlace {
  PageNumber page = 0;
  std::string field;  ///< empty: the page as a whole
  int row = -1;
  std::string printed;  ///< the value as the paper shows it; personal data

  friend bool operator==(const FindingPlace&, const FindingPlace&) = default;
};

/// Something in a dossier that a records manager must know: one rule, asked of one place or of
/// several that do not agree. It never changes a value (R43).
struct Finding {
  std::string rule;     ///< id in config/checks/rules.csv: "X11", "missing_document"
  std::string variant;  ///< which of the rule's sentences: "total"; may be empty
  Severity severity = Severity::warn;
  std::vector<FindingPlace> places;  ///< the one to open first; may be empty: something is absent
  std::string expected;              ///< what would have agreed, in the form of the values
  std::map<std::string, std::string> words;  ///< for the {blanks} of the rule's sentence
  std::vector<std::string> persons;          ///< citizen numbers, or names where there is none

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What a person decided about a finding. Nobody closes one by running the program again.
enum class FindingState {
  open,
  accepted,   ///< it is as it should be, with a reason
  corrected,  ///< put right on the paper
};
std::string_view name_of(FindingState state);

/// Tells a finding from every other of its dossier: rule, variant, places and printed values. The
/// same finding of a later run has the same key, so that a decision stays with it; when a value
/// is read otherwise it is another finding and open again.
std::string key_of(const Finding& finding);

}  // namespace archive
