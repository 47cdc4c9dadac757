#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/records.h"

namespace archive {

/// One step of a case (经办环节), as it was taken.
struct ReviewStep {
  std::int64_t number = 0;
  DossierNumber dossier = 0;
  int item_sequence = 0;
  std::string step;      ///< of config/duties/steps.csv
  std::string contents;  ///< digest of the item's pages and values that were looked at
  std::string person;    ///< name of the user
  std::string reason;
  std::string submitter;  ///< who handed the papers in, where a step verified them (R39)
  std::string taken_at;
};

/// How an item stands in its case.
struct ReviewState {
  std::string state = "filed";              ///< of config/duties/steps.csv
  std::string verification = "unverified";  ///< or "verified", "rejected" (R39)
  std::string submitter;
  bool changed_since = false;  ///< steps were taken, of other contents than the item has now
  std::string contents;        ///< digest of what the item has now
  std::vector<ReviewStep> steps;
};

}  // namespace archive
