#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/console.h"
#include "config/quality_rules.h"
#include "config/settings.h"
#include "ingest/page_check.h"

namespace archive {

/// Judges pictures as they come from the scanner and names those that are not accepted, so
/// that the operator still has the paper in hand. One thread.
class ArrivalCheck {
 public:
  ArrivalCheck(const Settings& settings, const Console& console);

  void tell(const std::vector<SourceFile>& files);

 private:
  const Console& console_;
  QualityRules rules_;
  PageChecker checker_;
};

}  // namespace archive
