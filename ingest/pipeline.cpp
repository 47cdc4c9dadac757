#include "ingest/pipeline.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
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

struct Token {
  PageTask task;
  std::optional<WorkedPage> page;
};
using TokenPointer = std::unique_ptr<Token>;

}  // namespace

void run_pipeline(const PipelineParts& parts, int threads, int pages_in_flight) {
  FirstTrouble trouble;

  const auto take = [&](tbb::flow_control& control) {
    std::optional<PageTask> task;
    if (!trouble.happened()) trouble.guard([&] { task = parts.next(); });
    if (!task) {
      control.stop();
      return TokenPointer();
    }
    return std::make_unique<Token>(Token{std::move(*task), std::nullopt});
  };
  const auto work = [&](TokenPointer token) {
    if (!trouble.happened()) trouble.guard([&] { token->page = parts.work(token->task); });
    return token;
  };
  const auto file = [&](TokenPointer token) {
    if (trouble.happened() || !token->page) return;
    trouble.guard([&] { parts.file(token->task, *token->page); });
  };

  const ThreadCount count_as_asked(threads);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_pipeline(
        static_cast<std::size_t>(pages_in_flight),
        tbb::make_filter<void, TokenPointer>(tbb::filter_mode::serial_in_order, take) &
            tbb::make_filter<TokenPointer, TokenPointer>(tbb::filter_mode::parallel, work) &
            tbb::make_filter<TokenPointer, void>(tbb::filter_mode::serial_in_order, file));
  });
  trouble.rethrow();
}

void for_each_parallel(std::int64_t count, int threads, const std::atomic<bool>& stop,
                       const std::function<void(std::int64_t)>& work) {
  FirstTrouble trouble;
  const ThreadCount count_as_asked(threads);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_for(std::int64_t{0}, count, [&](std::int64_t i) {
      if (stop || trouble.happened()) return;
      trouble.guard([&] { work(i); });
    });
  });
  trouble.rethrow();
}

}  // namespace archive
