#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// What papers are about: the five scopes of the archives (R6) and the five contents of a rights
/// record 个人权益记录 (R34). Immutable after loading.
class ContentGroups {
 public:
  struct Group {
    std::string id;
    std::string name_zh, name_en;
    std::vector<std::string> classes;    ///< leading parts of class codes; of scopes
    std::vector<std::string> doc_types;  ///< of records; empty: all that no other group has
  };

  /// Throws ArchiveError{settings} with file and line: an unknown division, class or type, one in
  /// two groups.
  static ContentGroups load(const TablePath& config_folder, const FormCatalogue& forms);

  const std::vector<Group>& scopes() const { return scopes_; }
  const std::vector<Group>& records() const { return records_; }
  /// Null for a class that belongs to no scope: the sheets of volumes, proofs of identity.
  const Group* scope_of(std::string_view class_code) const;
  /// Null only where the table has no group for all others.
  const Group* record_of(std::string_view doc_type) const;

 private:
  std::vector<Group> scopes_;
  std::vector<Group> records_;
};

}  // namespace archive
