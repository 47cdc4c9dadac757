#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/records/records.h"

namespace archive {

/// Pages that were given out on paper or as a file (复制件).
struct CopyRecord {
  std::int64_t number = 0;
  std::string serial;           ///< "2026-000012": stands on every sheet
  bool certified = false;       ///< 证明与原件一致, else a plain print
  DossierNumber dossier = 0;
  std::vector<PageNumber> pages;
  std::string for_whom;
  std::string agent, authority; ///< who came for them, and by which power of attorney
  std::string purpose;          ///< id of config/domain/purposes.csv
  std::string channel;
  std::string made_by, made_at;
  int prints = 0;               ///< how often it was printed
};

/// The register of copies. Nothing in it is ever changed or removed.
class Copies {
 public:
  explicit Copies(Records& records) : records_(records) {}

  /// Enters a copy; number, serial, name and time are given here. Throws std::invalid_argument for
  /// pages that are not filed in this dossier, named twice or none, and without a person or a
  /// purpose. Needs the right to query.
  CopyRecord issue(CopyRecord copy);
  /// Notes that a copy is printed: the first time, or again for a reason. Returns which time it is.
  /// Throws std::invalid_argument for a copy that is not there, and again without a reason.
  int print(std::int64_t copy, const std::string& reason);

  std::optional<CopyRecord> copy(std::int64_t number) const;
  /// The latest first, from before `before` (0: from the last); of one person's making, of these
  /// dossiers, where they are said.
  std::vector<CopyRecord> list(std::int64_t before, std::size_t at_most,
                               const std::string& made_by,
                               const std::optional<std::set<DossierNumber>>& among) const;

 private:
  Records& records_;
};

}  // namespace archive
