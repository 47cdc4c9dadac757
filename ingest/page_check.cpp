#include "ingest/page_check.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <utility>

#include "ingest/pipeline.h"
#include "ingest/stage_clock.h"
#include "ocr/page/quality.h"

namespace archive {
namespace {

// A page waits in memory only as its measures.
constexpr int kPagesAThread = 8;

struct CheckTask {
  const SourceFile* file = nullptr;
  int page_in_file = 0;
  std::optional<PageFault> fault;  ///< of the file as a whole
};

std::string first_bytes_of(const std::filesystem::path& file) {
  std::array<char, 4096> bytes{};
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return {bytes.data(), static_cast<std::size_t>(in.gcount())};
}

/// The pages of a delivery, one after another.
class DeliveredPages {
 public:
  DeliveredPages(const std::vector<SourceFile>& files, const DecodeSettings& settings,
                 DecoderPool& decoder)
      : files_(files), settings_(settings), decoder_(decoder) {}

  std::optional<CheckTask> next() {
    while (page_ >= pages_) {
      if (at_ == files_.size()) return std::nullopt;
      const SourceFile& file = files_[at_++];
      page_ = pages_ = 0;
      if (auto fault = open(file)) return CheckTask{&file, 0, std::move(fault)};
    }
    return CheckTask{&files_[at_ - 1], page_++, std::nullopt};
  }

 private:
  std::optional<PageFault> open(const SourceFile& file) {
    const auto fault = [](FaultReason reason, std::string detail = {}) {
      return PageFault{Stage::receive, reason, std::move(detail)};
    };
    if (file.size_bytes == 0) return fault(FaultReason::empty_file);
    if (file.size_bytes > settings_.file_bytes_max) return fault(FaultReason::too_large);
    const std::string bytes = first_bytes_of(file.path);
    if (bytes.empty()) return fault(FaultReason::unreadable_file);
    if (kind_of(bytes) == SourceKind::other) {
      const Carrier carrier = carrier_of(bytes, file.path);
      if (carrier != Carrier::image && carrier != Carrier::other) return std::nullopt;
      return fault(unread_format(bytes).empty() ? FaultReason::not_an_image
                                                : FaultReason::unsupported);
    }
    const auto summary = decoder_.summary(file.path);
    if (!summary) return summary.error();
    if (summary->pages == 0) return fault(FaultReason::no_pages);
    if (summary->pages > settings_.pages_max) return fault(FaultReason::too_many_pages);
    pages_ = summary->pages;
    return std::nullopt;
  }

  const std::vector<SourceFile>& files_;
  const DecodeSettings& settings_;
  DecoderPool& decoder_;
  std::size_t at_ = 0;
  int page_ = 0;
  int pages_ = 0;
};

}  // namespace

Verdict CheckedPage::verdict() const {
  if (quality) return quality->verdict;
  switch (fault->reason) {
    case FaultReason::not_an_image:
    case FaultReason::unsupported:
    case FaultReason::encrypted:
    case FaultReason::too_large:
    case FaultReason::too_many_pages:
      return Verdict::look;
    default:
      return Verdict::rescan;
  }
}

PageChecker::PageChecker(const DecodeSettings& settings, const QualityRules& rules, int threads)
    : settings_(settings), rules_(rules), threads_(threads), decoder_(settings_, threads) {}

void PageChecker::check(const std::vector<SourceFile>& files,
                        const std::function<void(const CheckedPage&)>& report,
                        const std::atomic<bool>& stop) {
  DeliveredPages pages(files, settings_, decoder_);
  PipelineParts<CheckTask, CheckedPage> parts;
  parts.next = [&] { return stop ? std::nullopt : pages.next(); };
  parts.work = [this](const CheckTask& task) {
    CheckedPage page{task.file->name, task.page_in_file, task.fault, std::nullopt, 0};
    if (page.fault) return page;
    const auto image = decoder_.page(task.file->path, task.page_in_file);
    if (image) {
      StageClock clock;
      {
        const StageClock::Measure measure(clock, Stage::clean);
        page.quality = rules_.judge(measure_quality(*image));
      }
      page.measuring_ms = 1000 * clock.of(Stage::clean).cpu_seconds;
    } else {
      page.fault = image.error();
    }
    return page;
  };
  parts.finish = [&report](const CheckTask&, const CheckedPage& page) { report(page); };
  run_pipeline(parts, threads_, kPagesAThread * threads_);
}

}  // namespace archive
