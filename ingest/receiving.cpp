#include "ingest/receiving.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "ingest/pipeline.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// Files received at once: enough to keep the threads busy behind a slow one, few enough that a
// kill repeats little.
constexpr int kFilesAtOnce = 32;

/// A file as far as it could be taken in.
struct Received {
  SourceRecord source;
  std::optional<PageFault> fault;
};

/// Waits until a file that was changed a moment ago keeps still: a scanner may be
/// writing it. Gives up after ten times the quiet time; then the file is taken as it
/// is, and its bytes tell whether it was whole.
void wait_until_still(const fs::path& path, std::chrono::milliseconds quiet) {
  using Clock = fs::file_time_type::clock;
  constexpr int kPatience = 10;
  const auto give_up = std::chrono::steady_clock::now() + kPatience * quiet;
  while (std::chrono::steady_clock::now() < give_up) {
    std::error_code gone;
    const auto changed = fs::last_write_time(path, gone);
    if (gone) return;
    const auto age = Clock::now() - changed;
    // A date in the future is a wrong clock somewhere, not a file being written.
    if (age >= quiet || age < -quiet) return;
    std::this_thread::sleep_for(
        std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(quiet - age),
                   std::chrono::milliseconds(1), quiet));
  }
}

class Receiver {
 public:
  Receiver(const BatchRecord& batch, ReceivingTools& tools) : batch_(batch), tools_(tools) {}

  /// Thread-safe: touches the store and the decoder, not the records.
  Received take_in(const SourceFile& file) const {
    const StageClock::Measure measure(tools_.clock, Stage::receive);
    Received received;
    received.source.batch = batch_.number;
    received.source.name = file.name;
    received.source.size_bytes = file.size_bytes;
    received.source.handed_in_as = file.handed_in_as;
    received.fault = store_and_look(file, received.source);
    if (received.fault) received.source.pages = 1;
    return received;
  }

  /// Serial. Returns the source as recorded.
  SourceRecord record(const Received& received, std::int64_t& next_order) {
    SourceRecord fresh = received.source;
    fresh.first_order = next_order;
    SourceRecord source = tools_.records.add_source(fresh);
    if (source.first_order == next_order) next_order += std::max(1, received.source.pages);
    // A file that does not open this time has the pages it had: each of them is read, or set aside.
    const bool known = received.fault && source.pages > 1;
    if (!known && source.pages != received.source.pages) {
      tools_.records.set_source_pages(source.number, received.source.pages,
                                      received.source.warnings);
      source.pages = received.source.pages;
      next_order = tools_.records.next_order(batch_.number);
    }
    if (received.fault && !known) set_aside(source, *received.fault);
    if (received.fault || source.carrier != Carrier::image || source.repeat_of != 0) {
      tools_.progress.source_noted(source, remark_on(received, source));
    }
    return source;
  }

 private:
  std::optional<PageFault> store_and_look(const SourceFile& file, SourceRecord& source) const {
    if (tools_.wait_until_stable) wait_until_still(file.path, tools_.settings.stable_after);
    auto stored = tools_.objects.put_file(file.path, tools_.settings.decode.file_bytes_max);
    if (!stored) return stored.error();
    source.blob = stored->blob;
    source.size_bytes = stored->size_bytes;
    source.kind = kind_of(stored->first_bytes);
    source.carrier = carrier_of(stored->first_bytes, file.path);
    if (source.kind != SourceKind::other) {
      return look_into(tools_.objects, tools_.decoder, tools_.settings.decode, source);
    }
    source.pages = 0;
    return why_unread(stored->first_bytes, source.carrier);
  }

  // What is meant to be kept only (sound, film, office files) is no fault. Anything else may
  // be a scan that was spoilt or packed, and a person must hear of it.
  static std::optional<PageFault> why_unread(std::string_view first_bytes, Carrier carrier) {
    if (carrier != Carrier::image && carrier != Carrier::other) return std::nullopt;
    const std::string_view format = unread_format(first_bytes);
    if (!format.empty()) {
      return PageFault{Stage::receive, FaultReason::unsupported,
                       std::string(format) + " is kept as it is and not read"};
    }
    return PageFault{Stage::receive, FaultReason::not_an_image,
                     carrier == Carrier::image
                         ? "named as a picture, but the first bytes belong to no known format"
                         : "the first bytes belong to no known format"};
  }

  void set_aside(const SourceRecord& source, const PageFault& fault) {
    if (!tools_.records.pages_done(source.number).empty()) return;
    PageRecord page;
    page.occurrence = {batch_.number, source.number, 0, source.first_order};
    page.source_name = source.name;
    page.source_blob = source.blob;
    page.state = PageState::set_aside;
    page.fault = fault;
    page.number = tools_.records.put_page(page);
    tools_.progress.page_filed(page);
  }

  static std::string remark_on(const Received& received, const SourceRecord& source) {
    if (received.fault) return std::string(name_of(received.fault->reason));
    if (source.carrier != Carrier::image) return "kept_unread";
    return "repeat";
  }

  const BatchRecord& batch_;
  ReceivingTools& tools_;
};

}  // namespace

std::optional<PageFault> look_into(const ObjectStore& objects, DecoderPool& decoder,
                                   const DecodeSettings& settings, SourceRecord& source) {
  const auto summary = decoder.summary(objects.file_of(*source.blob).path());
  if (!summary) return summary.error();
  source.pages = summary->pages;
  source.warnings = summary->warnings;
  if (summary->pages == 0) return PageFault{Stage::receive, FaultReason::no_pages, "no page"};
  if (summary->pages > settings.pages_max) {
    return PageFault{Stage::receive, FaultReason::too_many_pages,
                     std::to_string(summary->pages) + " pages"};
  }
  return std::nullopt;
}

std::vector<SourceRecord> receive(const Delivery& delivery, const BatchRecord& batch,
                                  ReceivingTools& tools, const std::atomic<bool>& stop) {
  Receiver receiver(batch, tools);
  const auto count = static_cast<std::int64_t>(delivery.files.size());
  std::int64_t next_order = tools.records.next_order(batch.number);
  std::int64_t begun = 0;
  PipelineParts<std::int64_t, Received> parts;
  parts.next = [&]() -> std::optional<std::int64_t> {
    return begun < count && !stop ? std::optional(begun++) : std::nullopt;
  };
  parts.work = [&](std::int64_t i) {
    return receiver.take_in(delivery.files[static_cast<std::size_t>(i)]);
  };
  parts.finish = [&](std::int64_t i, const Received& received) {
    receiver.record(received, next_order);
    tools.progress.received(i + 1, count);
  };
  run_pipeline(parts, tools.threads, kFilesAtOnce);
  return tools.records.sources(batch.number);
}

}  // namespace archive
