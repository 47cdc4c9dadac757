#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/custody.h"
#include "store/custody/readable.h"
#include "store/custody/replica.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

struct ScrubOptions {
  int threads = 2;
  double mb_per_second = 0;  ///< of 10^6 bytes; 0: as fast as it goes
  ReadSource readable;       ///< nothing: sources are hashed and not decoded
  const std::atomic<bool>* stop = nullptr;
  /// Called now and then, from one thread at a time.
  std::function<void(std::int64_t objects, std::int64_t bytes)> progress;
};

/// What a look at one part of the store found.
struct ScrubOutcome {
  ScrubbedPart part;
  std::vector<FoundDefect> defects;
  bool complete = true;  ///< false when it was stopped: the part counts as not scrubbed
};

/// Re-hashes and decodes every object of a part that the records need, in the archive and in each
/// replica that has it. Changes nothing and may run beside a writer. Objects that no record names
/// are the business of verify().
class Scrubber {
 public:
  /// All of them must outlive it.
  Scrubber(const Records& records, const ObjectStore& objects, const std::vector<Replica>& replicas,
           ScrubOptions options);

  ScrubOutcome scrub(int part);

 private:
  struct Pace;
  struct Task {
    BlobId blob;
    ObjectUse use;
  };
  void look_at(const Task& task, const ObjectStore& store, const std::string& place, Pace& pace);
  std::optional<std::string> fault_in(const Task& task, const ObjectStore& store) const;

  const Records& records_;
  const ObjectStore& objects_;
  const std::vector<Replica>& replicas_;
  ScrubOptions options_;
};

/// The parts that are to be scrubbed today: those that would be overdue tomorrow, and at least a
/// day's share, the oldest first. `begun_at` stands for the last time of a part that never was.
std::vector<int> parts_due(const std::vector<ScrubbedPart>& parts, const std::string& begun_at,
                           int scrub_days, const std::string& now);
/// Part n of t of the store, n from 1: all parts of it.
std::vector<int> parts_of_share(int n, int t);

}  // namespace archive
