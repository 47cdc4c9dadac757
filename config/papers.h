#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// Whom the name and the number on a paper are about.
enum class PaperPerson {
  own,       ///< the person of the dossier, and nobody else
  relative,  ///< that person or somebody of the household
  others,    ///< a list, an employer, nobody in particular
};

/// What rules must know about a document type beyond its form (config/checks/papers.csv).
struct Paper {
  PaperPerson person = PaperPerson::others;
  std::vector<std::string> dated_by;  ///< its fields that say when it was written, best first
};

/// Immutable after loading.
class Papers {
 public:
  /// Throws ArchiveError{settings} with file and line: an unknown type, field or person; a type
  /// twice.
  static Papers load(const TablePath& config_folder, const FormCatalogue& forms);

  /// Of a type that is not in the table: others, no date.
  const Paper& of(std::string_view doc_type) const;

 private:
  std::map<std::string, Paper, std::less<>> papers_;
};

}  // namespace archive
