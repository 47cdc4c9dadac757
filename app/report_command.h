#pragma once

#include <filesystem>

#include "app/console.h"

namespace archive {

struct MetricsOptions {
  std::filesystem::path archive;
  int days = 30;  ///< refusals of so many days
};
int run_report_metrics(const MetricsOptions& options, const Console& console);

}  // namespace archive
