#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// How much a business needs a paper.
enum class Need {
  mandatory,    ///< M: a dossier without it is not complete
  conditional,  ///< C: needed where its condition holds
  optional,     ///< O: often enclosed, never missed
};

/// A paper that a business leaves in its dossier.
struct MustHave {
  std::vector<std::string> doc_types;  ///< any one of them will do
  Need need = Need::mandatory;
  bool principal = false;  ///< the paper by which the business is known
  /// When a conditional paper is needed, asked of the believed values of the whole dossier:
  /// `field` alone is there, `field>0` is a number above it, `field~甲|乙` contains one of these
  /// words. Without a field nobody but a person can say.
  struct Condition {
    std::string field;
    char sign = 0;  ///< 0, '>' or '~'
    std::vector<std::string> operands;
  } when;
  std::string condition;  ///< in words
  int step = 0;  ///< papers of one business with rising steps have dates that do not fall; 0: none
};

/// A kind of business 业务, such as 退休.
struct Business {
  std::string id;
  std::string name_zh;
  std::vector<std::string> words;  ///< by which titles of volumes name it; name_zh among them
  std::vector<MustHave> papers;

  bool lists(const std::string& doc_type) const;
};

/// Which papers a complete dossier holds (config/checks/must_have.csv). Immutable after loading.
class MustHaves {
 public:
  /// Throws ArchiveError{settings} with file and line: a type or a field that no form has (with
  /// the nearest that one has), an unknown need, a condition that cannot be read, a step that is
  /// no number, a business with two names.
  static MustHaves load(const TablePath& config_folder, const FormCatalogue& forms);

  const std::vector<Business>& businesses() const { return businesses_; }
  /// The sheets of every volume: cover, catalogue, closing sheet.
  const Business& volume_sheets() const { return sheets_; }
  /// Papers that may lie in the dossier of any business without telling one.
  const Business& anywhere() const { return anywhere_; }

 private:
  std::vector<Business> businesses_;
  Business sheets_;
  Business anywhere_;
};

}  // namespace archive
