#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/check_rules.h"
#include "core/facts.h"
#include "core/finding.h"

namespace archive {

/// Gathers what the rules find in one dossier. How grave it is comes from the table; rules
/// that an office switched off are left out.
class Findings {
 public:
  explicit Findings(const CheckRules& rules) : rules_(rules) {}

  /// REQUIRES: the rule stands in config/checks/rules.csv with this variant.
  void add(std::string_view rule, std::string_view variant, std::vector<FindingPlace> places,
           std::string expected = {}, std::map<std::string, std::string> words = {},
           std::vector<std::string> persons = {});

  std::vector<Finding> take() && { return std::move(findings_); }

 private:
  const CheckRules& rules_;
  std::vector<Finding> findings_;
};

/// A page as a whole.
FindingPlace place_of(const PageFact& page);
/// A value of a page, as printed.
FindingPlace place_of(const PageFact& page, const FieldFact& field);

}  // namespace archive
