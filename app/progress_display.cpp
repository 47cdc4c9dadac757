#include "app/progress_display.h"

#include <fmt/format.h>

#include "app/quality_text.h"
#include "app/words.h"

namespace archive {
namespace {

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlainLine{10};

std::string as_time(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

ProgressDisplay::ProgressDisplay(const Console& console, bool quality_told)
    : console_(console), quality_told_(quality_told) {}

ProgressDisplay::~ProgressDisplay() {
  if (reading_) show_pages(true);
}

bool ProgressDisplay::time_to_show() {
  const auto now = Clock::now();
  const auto pace = console_.live() ? Clock::duration(kRedraw) : Clock::duration(kPlainLine);
  if (now - last_shown_ < pace) return false;
  last_shown_ = now;
  return true;
}

void ProgressDisplay::received(std::int64_t files_done, std::int64_t files_in_all) {
  if (files_done < files_in_all && !time_to_show()) return;
  const std::string line =
      fmt::format("{} {}/{}", console_("接收文件", "files received"), files_done, files_in_all);
  if (console_.live()) {
    console_.progress(line);
  } else {
    console_.note(line);
  }
}

void ProgressDisplay::source_noted(const SourceRecord& source, const std::string& remark) {
  console_.end_progress();
  console_.note(fmt::format("  {}: {}", source.name, words_for(remark, console_)));
}

void ProgressDisplay::reading_begins(std::int64_t pages_to_do, std::int64_t pages_done_before) {
  reading_ = true;
  to_do_ = pages_to_do;
  done_ = 0;
  reading_since_ = last_shown_ = Clock::now();
  console_.end_progress();
  console_.note(fmt::format("{} {}, {} {}", console_("待处理页", "pages to do"), pages_to_do,
                            console_("此前已完成", "done before"), pages_done_before));
}

void ProgressDisplay::page_judged(const PageRecord& page) {
  if (quality_told_ || !page.quality || page.quality->verdict == Verdict::accept) return;
  console_.end_progress();
  console_.note(fmt::format("  {} #{}: {}", page.source_name, page.occurrence.page_in_file + 1,
                            verdict_text(page.quality->verdict, console_)));
  for (const std::string& line : quality_lines(*page.quality, quality_words(), console_)) {
    console_.note("    " + line);
  }
}

void ProgressDisplay::page_filed(const PageRecord& page) {
  if (reading_) ++done_;
  if (page.fault) {
    ++set_aside_[page.fault->stage];
    if (reading_) {
      console_.end_progress();
      console_.note(fmt::format("  {} #{}: {}", page.source_name, page.occurrence.page_in_file + 1,
                                words_for(name_of(page.fault->reason), console_)));
    }
  }
  if (reading_ && time_to_show()) show_pages(false);
}

std::string ProgressDisplay::set_aside_by_stage() const {
  std::string text;
  for (const auto& [stage, count] : set_aside_) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name_of(stage), count);
  }
  return text.empty() ? std::string("0") : text;
}

void ProgressDisplay::show_pages(bool final) {
  const double elapsed = std::chrono::duration<double>(Clock::now() - reading_since_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  const double left = rate > 0 ? static_cast<double>(to_do_ - done_) / rate : 0;
  const std::string line = fmt::format(
      "{} {}/{}  {:.1f} {}  {} {}  {} {}", console_("已处理", "pages"), done_, to_do_, rate * 60,
      console_("页/分", "a minute"), final ? console_("用时", "took") : console_("剩余", "left"),
      as_time(final ? elapsed : left), console_("未归档", "set aside"), set_aside_by_stage());
  if (console_.live() && !final) {
    console_.progress(line);
  } else {
    console_.end_progress();
    console_.note(line);
  }
}

}  // namespace archive
