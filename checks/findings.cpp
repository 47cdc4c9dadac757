#include "checks/findings.h"

#include <cassert>
#include <utility>

namespace archive {

void Findings::add(std::string_view rule, std::string_view variant,
                   std::vector<FindingPlace> places, std::string expected,
                   std::map<std::string, std::string> words, std::vector<std::string> persons) {
  const CheckRule* known = rules_.rule(rule, variant);
  assert(known != nullptr && "a rule without words in config/checks/rules.csv");
  if (known == nullptr || known->off) return;
  findings_.push_back({known->id, known->variant, known->severity, std::move(places),
                       std::move(expected), std::move(words), std::move(persons)});
}

FindingPlace place_of(const PageFact& page) { return {page.number, "", -1, ""}; }

FindingPlace place_of(const PageFact& page, const FieldFact& field) {
  return {page.number, field.field, field.row, field.raw.empty() ? field.value : field.raw};
}

}  // namespace archive
