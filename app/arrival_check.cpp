#include "app/arrival_check.h"

#include <atomic>

#include "app/quality_text.h"

namespace archive {

ArrivalCheck::ArrivalCheck(const Settings& settings, const Console& console)
    : console_(console),
      rules_(QualityRules::load(find_config_folder(settings))),
      checker_(settings.ingest.decode, rules_, 1) {}

void ArrivalCheck::tell(const std::vector<SourceFile>& files) {
  const std::atomic<bool> never = false;
  const auto tell_page = [this](const CheckedPage& page) {
    if (page.verdict() == Verdict::accept) return;
    console_.end_progress();
    for (const std::string& line : page_lines(page, rules_, console_)) {
      console_.note("  " + line);
    }
  };
  checker_.check(files, tell_page, never);
}

}  // namespace archive
