#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/quality_text.h"
#include "ingest/delivery.h"
#include "ingest/page_check.h"
#include "store/records/quality_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

/// Prints every page as it comes and counts the verdicts.
class QualityReport {
 public:
  QualityReport(const QualityRules& rules, const QualityOptions& options, const Console& say)
      : rules_(rules), all_(options.all), say_(say) {}

  void add(const CheckedPage& page) {
    ++pages_;
    ++by_verdict_[page.verdict()];
    if (say_.json()) {
      say_.result_json(json_of(page));
    } else if (all_ || page.verdict() != Verdict::accept) {
      for (const std::string& line : page_lines(page, rules_, say_)) say_.result(line);
    }
    say_.flush();  // whoever waits for it holds the paper
  }

  int finish() const {
    const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    const std::string summary = fmt::format(
        "{} {}: {} {}, {} {}, {} {}  ({:.1f} {})", say_("检查页数", "pages checked"), pages_,
        say_("合格", "accepted"), count(Verdict::accept), say_("待查看", "to look at"),
        count(Verdict::look), say_("应重扫", "to be scanned again"), count(Verdict::rescan),
        seconds > 0 ? static_cast<double>(pages_) / seconds : 0.0, say_("页/秒", "pages a second"));
    if (say_.json()) {
      say_.note(summary);
    } else {
      say_.result(summary);
    }
    return count(Verdict::rescan) > 0 ? static_cast<int>(ErrorKind::rescan) : 0;
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::int64_t count(Verdict verdict) const {
    const auto found = by_verdict_.find(verdict);
    return found == by_verdict_.end() ? 0 : found->second;
  }

  Json json_of(const CheckedPage& page) const {
    Json json = {{"file", page.file},
                 {"page_in_file", page.page_in_file},
                 {"verdict", name_of(page.verdict())}};
    if (page.fault) {
      json["reason"] = name_of(page.fault->reason);
      json["detail"] = page.fault->detail;
    } else {
      json.update(quality_json(*page.quality, &rules_));
      json["measuring_ms"] = page.measuring_ms;
    }
    return json;
  }

  const QualityRules& rules_;
  bool all_;
  const Console& say_;
  std::int64_t pages_ = 0;
  std::map<Verdict, std::int64_t> by_verdict_;
  Clock::time_point began_ = Clock::now();
};

}  // namespace

int run_quality(const QualityOptions& options, const Console& say) {
  const Settings settings;
  const QualityRules rules = QualityRules::load(find_config_folder(settings));
  const Delivery delivery = look_at(options.inputs, "");
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const std::atomic<bool>& stop = stop_on_signals();
  PageChecker checker(settings.ingest.decode, rules, threads);
  QualityReport report(rules, options, say);
  checker.check(
      delivery.files, [&report](const CheckedPage& page) { report.add(page); }, stop);
  const int code = report.finish();
  return stop ? static_cast<int>(ErrorKind::interrupted) : code;
}

}  // namespace archive
