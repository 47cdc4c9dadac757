#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// Where in a store the objects are, or would be, that were disposed of or are marked as garbage of
/// this `place` (GarbageCollector::collect). Some may be needed again: the records say.
std::map<std::filesystem::path, BlobId> released_places(Records& records, const ObjectStore& store,
                                                        const std::string& place);

/// What a collection did in one store.
struct GarbageOutcome {
  std::int64_t objects = 0;  ///< that are there
  std::int64_t marked = 0;   ///< found without need in this run
  std::int64_t waiting = 0;  ///< marked, and their grace is not over
  std::int64_t removed = 0;
  std::int64_t needed = 0;   ///< marked once, and needed or put again since
  std::int64_t bytes = 0;    ///< of what was removed
  bool complete = true;      ///< false when it was stopped
};

/// Removes objects that no record needs (garbage collection), in two phases: one run marks them,
/// and one that comes after the grace removes those that are still not needed. Both are entries of
/// the ledger. Before an object goes its need is asked again with the records locked, and one that
/// was put since `grace` ago stays: a file that is being filed is put before a record names it,
/// so `grace` must be longer than that takes where others write at the same time.
///
/// Safe to stop, kill and repeat. Whoever calls makes sure that the archive is sound (verify):
/// damaged records would say that nothing is needed.
class GarbageCollector {
 public:
  /// A writer; it must outlive this.
  GarbageCollector(Records& records, std::chrono::system_clock::duration grace,
                   const std::atomic<bool>* stop = nullptr)
      : records_(records), grace_(grace), stop_(stop) {}

  /// One store: the archive's own (`place` empty) or that of the replica in folder `place`.
  /// Throws ArchiveError{disk}.
  GarbageOutcome collect(ObjectStore& store, const std::string& place);
  /// The same without changing anything: `marked` and `removed` say what would be.
  GarbageOutcome look(const ObjectStore& store, const std::string& place) const;

 private:
  using Moment = std::chrono::system_clock::time_point;
  struct Waiting;

  bool stopped() const { return stop_ != nullptr && *stop_; }
  void sweep(ObjectStore& store, const std::string& place, Moment now, GarbageOutcome& outcome);
  void mark(const ObjectStore& store, const std::string& place, Moment now,
            GarbageOutcome& outcome);
  template <class Take>
  void find_unneeded(const ObjectStore& store, const std::string& place, Moment now,
                     GarbageOutcome& outcome, Take take) const;

  Records& records_;
  std::chrono::system_clock::duration grace_;
  const std::atomic<bool>* stop_;
};

}  // namespace archive
