#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// The six things that must be plain about an insured person: 个人、单位、劳动保障部门、收费机关、
/// 收费额度、累计缴费状况 (R20).
enum class PersonFact { person, employer, department, collector, amount, total };

std::string_view name_of(PersonFact fact);

/// Which fields on which papers tell them (config/checks/person_facts.csv). Immutable after
/// loading.
class PersonFacts {
 public:
  struct Field {
    PersonFact fact = PersonFact::person;
    std::string doc_type;  ///< "*": any
    std::string field;
    bool single = false;  ///< one value is true
  };

  /// Throws ArchiveError{settings} with file and line: an unknown fact, a type or a field that no
  /// form has.
  static PersonFacts load(const TablePath& config_folder, const FormCatalogue& forms);

  const std::vector<Field>& fields() const { return fields_; }
  /// The entries for a field of a paper, in the order of the table.
  std::vector<const Field*> of(std::string_view doc_type, std::string_view field) const;

 private:
  std::vector<Field> fields_;
};

}  // namespace archive
