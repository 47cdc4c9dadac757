#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace archive {

/// The parallel part of a run: tasks flow through one serial source, parallel work and one
/// serial end, in the order they came. At most `in_flight` are on their way, so memory
/// does not grow with the batch; at most `threads` of them are being worked on.
///
/// A bad page is a value and flows on. What a part throws is a sick machine: no further task
/// begins, those on their way are dropped unfinished (the next run does them), and the first
/// exception is thrown again after all threads have come home.
template <class Task, class Done>
struct PipelineParts {
  std::function<std::optional<Task>()> next;       ///< serial; nothing: the end
  std::function<Done(const Task&)> work;           ///< parallel
  std::function<void(const Task&, Done&)> finish;  ///< serial, in order
};

/// What flows through a pipeline, whatever it is.
struct PipelineItem {
  virtual ~PipelineItem() = default;
};
void run_pipeline_of_items(const std::function<std::unique_ptr<PipelineItem>()>& next,
                           const std::function<void(PipelineItem&)>& work,
                           const std::function<void(PipelineItem&)>& finish, int threads,
                           int in_flight);

template <class Task, class Done>
void run_pipeline(const PipelineParts<Task, Done>& parts, int threads, int in_flight) {
  struct Item : PipelineItem {
    explicit Item(Task given) : task(std::move(given)) {}
    Task task;
    std::optional<Done> done;
  };
  const auto item = [](PipelineItem& any) -> Item& { return static_cast<Item&>(any); };
  run_pipeline_of_items(
      [&]() -> std::unique_ptr<PipelineItem> {
        auto task = parts.next();
        return task ? std::make_unique<Item>(*std::move(task)) : nullptr;
      },
      [&](PipelineItem& any) { item(any).done = parts.work(item(any).task); },
      [&](PipelineItem& any) { parts.finish(item(any).task, *item(any).done); }, threads,
      in_flight);
}

}  // namespace archive
