#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "app/console.h"
#include "ingest/progress.h"

namespace archive {

/// Shows a run on standard error: on a terminal one line redrawn in place, otherwise a
/// plain line every few seconds. Pages set aside, and those whose
/// picture is not accepted, are named at once with their reason.
class ProgressDisplay : public IngestProgress {
 public:
  /// `quality_told`: nothing is said of pictures, the operator has heard it already.
  explicit ProgressDisplay(const Console& console, bool quality_told = false);
  ~ProgressDisplay() override;

  void received(std::int64_t files_done, std::int64_t files_in_all) override;
  void source_noted(const SourceRecord& source, const std::string& remark) override;
  void reading_begins(std::int64_t pages_to_do, std::int64_t pages_done_before) override;
  void page_judged(const PageRecord& page) override;
  void page_filed(const PageRecord& page) override;

 private:
  using Clock = std::chrono::steady_clock;

  bool time_to_show();
  void show_pages(bool final);
  std::string set_aside_by_stage() const;

  const Console& console_;
  bool quality_told_;
  Clock::time_point last_shown_{};
  Clock::time_point reading_since_{};
  bool reading_ = false;
  std::int64_t to_do_ = 0;
  std::int64_t done_ = 0;
  std::map<Stage, std::int64_t> set_aside_;
};

}  // namespace archive
