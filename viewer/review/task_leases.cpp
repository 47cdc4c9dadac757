#include "viewer/review/task_leases.h"

#include <algorithm>

namespace archive {

void TaskLeases::drop_old() {
  const Clock::time_point now = now_();
  std::erase_if(leases_, [now](const auto& one) { return one.second.until <= now; });
}

bool TaskLeases::take(const ValuePlace& place, const std::string& who) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto found = leases_.find(place);
  if (found != leases_.end() && found->second.who != who) return false;
  if (found == leases_.end()) {
    const auto of_one = std::ranges::count_if(
        leases_, [&who](const auto& one) { return one.second.who == who; });
    if (static_cast<std::size_t>(of_one) >= kOfOneMost) return false;
  }
  leases_[place] = {who, now_() + lasts_};
  return true;
}

std::optional<std::string> TaskLeases::holder(const ValuePlace& place) const {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(place);
  if (found == leases_.end() || found->second.until <= now_()) return std::nullopt;
  return found->second.who;
}

bool TaskLeases::held_by(const ValuePlace& place, const std::string& who) const {
  return holder(place) == who;
}

void TaskLeases::give_back(const ValuePlace& place, const std::string& who) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(place);
  if (found != leases_.end() && found->second.who == who) leases_.erase(found);
}

void TaskLeases::give_back_all(const std::string& who) {
  const std::lock_guard lock(mutex_);
  std::erase_if(leases_, [&who](const auto& one) { return one.second.who == who; });
}

}  // namespace archive
