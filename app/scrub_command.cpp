#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "store/custody/scrub.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kAtOnce{0};

std::vector<int> chosen_parts(const ScrubCommandOptions& options, const Records& records,
                              const Settings& settings) {
  if (options.all && !options.part.empty()) {
    throw ArchiveError(ErrorKind::usage, "scrub", "a part and all of it were asked for",
                       "give --part or --all");
  }
  if (options.all) return parts_of_share(1, 1);
  if (options.part.empty()) {
    return parts_due(records.scrubbed_parts(), records.begun_at(), settings.custody.scrub_days,
                     timestamp_now());
  }
  const std::size_t slash = options.part.find('/');
  int n = 0;
  int t = 0;
  const char* begin = options.part.data();
  const char* end = begin + options.part.size();
  if (slash != std::string::npos) {
    const auto first = std::from_chars(begin, begin + slash, n);
    const auto second = std::from_chars(begin + slash + 1, end, t);
    if (first.ptr != begin + slash || second.ptr != end) t = 0;
  }
  if (t < 1 || t > kStoreParts || n < 1 || n > t) {
    throw ArchiveError(ErrorKind::usage, "scrub --part " + options.part,
                       "a part is n/t, with 1 <= n <= t <= " + std::to_string(kStoreParts),
                       "for a seventh of the store: --part 1/7");
  }
  return parts_of_share(n, t);
}

/// One run: looks at part after part and writes down what was found as soon as nobody else writes.
class ScrubRun {
 public:
  ScrubRun(const ScrubCommandOptions& options, const ArchiveFolder& folder,
           const Settings& settings, const Console& say)
      : say_(say),
        folder_(folder),
        writing_(writing_by(settings, "scrub", "scheduled check of every object")),
        records_(Records::open_reader(folder.path())),
        objects_(folder.objects()),
        replicas_(reachable_replicas(settings, records_.archive_id(), say, all_replicas_)),
        reading_(settings, threads_or_cores(options.threads)),
        parts_(chosen_parts(options, records_, settings)),
        stop_(stop_on_signals()) {
    scrubbing_.threads = threads_or_cores(options.threads);
    scrubbing_.mb_per_second =
        options.limit > 0 ? options.limit : settings.custody.scrub_mb_per_second;
    scrubbing_.readable = reading_.function();
    scrubbing_.stop = &stop_;
    scrubbing_.progress = [this](std::int64_t objects, std::int64_t bytes) {
      say_.progress(fmt::format("{} {}  {}", say_("已检查对象", "objects looked at"),
                                objects_done_ + objects, mebibytes(bytes_done_ + bytes)));
    };
  }

  int run() {
    Scrubber scrubber(records_, objects_, replicas_, scrubbing_);
    for (const int part : parts_) {
      ScrubOutcome outcome = scrubber.scrub(part);
      objects_done_ += outcome.part.objects;
      bytes_done_ += outcome.part.bytes;
      if (!outcome.complete) break;
      ++parts_done_;
      pending_.push_back(std::move(outcome));
      write_down(kAtOnce);
    }
    write_down(kWriterPatience);
    say_.end_progress();
    tell();
    if (!pending_.empty()) {
      throw ArchiveError(ErrorKind::archive_locked, folder_.path().string(),
                         "what was found could not be written down: another process is writing",
                         "run scrub again when it has ended; these parts count as not scrubbed");
    }
    if (stop_) return static_cast<int>(ErrorKind::interrupted);
    return defects_.empty() ? 0 : static_cast<int>(ErrorKind::damage);
  }

 private:
  void write_down(std::chrono::seconds patience) {
    if (pending_.empty()) return;
    auto records = writer_when_free(folder_, writing_, patience);
    if (!records) return;
    for (const ScrubOutcome& outcome : pending_) {
      const auto fresh = records->put_scrubbed(outcome.part, outcome.defects);
      tasks_.insert(tasks_.end(), fresh.begin(), fresh.end());
      defects_.insert(defects_.end(), outcome.defects.begin(), outcome.defects.end());
    }
    pending_.clear();
  }

  void tell() const {
    std::vector<FoundDefect> all = defects_;
    for (const ScrubOutcome& outcome : pending_) {
      all.insert(all.end(), outcome.defects.begin(), outcome.defects.end());
    }
    if (say_.json()) {
      Json list = Json::array();
      for (const FoundDefect& found : all) {
        list.push_back({{"object", found.object.text()},
                        {"place", found.place},
                        {"defect", name_of(found.defect)},
                        {"detail", found.detail}});
      }
      const Json json = {{"parts", parts_done_},     {"objects", objects_done_},
                         {"bytes", bytes_done_},     {"defects", std::move(list)},
                         {"new_tasks", tasks_},      {"written_down", pending_.empty()},
                         {"complete", !stop_.load()}};
      say_.result(json.dump());
      return;
    }
    for (const FoundDefect& found : all) {
      say_.result(fmt::format("{} {}  {}  {}  {}", say_("缺陷", "DEFECT"), name_of(found.defect),
                              found.object.text(), found.place, found.detail));
    }
    say_.result(fmt::format(
        "{}: {}/{}, {} {}, {}; {} {}, {} {}", say_("已检查分区", "parts looked at"), parts_done_,
        kStoreParts, objects_done_, say_("个对象", "objects"), mebibytes(bytes_done_), all.size(),
        say_("处缺陷", "defects"), tasks_.size(), say_("项新任务", "new tasks")));
    if (!all.empty()) {
      say_.note(say_("修复：juanzong repair --reason \"...\"；任务清单：juanzong task list",
                     "to repair: juanzong repair --reason \"...\"; the tasks: juanzong task list"));
    }
  }

  const Console& say_;
  const ArchiveFolder& folder_;
  Records::Writing writing_;
  Records records_;
  ObjectStore objects_;
  bool all_replicas_ = true;
  std::vector<Replica> replicas_;
  SourceReading reading_;
  std::vector<int> parts_;
  const std::atomic<bool>& stop_;
  ScrubOptions scrubbing_;
  std::vector<ScrubOutcome> pending_;  // looked at, and not written down yet
  std::vector<FoundDefect> defects_;
  std::vector<TaskNumber> tasks_;
  int parts_done_ = 0;
  std::int64_t objects_done_ = 0;
  std::int64_t bytes_done_ = 0;
};

}  // namespace

int run_scrub(const ScrubCommandOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records::upgrade(folder.path(), writing_by(settings, "scrub"));
  return ScrubRun(options, folder, settings, say).run();
}

}  // namespace archive
