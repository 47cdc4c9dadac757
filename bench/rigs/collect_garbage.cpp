// Collects garbage again and again while objects are put, needed, needed no more and put again.
//
//   juanzong_collect_garbage ARCHIVE OPERATIONS SEED [--control]
//
// ARCHIVE is new and empty. Two threads put objects, of few different contents so that most are
// there already or were there a moment ago, wait a little as pages on their way do, and then make
// a record need them in place of what it needed before. A third collects garbage all the time,
// with a grace of a second. An operation is one object put and needed.
//
// Prints, with tabs: operations, passes of the collector, marked, removed, needed (marked, and then
// needed or put again), lost (a record needs an object that is not there, or not whole).
//
// --control: finding an object does not touch it, so that one that is about to be needed looks as
// if nobody had asked for it.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "store/custody/garbage.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace rigs {
namespace {

using namespace std::chrono_literals;

// Longer than the way from a put to its record, on a machine that does much else, too.
constexpr auto kGrace = 1000ms;
constexpr auto kBetweenPasses = 20ms;
constexpr int kLongestWayMs = 40;
constexpr unsigned kContents = 600;
constexpr unsigned kNeeds = 40;

class DiskWithoutTouch : public archive::Disk {
 public:
  int touch(const std::filesystem::path&) override { return 0; }
};

class Soak {
 public:
  Soak(const std::filesystem::path& folder, long operations, unsigned seed, bool control)
      : records_(archive::Records::open_writer(folder)),
        disk_(control ? without_touch_ : archive::real_disk()),
        objects_(folder / "objects", true, disk_),
        operations_(operations),
        seed_(seed) {}

  long run() {
    {
      std::jthread first([this] { write(seed_); });
      std::jthread second([this] { write(seed_ + 1); });
      std::jthread collector([this] { collect(); });
      first.join();
      second.join();
      written_ = true;
    }
    records_.for_each_object([this](const archive::BlobId& blob, std::string_view) {
      if (objects_.look(blob).health != archive::ObjectHealth::sound) ++lost_;
    });
    std::printf("operations\t%ld\npasses\t%ld\nmarked\t%ld\nremoved\t%ld\nneeded\t%ld\nlost\t%ld\n",
                done_.load(), passes_, marked_, removed_, needed_, lost_.load());
    return lost_;
  }

 private:
  void write(unsigned seed) {
    std::mt19937 chance(seed);
    while (done_++ < operations_) {
      const archive::BlobId blob =
          objects_.put("what is put: " + std::to_string(chance() % kContents));
      if (chance() % 8 == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(chance() % kLongestWayMs));
      }
      archive::ComparisonListRecord list;
      list.name = "need " + std::to_string(chance() % kNeeds);
      list.blob = blob;
      list.given_by = "rig";
      const std::lock_guard lock(one_writer_);
      records_.put_list(list, {});
      if (!objects_.contains(blob)) ++lost_;
    }
    --done_;
  }

  void collect() {
    while (!written_) {
      {
        const std::lock_guard lock(one_writer_);
        const auto outcome =
            archive::GarbageCollector(records_, kGrace).collect(objects_, "");
        ++passes_;
        marked_ += outcome.marked;
        removed_ += outcome.removed;
        needed_ += outcome.needed;
      }
      std::this_thread::sleep_for(kBetweenPasses);
    }
  }

  archive::Records records_;
  DiskWithoutTouch without_touch_;
  archive::Disk& disk_;
  archive::ObjectStore objects_;
  long operations_;
  unsigned seed_;
  std::mutex one_writer_;  // records_ is one writer's
  std::atomic<long> done_{0};
  std::atomic<long> lost_{0};
  std::atomic<bool> written_{false};
  long passes_ = 0, marked_ = 0, removed_ = 0, needed_ = 0;
};

}  // namespace
}  // namespace rigs

int main(int argc, char** argv) {
  const bool control = argc == 5 && std::strcmp(argv[4], "--control") == 0;
  if (argc != 4 && !control) {
    std::fprintf(stderr, "juanzong_collect_garbage ARCHIVE OPERATIONS SEED [--control]\n");
    return 2;
  }
  try {
    rigs::Soak soak(argv[1], std::stol(argv[2]), static_cast<unsigned>(std::stoul(argv[3])),
                    control);
    return soak.run() == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "juanzong_collect_garbage: %s\n", error.what());
    return 2;
  }
}
