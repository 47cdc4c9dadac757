#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/forms.h"
#include "config/pattern.h"

namespace archive {

/// Tells the document type of a paper by the title that a catalogue gives it. Immutable.
class TitleTypes {
 public:
  explicit TitleTypes(const FormCatalogue& forms);

  /// The type that bears this name, alias or title, else the type whose expression finds it (of
  /// several the one with the lowest priority number); empty when none does.
  std::string type_of(std::string_view title) const;

 private:
  std::map<std::string, std::string, std::less<>> by_name_;
  std::vector<std::pair<Pattern, std::string>> by_words_;  // the first that matches decides
};

}  // namespace archive
