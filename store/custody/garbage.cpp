#include "store/custody/garbage.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <vector>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// Marks and removals of so many objects are one entry of the ledger and one time of locking.
constexpr std::int64_t kAtOnce = 1'000;
// The needs of so many are held in memory at a time, 8 bytes each; the store is listed once for
// each such group.
constexpr std::int64_t kNeedsAtOnce = 8'000'000;
constexpr std::size_t kKeyDigits = 16;

/// The beginning of a hash. Two objects with the same one are both kept for the need of either.
std::uint64_t key_of(const BlobId& blob) {
  std::uint64_t key = 0;
  const std::string_view hex = blob.hex();
  std::from_chars(hex.data(), hex.data() + kKeyDigits, key, 16);
  return key;
}

std::string written(std::chrono::system_clock::time_point moment) {
  return iso8601(std::chrono::floor<std::chrono::milliseconds>(moment), {});
}

bool older_than(const fs::path& path, std::chrono::system_clock::time_point moment) {
  std::error_code gone;
  const auto changed = fs::last_write_time(path, gone);
  return !gone && std::chrono::file_clock::to_sys(changed) < moment;
}

std::set<BlobId> waiting_in(Database& database, const std::string& place) {
  Rows rows =
      database.query("SELECT object FROM garbage WHERE place = $1 AND outcome = ''", {place});
  std::set<BlobId> found;
  while (rows.next()) {
    if (const auto blob = BlobId::parse(rows.text())) found.insert(*blob);
  }
  return found;
}

}  // namespace

std::map<fs::path, BlobId> released_places(Records& records, const ObjectStore& store,
                                           const std::string& place) {
  Rows rows = records.inside().database.query(
      "SELECT object FROM disposed_objects UNION "
      "SELECT object FROM garbage WHERE place = $1 AND outcome = ''",
      {place});
  std::map<fs::path, BlobId> places;
  while (rows.next()) {
    if (const auto blob = BlobId::parse(rows.text())) places.emplace(store.path_of(*blob), *blob);
  }
  return places;
}

struct GarbageCollector::Waiting {
  std::int64_t number = 0;
  BlobId object;
};

GarbageOutcome GarbageCollector::collect(ObjectStore& store, const std::string& place) {
  GarbageOutcome outcome;
  const Moment now = std::chrono::system_clock::now();
  sweep(store, place, now, outcome);
  mark(store, place, now, outcome);
  outcome.waiting = records_.inside().database.number(
      "SELECT COUNT(*) FROM garbage WHERE place = $1 AND outcome = ''", {place});
  outcome.complete = !stopped();
  return outcome;
}

GarbageOutcome GarbageCollector::look(const ObjectStore& store, const std::string& place) const {
  GarbageOutcome outcome;
  const Moment now = std::chrono::system_clock::now();
  find_unneeded(store, place, now, outcome, [](const BlobId&) {});
  Database& database = records_.inside().database;
  outcome.waiting = database.number(
      "SELECT COUNT(*) FROM garbage WHERE place = $1 AND outcome = ''", {place});
  outcome.removed = database.number(
      "SELECT COUNT(*) FROM garbage WHERE place = $1 AND outcome = '' AND marked_at <= $2",
      {place, written(now - grace_)});
  outcome.complete = !stopped();
  return outcome;
}

// Files go inside the transaction: nobody can begin to need one between the question and the
// removal. One that is gone when the transaction is lost is found missing by the next run.
void GarbageCollector::sweep(ObjectStore& store, const std::string& place, Moment now,
                             GarbageOutcome& outcome) {
  Records::Impl& impl = records_.inside();
  std::int64_t last = 0;
  while (!stopped()) {
    RecordedTransaction transaction(impl, {Right::operate, Right::manage});
    std::vector<Waiting> due;
    {
      Rows rows = impl.database.query(
          "SELECT garbage, object FROM garbage WHERE place = $1 AND outcome = '' "
          "AND marked_at <= $2 AND garbage > $3 ORDER BY garbage LIMIT $4",
          {place, written(now - grace_), last, kAtOnce});
      while (rows.next()) {
        const std::int64_t number = rows.integer();
        if (const auto blob = BlobId::parse(rows.text())) due.push_back({number, *blob});
      }
    }
    if (due.empty()) return;
    last = due.back().number;
    std::set<BlobId> asked;
    std::set<BlobId> needed;
    for (const Waiting& one : due) asked.insert(one.object);
    records_.for_each_reference([&](const BlobId& blob, std::string_view, std::int64_t) {
      if (asked.contains(blob)) needed.insert(blob);
    });
    std::int64_t removed = 0;
    for (const Waiting& one : due) {
      bool goes = !needed.contains(one.object);
      if (goes) {
        const auto size = store.size_of(one.object).value_or(0);
        goes = store.remove(one.object, now - grace_) != ObjectStore::Removal::kept;
        if (goes) outcome.bytes += static_cast<std::int64_t>(size);
      }
      impl.database.execute("UPDATE garbage SET outcome = $2, ended_at = $3 WHERE garbage = $1",
                            {one.number, goes ? "removed" : "needed", timestamp_now()});
      removed += goes ? 1 : 0;
    }
    outcome.removed += removed;
    outcome.needed += std::ssize(due) - removed;
    impl.note("garbage_removed", "archive", 0,
              json_object({{"objects", removed}, {"needed", std::ssize(due) - removed}}));
    transaction.commit();
  }
}

void GarbageCollector::mark(const ObjectStore& store, const std::string& place, Moment now,
                            GarbageOutcome& outcome) {
  Records::Impl& impl = records_.inside();
  std::vector<BlobId> found;
  const auto write_down = [&] {
    if (found.empty()) return;
    RecordedTransaction transaction(impl, {Right::operate, Right::manage});
    for (const BlobId& blob : found) {
      impl.database.execute(
          "INSERT INTO garbage (object, place, marked_at) VALUES ($1, $2, $3)",
          {blob.text(), place, written(now)});
    }
    impl.note("garbage_marked", "archive", 0, json_object({{"objects", std::ssize(found)}}));
    transaction.commit();
    found.clear();
  };
  find_unneeded(store, place, now, outcome, [&](const BlobId& blob) {
    found.push_back(blob);
    if (std::ssize(found) >= kAtOnce) write_down();
  });
  write_down();
}

template <class Take>
void GarbageCollector::find_unneeded(const ObjectStore& store, const std::string& place,
                                     Moment now, GarbageOutcome& outcome, Take take) const {
  const std::set<BlobId> waiting = waiting_in(records_.inside().database, place);
  // An encrypted object that is damaged does not say any more which it is.
  const auto released = store.encrypted() ? released_places(records_, store, place)
                                          : std::map<fs::path, BlobId>{};
  std::int64_t references = 0;
  records_.for_each_reference(
      [&references](const BlobId&, std::string_view, std::int64_t) { ++references; });
  const std::uint64_t groups = static_cast<std::uint64_t>(references / kNeedsAtOnce) + 1;
  for (std::uint64_t group = 0; group < groups && !stopped(); ++group) {
    const auto mine = [&](std::uint64_t key) { return key % groups == group; };
    std::vector<std::uint64_t> needs;
    // In hash order, so that the keys are sorted.
    records_.for_each_reference([&](const BlobId& blob, std::string_view, std::int64_t) {
      const std::uint64_t key = key_of(blob);
      if (mine(key) && (needs.empty() || needs.back() != key)) needs.push_back(key);
    });
    store.for_each([&](std::optional<BlobId> blob, const fs::path& path) {
      if (stopped()) return;
      if (const auto known = released.find(path); !blob && known != released.end()) {
        blob = known->second;
      }
      if (!blob) return;
      const std::uint64_t key = key_of(*blob);
      if (!mine(key)) return;
      ++outcome.objects;
      if (std::ranges::binary_search(needs, key) || waiting.contains(*blob)) return;
      if (!older_than(path, now - grace_)) return;
      ++outcome.marked;
      take(*blob);
    });
  }
}

}  // namespace archive
