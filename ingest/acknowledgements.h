#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "core/records.h"

namespace archive {

/// The file of `ingest --acknowledge`: one line a page, added after the page is durable and
/// findable, or durably set aside: page number, source name, page in file, separated by tabs. No
/// page twice, by whatever run. Without a file nothing is told. Not thread-safe.
/// Throws ArchiveError{disk} when the file cannot be written.
class Acknowledgements {
 public:
  explicit Acknowledgements(std::filesystem::path file);

  bool wanted() const { return out_.is_open(); }
  void add(const std::vector<PageRecord>& pages);

 private:
  [[noreturn]] void refuse(const char* what) const;

  std::filesystem::path file_;
  std::ofstream out_;
  std::set<PageNumber> told_;  // by an earlier run too, which may have been killed
};

}  // namespace archive
