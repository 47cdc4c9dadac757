#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/page.h"

namespace archive {

/// Which value: what tasks of the review bench are about.
struct ValuePlace {
  PageNumber page = 0;
  std::string field;
  int row = -1;
  auto operator<=>(const ValuePlace&) const = default;
};

/// Who works on which value, so that two reviewers do not type the same one. In memory: a restart
/// forgets, and nothing is lost by it, for what is written is compared with what was seen.
/// All members may be called from any thread.
class TaskLeases {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kOfOneMost = 200;
  explicit TaskLeases(std::chrono::seconds lasts, std::function<Clock::time_point()> now = {})
      : lasts_(lasts), now_(now ? std::move(now) : [] { return Clock::now(); }) {}

  /// Takes it, or prolongs one's own. False when somebody else has it, or `who` has kOfOneMost.
  bool take(const ValuePlace& place, const std::string& who);
  /// Who has it; nothing when nobody does.
  std::optional<std::string> holder(const ValuePlace& place) const;
  bool held_by(const ValuePlace& place, const std::string& who) const;
  void give_back(const ValuePlace& place, const std::string& who);
  /// All that somebody has, as when they leave the bench.
  void give_back_all(const std::string& who);
  std::chrono::seconds lasts() const { return lasts_; }

 private:
  struct Lease {
    std::string who;
    Clock::time_point until;
  };
  void drop_old();

  std::chrono::seconds lasts_;
  std::function<Clock::time_point()> now_;
  mutable std::mutex mutex_;
  std::map<ValuePlace, Lease> leases_;  // guarded by mutex_
};

}  // namespace archive
