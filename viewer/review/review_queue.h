#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "config/review_bench.h"
#include "store/lifecycle/field_reviews.h"
#include "viewer/review/task_leases.h"

namespace archive {

/// What kind of work a value in doubt is.
enum class TaskKind {
  value,       ///< confirm or correct what was read
  keying,      ///< key it without seeing anything but the paper (一稿双录)
  comparison,  ///< two keyings differ
};
std::string_view name_of(TaskKind kind);

struct ReviewTask {
  DoubtfulField field;
  TaskKind kind = TaskKind::value;
  double risk = 0;  ///< weight of the field times doubt

  ValuePlace place() const { return {field.page, field.field, field.row}; }
};

/// All values in doubt, the gravest doubt first (weight × (1 - confidence), then page, field, row).
/// Read from the records when they changed, though never more than a twentieth of the time, and
/// shared by everybody. All members may be called from any thread.
class ReviewQueue {
 public:
  explicit ReviewQueue(const ReviewBenchRules& rules) : rules_(rules) {}

  struct Wish {
    bool keying = false;    ///< keyings and comparisons; else values to confirm
    std::string person;     ///< who asks; not what they had a say in
    BatchNumber batch = 0;  ///< 0: all
    DossierNumber dossier = 0;
    double below = 0;  ///< sure values of less confidence are there, too
  };
  /// Visits what there is for somebody in order, until `visit` says false. Returns how many there
  /// are in all. `visit` must not call this object.
  std::size_t for_each(Records& records, const Wish& wish,
                       const std::function<bool(const ReviewTask&)>& visit);
  /// A person had a say in a value: it is not theirs any more. `over`: nobody's.
  void said(const ValuePlace& place, const std::string& person, bool over);
  /// A say was taken back.
  void unsaid(const ValuePlace& place);

  TaskKind kind_of(const DoubtfulField& field) const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Reading {
    std::vector<ReviewTask> tasks;
    std::int64_t entries = -1;  ///< of the ledger, when it was read
    Clock::time_point at;
    Clock::duration took{};
    std::map<ValuePlace, std::set<std::string>> said;
    std::set<ValuePlace> over;
  };
  Reading& reading_of(Records& records, double below);

  const ReviewBenchRules& rules_;
  std::mutex mutex_;
  std::map<double, Reading> readings_;  // guarded by mutex_
};

}  // namespace archive
