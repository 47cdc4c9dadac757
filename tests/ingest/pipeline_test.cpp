#include "ingest/pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/error.h"

namespace archive {
namespace {

constexpr int kPages = 1000;
constexpr int kThreads = 4;
constexpr int kInFlight = 8;

using Parts = PipelineParts<int, int>;

std::function<std::optional<int>()> numbered(int count) {
  auto next = std::make_shared<int>(0);
  return [next, count]() -> std::optional<int> {
    return *next == count ? std::nullopt : std::optional((*next)++);
  };
}

int worked(int task) { return task; }

TEST(Pipeline, FinishesEveryTaskOnceAndInOrder) {
  std::vector<int> filed;
  run_pipeline(Parts{numbered(kPages),
                     [](int task) {
                       // The slow ones come first: order must not depend on speed.
                       if (task % 7 == 0) std::this_thread::yield();
                       return worked(task);
                     },
                     [&](int task, int) { filed.push_back(task); }},
               kThreads, kInFlight);
  ASSERT_EQ(filed.size(), static_cast<std::size_t>(kPages));
  for (int i = 0; i < kPages; ++i) EXPECT_EQ(filed[static_cast<std::size_t>(i)], i);
}

TEST(Pipeline, NeverHoldsMorePagesThanAllowed) {
  std::atomic<int> alive{0};
  std::atomic<int> most{0};
  run_pipeline(Parts{[&, next = numbered(kPages)]() {
                       auto task = next();
                       if (task) {
                         const int now = ++alive;
                         int seen = most;
                         while (now > seen && !most.compare_exchange_weak(seen, now)) {
                         }
                       }
                       return task;
                     },
                     worked, [&](int, int) { --alive; }},
               kThreads, kInFlight);
  EXPECT_LE(most, kInFlight);
  EXPECT_EQ(alive, 0);
}

// One throw inside a filter would make TBB drop some 900 of 1,000 pages without a word
// about which; here the first trouble is kept, nothing is filed twice, and it is told.
TEST(Pipeline, ASickMachineEndsTheRunAndIsReported) {
  std::vector<int> filed;
  const auto run = [&] {
    run_pipeline(Parts{numbered(kPages),
                       [](int task) {
                         if (task == 500) {
                           throw ArchiveError(ErrorKind::disk, "objects", "full", "make room");
                         }
                         return worked(task);
                       },
                       [&](int task, int) { filed.push_back(task); }},
                 kThreads, kInFlight);
  };
  EXPECT_THROW(run(), ArchiveError);
  EXPECT_LE(filed.size(), 500u);
  for (std::size_t i = 0; i < filed.size(); ++i) {
    EXPECT_EQ(filed[i], static_cast<int>(i));
  }
}

TEST(Pipeline, AThrowWhileFilingEndsTheRunToo) {
  int filed = 0;
  const auto run = [&] {
    run_pipeline(Parts{numbered(kPages), worked,
                       [&](int, int) {
                         if (++filed == 10) throw std::runtime_error("records are locked");
                       }},
                 kThreads, kInFlight);
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(filed, 10);
}

}  // namespace
}  // namespace archive
