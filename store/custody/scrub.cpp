#include "store/custody/scrub.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/custody/health.h"

namespace archive {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr double kMegabyte = 1e6;
constexpr auto kLongestNap = std::chrono::milliseconds(100);

std::string detail_of(const ObjectLook& seen) {
  if (seen.health != ObjectHealth::wrong_bytes) return "";
  if (!seen.actual) return "the archive's key does not open it";
  return std::to_string(seen.size_bytes) + " bytes that are those of " + seen.actual->text();
}

TimePoint last_time(const ScrubbedPart& part, const std::string& begun_at) {
  const auto moment = parse_iso8601(part.scrubbed_at.empty() ? begun_at : part.scrubbed_at);
  return moment.value_or(TimePoint{});
}

}  // namespace

/// What was done so far, and no faster than it may be.
struct Scrubber::Pace {
  const ScrubOptions& options;
  SteadyClock::time_point begun = SteadyClock::now();
  std::mutex mutex;  // guards what follows
  ScrubOutcome outcome;

  void count(std::uint64_t bytes) {
    std::int64_t done = 0;
    {
      const std::lock_guard lock(mutex);
      ++outcome.part.objects;
      outcome.part.bytes += static_cast<std::int64_t>(bytes);
      done = outcome.part.bytes;
      if (options.progress) options.progress(outcome.part.objects, done);
    }
    if (options.mb_per_second <= 0) return;
    const std::chrono::duration<double> wanted(static_cast<double>(done) / kMegabyte /
                                               options.mb_per_second);
    while (SteadyClock::now() - begun < wanted && !(options.stop != nullptr && *options.stop)) {
      const auto left = wanted - (SteadyClock::now() - begun);
      std::this_thread::sleep_for(std::min<std::chrono::duration<double>>(left, kLongestNap));
    }
  }

  void add(FoundDefect found) {
    const std::lock_guard lock(mutex);
    outcome.defects.push_back(std::move(found));
  }
};

Scrubber::Scrubber(const Records& records, const ObjectStore& objects,
                   const std::vector<Replica>& replicas, ScrubOptions options)
    : records_(records), objects_(objects), replicas_(replicas), options_(std::move(options)) {}

ScrubOutcome Scrubber::scrub(int part) {
  std::vector<Task> tasks;
  records_.for_each_use(part, [&tasks](const BlobId& blob, const ObjectUse& use) {
    tasks.push_back({blob, use});
  });
  Pace pace{.options = options_, .mutex = {}, .outcome = {}};
  pace.outcome.part.part = part;
  share_work(tasks.size(), options_.threads, options_.stop, [&](std::size_t i) {
    look_at(tasks[i], objects_, "", pace);
    for (const Replica& replica : replicas_) {
      // What it does not have yet, `replicate` brings.
      if (!replica.store().contains(tasks[i].blob)) continue;
      look_at(tasks[i], replica.store(), replica.folder().string(), pace);
    }
  });
  ScrubOutcome outcome = std::move(pace.outcome);
  outcome.complete = options_.stop == nullptr || !*options_.stop;
  std::ranges::sort(outcome.defects, {}, [](const FoundDefect& found) {
    return std::pair(found.object.text(), found.place);
  });
  outcome.part.defects = static_cast<std::int64_t>(outcome.defects.size());
  outcome.part.scrubbed_at = timestamp_now();
  return outcome;
}

void Scrubber::look_at(const Task& task, const ObjectStore& store, const std::string& place,
                       Pace& pace) {
  const ObjectLook seen = store.look(task.blob);
  const auto defect = defect_of(seen.health);
  if (defect) {
    pace.add({task.blob, place, *defect, detail_of(seen)});
  } else if (place.empty()) {
    // The same bytes can be read in every copy or in none.
    if (const auto fault = fault_in(task, store)) {
      pace.add({task.blob, place, Defect::undecodable, *fault});
    }
  }
  pace.count(seen.size_bytes);
}

std::optional<std::string> Scrubber::fault_in(const Task& task, const ObjectStore& store) const {
  if (is_derivative(task.use)) {
    try {
      return derivative_fault(store.get(task.blob), task.use);
    } catch (const ArchiveError& error) {
      return error.problem();
    }
  }
  if (task.use.pages.empty() || !options_.readable) return std::nullopt;
  return options_.readable(store.file_of(task.blob).path(), task.use);
}

std::vector<int> parts_due(const std::vector<ScrubbedPart>& parts, const std::string& begun_at,
                           int scrub_days, const std::string& now) {
  std::vector<ScrubbedPart> oldest = parts;
  std::ranges::stable_sort(oldest, {}, [&](const ScrubbedPart& part) {
    return std::pair(!part.scrubbed_at.empty(), last_time(part, begun_at));
  });
  const auto count = static_cast<int>(oldest.size());
  const int share = (count + scrub_days - 1) / scrub_days;
  const TimePoint tomorrow = parse_iso8601(now).value_or(TimePoint{}) + std::chrono::days(1);
  std::vector<int> due;
  for (const ScrubbedPart& part : oldest) {
    const bool late = last_time(part, begun_at) + std::chrono::days(scrub_days) <= tomorrow;
    if (late || static_cast<int>(due.size()) < share) due.push_back(part.part);
  }
  return due;
}

std::vector<int> parts_of_share(int n, int t) {
  std::vector<int> parts;
  for (int part = (n - 1) * kStoreParts / t; part < n * kStoreParts / t; ++part) {
    parts.push_back(part);
  }
  return parts;
}

}  // namespace archive
