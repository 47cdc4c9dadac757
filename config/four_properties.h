#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/check_rules.h"
#include "config/table_path.h"

namespace archive {

/// The four properties that an electronic record must have, DA/T 70.
enum class Property { authenticity, integrity, usability, security };

/// What is done to answer a row of the table.
enum class PropertyCheck {
  digests,         ///< objects are hashed again
  values,          ///< findings of rules, characters that stand in no value
  archive_number,  ///< form of the archive number, the same everywhere
  repeated,        ///< archive numbers and items that stand twice
  attributes,      ///< name, size, format and pages of a file against its record
  links,           ///< what the records name is in the store
  package,         ///< of hand-over packages
  items,           ///< pages and items against what was counted
  bytes,           ///< bytes against what was received
  elements,        ///< elements of volume and items
  mandatory,       ///< mandatory fields of the forms
  history,         ///< what was done with the pages
  numbering,       ///< running numbers
  content,         ///< pages and papers
  records,         ///< records and layouts can be read
  formats,         ///< formats on the list, every page opens
  packing,         ///< encryption, packed files
  scanner,         ///< a malware scanner is configured
  malware,         ///< what it says; active content of PDF files
  medium,          ///< of hand-over media
  process,         ///< what only the office can see
};

/// A row of config/checks/four_properties.csv.
struct FourPropertyRow {
  std::string code;  ///< "2-7", number of DA/T 70
  Property property = Property::authenticity;
  std::string name_zh, name_en;
  PropertyCheck check = PropertyCheck::process;
  std::string asks_zh, asks_en;
  std::string verified;
};

std::string_view name_of(Property property);
std::string_view name_of(PropertyCheck check);

/// The table of four-property checks 四性检测. Immutable after loading.
class FourProperties {
 public:
  /// Throws ArchiveError{settings} with file and line: a code twice, a property, check or rule
  /// that there is not, a rule in two rows.
  static FourProperties load(const TablePath& config_folder, const CheckRules& rules);

  /// In the order of the table.
  const std::vector<FourPropertyRow>& rows() const { return rows_; }
  /// The check that a finding of this rule counts to; nothing where no row wants it.
  std::optional<PropertyCheck> check_for(std::string_view rule) const;

 private:
  std::vector<FourPropertyRow> rows_;
  std::map<std::string, PropertyCheck, std::less<>> rules_;  // "X41", or "X*"
};

}  // namespace archive
