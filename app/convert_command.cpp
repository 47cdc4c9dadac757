#include <fmt/format.h>

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "app/keeping_commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/writing.h"
#include "ingest/conversion/jp2_writer.h"
#include "store/lifecycle/conversions.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "jp2";
constexpr const char* kPixelsEqual = "decoded again: size and every pixel equal";
// Pages that are converted before they are written down together.
constexpr int kAtOnce = 32;

bool equal(const Pixels& one, const Pixels& other) {
  return one.width == other.width && one.height == other.height &&
         one.channels == other.channels && one.bytes == other.bytes;
}

Json json_of(const Conversion& one) {
  return {{"source", one.source},
          {"page_in_file", one.page_in_file},
          {"from", one.from.text()},
          {"to", one.to.text()},
          {"format", one.format},
          {"tool", one.tool},
          {"version", one.version},
          {"check", one.check},
          {"converted_by", one.converted_by},
          {"converted_at", one.converted_at}};
}

/// Pages of one kind of file, a group at a time, until none is left.
class ConversionRun {
 public:
  ConversionRun(const ConvertOptions& options, const Console& say)
      : options_(options),
        say_(say),
        stop_(stop_on_signals()),
        folder_(ArchiveFolder::open(options.archive)),
        settings_(read_settings(folder_.settings_file())),
        records_(Records::open_writer(folder_.path(),
                                      writing_by(settings_, "convert", options.reason))),
        objects_(folder_.objects(), settings_.store.fsync),
        threads_(threads_or_cores(options.threads)),
        decoder_(settings_.ingest.decode, threads_) {}

  int run() {
    objects_.remove_unfinished();
    Conversions conversions(records_);
    PageNumber last = 0;
    while (!stop_) {
      const auto todo = conversions.next(options_.kind, kFormat, last, kAtOnce);
      if (todo.empty()) break;
      last = todo.back().page;
      std::vector<std::optional<Conversion>> made(todo.size());
      share_work(todo.size(), threads_, &stop_,
                 [&](std::size_t i) { made[i] = convert(todo[i]); });
      std::vector<Conversion> whole;
      for (auto& one : made) {
        if (one) whole.push_back(std::move(*one));
      }
      conversions.put(whole);
      converted_ += std::ssize(whole);
      say_.progress(fmt::format("{} {}", say_("已转换页", "pages converted"), converted_));
    }
    say_.end_progress();
    tell();
    if (stop_) return static_cast<int>(ErrorKind::interrupted);
    return failures_.empty() ? 0 : static_cast<int>(ErrorKind::set_aside);
  }

 private:
  std::optional<Conversion> convert(const Conversions::ToConvert& page) {
    const auto before = decoder_.page(objects_.sound_file_of(page.from).path(), page.page_in_file);
    if (!before) return fail(page, name_of(before.error().reason));
    std::string bytes;
    try {
      bytes = jp2_of(*before);
    } catch (const std::runtime_error& refused) {
      return fail(page, refused.what());
    }
    const BlobId to = objects_.put(bytes);
    const auto after = decoder_.page(objects_.sound_file_of(to).path(), 0);
    if (!after) return fail(page, name_of(after.error().reason));
    if (!equal(before->pixels, after->pixels)) return fail(page, "the pixels are others");
    const WritingTool tool = jp2_writing_tool();
    return Conversion{0,       page.source,          page.page_in_file, page.from,    to,
                      kFormat, std::string(tool.name), tool.version,    kPixelsEqual, {}, {}};
  }

  std::optional<Conversion> fail(const Conversions::ToConvert& page, std::string_view why) {
    const std::lock_guard lock(mutex_);
    failures_[page.page] = why;
    return std::nullopt;
  }

  void tell() const {
    if (say_.json()) {
      Json failures = Json::array();
      for (const auto& [page, why] : failures_) failures.push_back({{"page", page}, {"why", why}});
      say_.result(Json{{"converted", converted_},
                       {"failed", std::move(failures)},
                       {"complete", !stop_.load()}}
                      .dump());
      return;
    }
    for (const auto& [page, why] : failures_) {
      say_.result(fmt::format("{} {}: {}", say_("页", "page"), page, why));
    }
    say_.result(fmt::format("{}: {}; {}: {}", say_("已转换页", "pages converted"), converted_,
                            say_("未能转换，原件不变", "could not be, their originals stay"),
                            failures_.size()));
  }

  const ConvertOptions& options_;
  const Console& say_;
  const std::atomic<bool>& stop_;
  ArchiveFolder folder_;
  Settings settings_;
  Records records_;
  ObjectStore objects_;
  int threads_;
  DecoderPool decoder_;
  std::mutex mutex_;
  std::map<PageNumber, std::string> failures_;  // guarded by mutex_
  std::int64_t converted_ = 0;
};

}  // namespace

int run_convert(const ConvertOptions& options, const Console& say) {
  if (!options.list && options.kind.empty()) {
    throw ArchiveError(ErrorKind::usage, "convert", "no format of originals was named",
                       "name one, as in --from tiff, or see what was converted: --list");
  }
  if (!options.list) return ConversionRun(options, say).run();
  Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  Conversions(records).for_each([&](const Conversion& one) {
    if (say.json()) return say.result(json_of(one).dump());
    say.result(fmt::format("{} {}/{}  {} → {} {}  {} {}  {}  {} {}", say("文件", "file"),
                           one.source, one.page_in_file + 1, one.from.text(), one.format,
                           one.to.text(), one.tool, one.version, one.check, one.converted_by,
                           one.converted_at));
  });
  return 0;
}

}  // namespace archive
