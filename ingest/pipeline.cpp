#include "ingest/pipeline.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace archive {
namespace {

namespace tbb = oneapi::tbb;

/// Keeps the first exception. A throw out of a filter would make TBB cancel the whole
/// run at once, with pages half done; so nothing is thrown through it.
class FirstTrouble {
 public:
  template <class Work>
  void guard(Work&& work) noexcept {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!trouble_) trouble_ = std::current_exception();
      happened_ = true;
    }
  }
  bool happened() const { return happened_; }
  void rethrow() const {
    if (trouble_) std::rethrow_exception(trouble_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr trouble_;  // guarded by mutex_ until all threads have come home
  std::atomic<bool> happened_{false};
};

/// TBB allows as many threads as there are cores; an operator may ask for more.
class ThreadCount {
 public:
  explicit ThreadCount(int threads)
      : limit_(tbb::global_control::max_allowed_parallelism,
               static_cast<std::size_t>(std::max(threads, 1))) {}

 private:
  tbb::global_control limit_;
};

}  // namespace

void run_pipeline_of_items(const std::function<std::unique_ptr<PipelineItem>()>& next,
                           const std::function<void(PipelineItem&)>& work,
                           const std::function<void(PipelineItem&)>& finish, int threads,
                           int in_flight) {
  using Item = std::unique_ptr<PipelineItem>;
  FirstTrouble trouble;

  const auto take = [&](tbb::flow_control& control) {
    Item item;
    if (!trouble.happened()) trouble.guard([&] { item = next(); });
    if (!item) control.stop();
    return item;
  };
  const auto work_on = [&](Item item) {
    if (!trouble.happened()) trouble.guard([&] { work(*item); });
    return item;
  };
  const auto end = [&](Item item) {
    if (!trouble.happened()) trouble.guard([&] { finish(*item); });
  };

  const ThreadCount count_as_asked(threads);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_pipeline(
        static_cast<std::size_t>(in_flight),
        tbb::make_filter<void, Item>(tbb::filter_mode::serial_in_order, take) &
            tbb::make_filter<Item, Item>(tbb::filter_mode::parallel, work_on) &
            tbb::make_filter<Item, void>(tbb::filter_mode::serial_in_order, end));
  });
  trouble.rethrow();
}

}  // namespace archive
