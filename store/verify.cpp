#include "store/verify.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <span>
#include <thread>
#include <utility>

#include "core/error.h"
#include "store/archive_folder.h"
#include "store/custody/garbage.h"
#include "store/ledger/access_log.h"
#include "store/lifecycle/access_note.h"
#include "store/ledger/head_log.h"
#include "store/objects/digest.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "store/records/schema.h"
#include "store/sealing/cipher.h"
#include "store/sealing/keyring.h"
#include "store/verify_findings.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kBetweenReports = std::chrono::milliseconds(200);
constexpr int kThreadsMax = 64;
constexpr const char* kUnopened = "is not opened by the archive's key: it was changed or cut off";

Digest bytes_of(const BlobId& blob) {
  const std::string bytes = bytes_of_hex(blob.hex()).value();
  Digest digest{};
  std::ranges::copy(std::as_bytes(std::span(bytes)), digest.begin());
  return digest;
}

std::string row_named(std::string_view purpose, std::int64_t number) {
  const bool of_source = purpose == "source" || purpose == "conversion";
  const std::string table = of_source ? "source" : purpose == "report" ? "batch" : "page";
  return table + " " + std::to_string(number);
}

/// One run of verify().
class Verification {
 public:
  Verification(const ArchiveFolder& archive, const VerifyOptions& options)
      : archive_(archive),
        options_(options),
        sink_(options),
        objects_(archive.objects()),
        begun_(Clock::now()) {}

  VerifyResult run() {
    look_beside_the_objects();
    rehash_all();
    check_records();
    check_single_files();
    for (const fs::path& path : unopened_) {
      sink_.add(FindingKind::stray, "", place(path),
                "is no object: the archive's key does not open it, and no record has it");
    }
    sink_.release();
    const VerifyCounts done = counts();
    if (done.objects == 0) {
      sink_.add(FindingKind::nothing_checked, "", place(objects_.top()),
                "there is no object to verify");
    }
    return sink_.finish(done);
  }

 private:
  /// What the records need of one shard of the object store.
  struct Needed {
    std::string purpose;
    std::string referrer;
    std::int64_t references = 0;
  };
  using NeededObjects = std::map<BlobId, Needed>;

  VerifyCounts counts() const {
    const std::chrono::duration<double> seconds = Clock::now() - begun_;
    return {objects_done_, bytes_done_, references_, batches_, seconds.count()};
  }

  std::string place(const fs::path& path) const {
    return path.lexically_relative(archive_.path()).string();
  }

  void look_beside_the_objects();
  void rehash_all();
  void rehash_shard(const fs::path& shard);
  void rehash(const BlobId& blob, const fs::path& path);
  int older_schema() const;
  void check_records();
  void check_single_files();
  void follow_references(const Records& records);
  void follow_encrypted(Records& records);
  void check_shard(const fs::path& shard, const NeededObjects& needed);
  void check_batches(const Records& records);
  void check_access_log(const Records& records);
  std::vector<fs::path> shards();

  const ArchiveFolder& archive_;
  const VerifyOptions& options_;
  FindingSink sink_;
  ObjectStore objects_;
  Clock::time_point begun_;
  std::atomic<std::int64_t> objects_done_{0};
  std::atomic<std::int64_t> bytes_done_{0};
  std::int64_t references_ = 0;
  std::int64_t batches_ = 0;
  std::mutex known_mutex_;
  // Of an encrypted archive, guarded by known_mutex_ while objects are hashed: what is there, 32
  // bytes an object, for the names of files say nothing; and files that did not say what they are.
  std::vector<Digest> known_;
  std::set<fs::path> unopened_;
};

void Verification::look_beside_the_objects() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(archive_.objects(), error)) {
    const std::string name = entry.path().filename().string();
    if (name == objects_.top().filename() || name == "tmp" || name == "doomed") continue;
    sink_.add(FindingKind::stray, "", place(entry.path()), "is no part of an object store");
  }
  for (const auto& entry : fs::directory_iterator(archive_.objects() / "tmp", error)) {
    sink_.add(FindingKind::unfinished_file, "", place(entry.path()),
              "was being written when a process ended, or is being written now");
  }
  for (const auto& entry : fs::directory_iterator(archive_.objects() / "doomed", error)) {
    sink_.add(FindingKind::unfinished_file, "", place(entry.path()),
              "was being removed when a process ended, or is being removed now");
  }
}

std::vector<fs::path> Verification::shards() {
  try {
    return objects_.shards();
  } catch (const ArchiveError& error) {
    sink_.add(FindingKind::unreadable_folder, "", place(objects_.top()), error.problem());
    return {};
  }
}

void Verification::rehash_all() {
  const std::vector<fs::path> work = shards();
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::condition_variable ended;
  int running = std::clamp(options_.threads, 1, kThreadsMax);
  std::exception_ptr failure;
  std::vector<std::jthread> threads;
  for (int i = running; i > 0; --i) {
    threads.emplace_back([&] {
      std::exception_ptr caught;
      try {
        for (std::size_t at = next++; at < work.size(); at = next++) rehash_shard(work[at]);
      } catch (...) {
        caught = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      if (caught) failure = caught;
      --running;
      ended.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  while (!ended.wait_for(lock, kBetweenReports, [&running] { return running == 0; })) {
    if (options_.progress) options_.progress(counts());
  }
  if (failure) std::rethrow_exception(failure);
}

void Verification::rehash_shard(const fs::path& shard) {
  try {
    objects_.for_each_in(shard, [this](const std::optional<BlobId>& blob, const fs::path& path) {
      if (blob) {
        rehash(*blob, path);
      } else if (objects_.encrypted() && fs::is_regular_file(fs::symlink_status(path))) {
        const std::lock_guard lock(known_mutex_);
        unopened_.insert(path);
      } else {
        sink_.add(FindingKind::stray, "", place(path),
                  "is no object: its name is no hash, or "
                  "it is no ordinary file");
      }
    });
  } catch (const ArchiveError& error) {
    if (error.where() != shard.string()) throw;
    sink_.add(FindingKind::unreadable_folder, "", place(shard), error.problem());
  }
}

void Verification::rehash(const BlobId& blob, const fs::path& path) {
  if (objects_.encrypted()) {
    const std::lock_guard lock(known_mutex_);
    known_.push_back(bytes_of(blob));
  }
  const ObjectLook seen = objects_.look(blob);
  if (seen.health == ObjectHealth::missing) return;  // taken away while we looked
  ++objects_done_;
  bytes_done_ += static_cast<std::int64_t>(seen.size_bytes);
  if (seen.writable) {
    sink_.add(FindingKind::writable_object, blob.text(), place(path), "can be written to");
  }
  switch (seen.health) {
    case ObjectHealth::wrong_bytes:
      sink_.hold(FindingKind::wrong_bytes, blob, place(path),
                 seen.actual ? "has " + std::to_string(seen.size_bytes) +
                                   " bytes that are those of " + seen.actual->text()
                             : std::string(kUnopened));
      break;
    case ObjectHealth::empty:
      sink_.hold(FindingKind::empty_object, blob, place(path), "has no bytes");
      break;
    case ObjectHealth::unreadable:
      sink_.hold(FindingKind::unreadable_object, blob, place(path), "cannot be read to its end");
      break;
    case ObjectHealth::sound:
    case ObjectHealth::missing:
      break;
  }
}

/// The number of the records' schema where it is one of before this program's; else 0.
int Verification::older_schema() const {
  const fs::path file = archive_.path() / "records.sqlite";
  if (!fs::is_regular_file(file)) return 0;
  Database database(file, Database::Access::read, keys_of(archive_.path()));
  const int version = schema_version(database, file.string());
  return version < migrations().back().number ? version : 0;
}

void Verification::check_records() {
  try {
    if (const int schema = older_schema(); schema > 0) {
      sink_.add(FindingKind::records_older, "", "records.sqlite",
                "they have the older schema " + std::to_string(schema) +
                    ": what they refer to was not followed");
      return;
    }
    Records records = Records::open_reader(archive_.path());
    for (const std::string& line : records.broken_references()) {
      sink_.add(FindingKind::records_damaged, "", "records.sqlite", line);
    }
    objects_.encrypted() ? follow_encrypted(records) : follow_references(records);
    check_batches(records);
    check_access_log(records);
  } catch (const ArchiveError& error) {
    sink_.add(FindingKind::records_unreadable, "", "records.sqlite", error.problem());
  }
}

// The log may have come further than the ledger says, and never less far or another way.
void Verification::check_access_log(const Records& records) {
  std::map<std::int64_t, std::string> noted;  // entries -> details of the note
  records.for_each_event(0, [&noted](const Records::Event& event) {
    if (event.action == kAccessNoted) noted[event.object_number] = event.details;
  });
  const auto broken = AccessLog::first_broken(archive_.path(), [&](const AccessLog::End& end) {
    const auto note = noted.find(end.entries);
    if (note != noted.end() && note->second == access_note(end)) noted.erase(note);
  });
  if (broken) {
    sink_.add(FindingKind::access_log_damaged, "", "access/log",
              "entry " + std::to_string(*broken) + " is not as it was written");
  } else if (!noted.empty()) {
    sink_.add(FindingKind::access_log_damaged, "", "access/log",
              "up to entry " + std::to_string(noted.begin()->first) +
                  " it is not the one that the ledger notes");
  }
}

void Verification::check_single_files() {
  if (!archive_.mark_is_whole()) {
    sink_.add(FindingKind::mark_changed, "", "juanzong.format",
              "has other bytes than were written");
  }
  for (const std::string& problem : key_problems(archive_.path())) {
    sink_.add(FindingKind::archive_keys_damaged, "", "keys", problem);
  }
  if (!fs::exists(archive_.ledger())) return;  // an archive of before the ledger
  const LedgerPlaces places{archive_.ledger(), options_.key_file, {}, keys_of(archive_.path())};
  if (std::string problem = HeadLog::key_problem(places); !problem.empty()) {
    const std::string where =
        options_.key_file.empty() ? "ledger/signing.key" : options_.key_file.string();
    sink_.add(FindingKind::signing_key_damaged, "", where, std::move(problem));
  }
}

// References come in hash order, so one shard of the store is compared at a time and
// memory holds no more than that.
void Verification::follow_references(const Records& records) {
  std::vector<fs::path> folders = shards();
  std::erase_if(folders, [](const fs::path& path) { return path.filename().string().size() != 2; });
  auto unchecked = folders.begin();
  NeededObjects needed;
  fs::path shard;
  const auto finish_shard = [&] {
    if (shard.empty()) return;
    for (; unchecked != folders.end() && *unchecked < shard; ++unchecked) {
      check_shard(*unchecked, {});
    }
    check_shard(shard, needed);
    if (unchecked != folders.end() && *unchecked == shard) ++unchecked;
    needed.clear();
  };
  records.for_each_reference(
      [&](const BlobId& blob, std::string_view purpose, std::int64_t number) {
        ++references_;
        if (const fs::path folder = objects_.path_of(blob).parent_path(); folder != shard) {
          finish_shard();
          shard = folder;
        }
        Needed& entry = needed[blob];
        if (entry.references++ > 0) return;
        entry.purpose = purpose;
        entry.referrer = row_named(purpose, number);
        sink_.needed(blob, purpose, entry.referrer);
      });
  finish_shard();
  for (; unchecked != folders.end(); ++unchecked) check_shard(*unchecked, {});
}

void Verification::follow_encrypted(Records& records) {
  std::ranges::sort(known_);
  auto next = known_.begin();
  const auto unreferenced_up_to = [&](const std::optional<Digest>& end) {
    for (; next != known_.end() && (!end || *next < *end); ++next) {
      const BlobId blob = *BlobId::parse(std::string(BlobId::kPrefix) + hex_of(*next));
      sink_.unneeded(blob, place(objects_.path_of(blob)));
    }
  };
  std::optional<BlobId> last;
  records.for_each_reference(
      [&](const BlobId& blob, std::string_view purpose, std::int64_t number) {
        ++references_;
        if (last == blob) return;
        last = blob;
        const Digest bytes = bytes_of(blob);
        unreferenced_up_to(bytes);
        const std::string referrer = row_named(purpose, number);
        if (next != known_.end() && *next == bytes) {
          ++next;
        } else if (const fs::path path = objects_.path_of(blob); unopened_.erase(path) > 0) {
          const bool empty = fs::file_size(path) == 0;
          sink_.hold(empty ? FindingKind::empty_object : FindingKind::wrong_bytes, blob,
                     place(path), empty ? "has no bytes" : kUnopened);
        } else if (!objects_.contains(blob)) {
          sink_.add(FindingKind::missing_object, blob.text(), place(path),
                    "is gone; it is the " + std::string(purpose) + " of " + referrer, purpose);
        }
        sink_.needed(blob, purpose, referrer);
      });
  unreferenced_up_to(std::nullopt);
  for (const auto& [path, blob] : released_places(records, objects_, "")) {
    if (unopened_.erase(path) == 0) continue;
    sink_.add(FindingKind::damaged_garbage, blob.text(), place(path),
              std::string(kUnopened) + ", and is named by no record");
  }
}

void Verification::check_shard(const fs::path& shard, const NeededObjects& needed) {
  for (const auto& [blob, entry] : needed) {
    if (objects_.contains(blob)) continue;
    std::string what = "is gone; it is the " + entry.purpose + " of " + entry.referrer;
    if (entry.references > 1) {
      what += " and needed " + std::to_string(entry.references - 1) + " times more";
    }
    sink_.add(FindingKind::missing_object, blob.text(), place(objects_.path_of(blob)), what,
              entry.purpose);
  }
  try {
    objects_.for_each_in(shard, [&](const std::optional<BlobId>& blob, const fs::path& path) {
      if (blob && !needed.contains(*blob)) sink_.unneeded(*blob, place(path));
    });
  } catch (const ArchiveError&) {
    // rehash_shard() has said so already.
  }
}

void Verification::check_batches(const Records& records) {
  for (const BatchRecord& batch : records.batches()) {
    if (batch.state == BatchState::open) continue;
    ++batches_;
    const std::string where = "batch " + std::to_string(batch.number);
    for (const Records::SourceGap& gap : records.gaps(batch.number)) {
      const std::string pages = gap.pages < 0 ? "an unknown number of" : std::to_string(gap.pages);
      sink_.add(FindingKind::unaccounted, "", where + ", source " + std::to_string(gap.source),
                pages + " pages were handed in, " + std::to_string(gap.records) +
                    " are filed or set aside");
    }
  }
}

}  // namespace

VerifyResult verify(const fs::path& archive_folder, const VerifyOptions& options) {
  const ArchiveFolder archive = ArchiveFolder::open(archive_folder);
  return Verification(archive, options).run();
}

}  // namespace archive
