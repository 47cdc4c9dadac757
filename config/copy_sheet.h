#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// The sheet that goes before copies that are given out (复制件).
class CopySheet {
 public:
  enum class Part { title, text, row, sign, note };
  struct Line {
    Part part = Part::text;
    std::string label;  ///< of a row
    std::string text;
  };
  using Values = std::map<std::string, std::string, std::less<>>;

  /// config/duties/copy_sheet.csv. Throws ArchiveError{settings} with file and line: a part or a
  /// value nobody knows, a kind without a title.
  static CopySheet load(const TablePath& config_folder);

  /// The lines of a kind, "certified" or "print", with these values in them. A row or a note of
  /// which one is empty is left out.
  std::vector<Line> filled(const std::string& kind, const Values& values) const;

 private:
  std::map<std::string, std::vector<Line>> kinds_;
};

}  // namespace archive
