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

std::function<std::optional<PageTask>()> numbered(int count) {
  auto next = std::make_shared<int>(0);
  return [next, count]() -> std::optional<PageTask> {
    if (*next == count) return std::nullopt;
    PageTask task;
    task.occurrence.order = (*next)++;
    return task;
  };
}

WorkedPage worked(const PageTask& task) {
  WorkedPage page;
  page.record.occurrence = task.occurrence;
  return page;
}

TEST(Pipeline, FilesEveryPageOnceAndInOrder) {
  std::vector<std::int64_t> filed;
  run_pipeline(
      {numbered(kPages),
       [](const PageTask& task) {
         // The slow ones come first: order must not depend on speed.
         if (task.occurrence.order % 7 == 0) std::this_thread::yield();
         return worked(task);
       },
       [&](const PageTask&, WorkedPage& page) { filed.push_back(page.record.occurrence.order); }},
      kThreads, kInFlight);
  ASSERT_EQ(filed.size(), static_cast<std::size_t>(kPages));
  for (int i = 0; i < kPages; ++i) EXPECT_EQ(filed[static_cast<std::size_t>(i)], i);
}

TEST(Pipeline, NeverHoldsMorePagesThanAllowed) {
  std::atomic<int> alive{0};
  std::atomic<int> most{0};
  run_pipeline({[&, next = numbered(kPages)]() {
                  auto task = next();
                  if (task) {
                    const int now = ++alive;
                    int seen = most;
                    while (now > seen && !most.compare_exchange_weak(seen, now)) {
                    }
                  }
                  return task;
                },
                worked, [&](const PageTask&, WorkedPage&) { --alive; }},
               kThreads, kInFlight);
  EXPECT_LE(most, kInFlight);
  EXPECT_EQ(alive, 0);
}

// One throw inside a filter would make TBB drop some 900 of 1,000 pages without a word
// about which; here the first trouble is kept, nothing is filed twice, and it is told.
TEST(Pipeline, ASickMachineEndsTheRunAndIsReported) {
  std::vector<std::int64_t> filed;
  const auto run = [&] {
    run_pipeline(
        {numbered(kPages),
         [](const PageTask& task) {
           if (task.occurrence.order == 500) {
             throw ArchiveError(ErrorKind::disk, "objects", "full", "make room");
           }
           return worked(task);
         },
         [&](const PageTask&, WorkedPage& page) { filed.push_back(page.record.occurrence.order); }},
        kThreads, kInFlight);
  };
  EXPECT_THROW(run(), ArchiveError);
  EXPECT_LE(filed.size(), 500u);
  for (std::size_t i = 0; i < filed.size(); ++i) {
    EXPECT_EQ(filed[i], static_cast<std::int64_t>(i));
  }
}

TEST(Pipeline, AThrowWhileFilingEndsTheRunToo) {
  int filed = 0;
  const auto run = [&] {
    run_pipeline({numbered(kPages), worked,
                  [&](const PageTask&, WorkedPage&) {
                    if (++filed == 10) throw std::runtime_error("records are locked");
                  }},
                 kThreads, kInFlight);
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(filed, 10);
}

TEST(ForEachParallel, DoesEachOnceAndStopsWhenAsked) {
  std::atomic<bool> stop{false};
  std::vector<std::atomic<int>> times(kPages);
  for_each_parallel(kPages, kThreads, stop,
                    [&](std::int64_t i) { ++times[static_cast<std::size_t>(i)]; });
  for (const auto& count : times) EXPECT_EQ(count, 1);

  stop = true;
  for_each_parallel(kPages, kThreads, stop, [](std::int64_t) { FAIL() << "was stopped"; });
}

}  // namespace
}  // namespace archive
