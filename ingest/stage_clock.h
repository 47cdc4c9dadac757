#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>

#include "core/fault.h"

namespace archive {

/// CPU and wall time of every stage, added up over all threads.
///
/// `decode` holds only what the parent spends; the sandboxed children are added from
/// the operating system's account of finished children at the end.
class StageClock {
 public:
  struct Times {
    double cpu_seconds = 0;
    double wall_seconds = 0;
    std::int64_t pages = 0;
  };

  /// Counts from its making to its end.
  class Measure {
   public:
    Measure(StageClock& clock, Stage stage)
        : clock_(clock), stage_(stage), cpu_(thread_cpu()), wall_(Clock::now()) {}
    ~Measure() {
      const auto wall = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - wall_);
      clock_.add(stage_, thread_cpu() - cpu_, wall.count());
    }
    Measure(const Measure&) = delete;
    Measure& operator=(const Measure&) = delete;

   private:
    StageClock& clock_;
    Stage stage_;
    std::int64_t cpu_;
    std::chrono::steady_clock::time_point wall_;
  };

  Times of(Stage stage) const {
    const Account& account = accounts_[static_cast<std::size_t>(stage)];
    return {static_cast<double>(account.cpu.load()) * 1e-9,
            static_cast<double>(account.wall.load()) * 1e-9, account.count.load()};
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kStages = static_cast<std::size_t>(Stage::index) + 1;

  struct Account {
    std::atomic<std::int64_t> cpu{0};
    std::atomic<std::int64_t> wall{0};
    std::atomic<std::int64_t> count{0};
  };

  static std::int64_t thread_cpu() {
    std::timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
  }

  void add(Stage stage, std::int64_t cpu, std::int64_t wall) {
    Account& account = accounts_[static_cast<std::size_t>(stage)];
    account.cpu += cpu;
    account.wall += wall;
    ++account.count;
  }

  std::array<Account, kStages> accounts_;
};

}  // namespace archive
