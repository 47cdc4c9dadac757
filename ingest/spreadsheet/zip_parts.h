#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/spreadsheet/sheet_limits.h"

namespace archive {

/// The parts of a zip archive in memory. Nothing is ever written to a disk, so the names inside
/// are names only. By libzip. Not thread-safe.
///
/// Everything throws ArchiveError{input_missing} naming the archive: no zip archive or a cut one,
/// too many parts, a part that is encrypted, damaged or larger than the limit.
class ZipParts {
 public:
  /// `bytes` are lent for as long as the object lives; `name` is what errors call the archive.
  ZipParts(std::string name, std::string_view bytes, const SheetLimits& limits);
  ~ZipParts();
  ZipParts(const ZipParts&) = delete;
  ZipParts& operator=(const ZipParts&) = delete;

  bool has(const std::string& part) const;

  /// Hands over the unpacked bytes as they come, until the end or until `take` answers false.
  void read(const std::string& part, const std::function<bool(std::string_view)>& take) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace archive
