#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "config/table_path.h"
#include "core/finding.h"

namespace archive {

/// A consistency rule 一致性规则, or one of several sentences it can say.
struct CheckRule {
  std::string id;       ///< "X11"
  std::string variant;  ///< "total"; empty where the rule says one thing
  Severity severity = Severity::warn;
  bool off = false;  ///< an office does not want it
  std::string name_zh, name_en;
  std::string zh, en;  ///< the sentence, with {blanks} for the words of a finding
};

/// The rules that dossiers are checked by (config/checks/rules.csv). How grave a rule is and
/// what it says are data; what it compares is in checks/. Immutable after loading.
class CheckRules {
 public:
  /// Throws ArchiveError{settings} with file and line: a rule twice, an unknown severity, an
  /// empty sentence, an open brace.
  static CheckRules load(const TablePath& config_folder);

  /// Nothing for a rule that is not in the table.
  const CheckRule* rule(std::string_view id, std::string_view variant = "") const;
  const std::map<std::pair<std::string, std::string>, CheckRule>& all() const { return rules_; }

 private:
  std::map<std::pair<std::string, std::string>, CheckRule> rules_;
};

/// A sentence with its blanks filled: {printed} is the printed value of the first place,
/// {expected} what was expected, {pages} what `page_name` makes of the places' pages; the rest
/// are the finding's words. A blank nobody knows stays as it is.
std::string sentence_of(const std::string& sentence, const Finding& finding,
                        const std::function<std::string(PageNumber)>& page_name);

}  // namespace archive
