#include "viewer/review/review_queue.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace archive {
namespace {

constexpr std::size_t kReadingsKept = 4;
constexpr int kShareOfTime = 20;
constexpr double kRiskParts = 10'000;  // no risk has as many digits as a citizen number

bool wanted(const ReviewQueue::Wish& wish, const ReviewTask& task) {
  if (wish.keying == (task.kind == TaskKind::value)) return false;
  if (wish.batch != 0 && task.field.batch != wish.batch) return false;
  if (wish.dossier != 0 && task.field.dossier != wish.dossier) return false;
  return std::ranges::find(task.field.persons, wish.person) == task.field.persons.end();
}

}  // namespace

std::string_view name_of(TaskKind kind) {
  switch (kind) {
    case TaskKind::keying:
      return "keying";
    case TaskKind::comparison:
      return "comparison";
    case TaskKind::value:
      break;
  }
  return "value";
}

TaskKind ReviewQueue::kind_of(const DoubtfulField& field) const {
  const bool twice = field.handwritten && field.typed == 0 && !field.keying_done &&
                     (field.keyed > 0 || field.confidence < rules_.double_keying_below);
  if (!twice) return TaskKind::value;
  return field.keyed < 2 ? TaskKind::keying : TaskKind::comparison;
}

ReviewQueue::Reading& ReviewQueue::reading_of(Records& records, double below) {
  if (!readings_.contains(below) && readings_.size() >= kReadingsKept) {
    readings_.erase(std::ranges::min_element(
        readings_, {}, [](const auto& one) { return one.second.at; }));
  }
  Reading& reading = readings_[below];
  const std::int64_t entries = records.entries();
  const Clock::time_point now = Clock::now();
  if (reading.entries == entries) return reading;
  if (reading.entries >= 0 && now - reading.at < reading.took * kShareOfTime) return reading;
  Reading fresh;
  for (DoubtfulField& field : FieldReviews(records).in_doubt(below)) {
    ReviewTask task;
    task.kind = kind_of(field);
    const double risk = rules_.weight_of(field.doc_type, field.field) * (1 - field.confidence);
    task.risk = std::round(risk * kRiskParts) / kRiskParts;
    task.field = std::move(field);
    fresh.tasks.push_back(std::move(task));
  }
  std::ranges::sort(fresh.tasks, [](const ReviewTask& a, const ReviewTask& b) {
    return std::tuple(-a.risk, a.place()) < std::tuple(-b.risk, b.place());
  });
  fresh.entries = entries;
  fresh.at = now;
  fresh.took = Clock::now() - now;
  reading = std::move(fresh);
  return reading;
}

std::size_t ReviewQueue::for_each(Records& records, const Wish& wish,
                                  const std::function<bool(const ReviewTask&)>& visit) {
  const std::lock_guard lock(mutex_);
  const Reading& reading = reading_of(records, wish.below);
  std::size_t count = 0;
  bool goes_on = true;
  for (const ReviewTask& task : reading.tasks) {
    if (!wanted(wish, task)) continue;
    if (!reading.over.empty() && reading.over.contains(task.place())) continue;
    if (!reading.said.empty()) {
      const auto said = reading.said.find(task.place());
      if (said != reading.said.end() && said->second.contains(wish.person)) continue;
    }
    ++count;
    if (goes_on) goes_on = visit(task);
  }
  return count;
}

void ReviewQueue::said(const ValuePlace& place, const std::string& person, bool over) {
  const std::lock_guard lock(mutex_);
  for (auto& [below, reading] : readings_) {
    reading.said[place].insert(person);
    if (over) reading.over.insert(place);
  }
}

void ReviewQueue::unsaid(const ValuePlace& place) {
  const std::lock_guard lock(mutex_);
  for (auto& [below, reading] : readings_) {
    reading.said.erase(place);
    reading.over.erase(place);
    reading.entries = -1;
  }
}

}  // namespace archive
