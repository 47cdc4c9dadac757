#include "config/review_steps.h"

#include <algorithm>

#include "config/csv_table.h"

namespace archive {
namespace {

bool yes(const CsvTable& table, const CsvTable::Row& row, std::string_view column) {
  const std::string& word = table.cell(row, column);
  if (word != "yes" && word != "no") {
    table.refuse(row, "'" + std::string(column) + "' is neither yes nor no");
  }
  return word == "yes";
}

ReviewStepRule step_in(const CsvTable& table, const CsvTable::Row& row) {
  ReviewStepRule step;
  step.name = table.cell(row, "step");
  step.zh = table.cell(row, "zh");
  step.en = table.cell(row, "en");
  step.from = list_of(table.cell(row, "from"));
  step.to = table.cell(row, "to");
  for (const std::string& name : list_of(table.cell(row, "rights"))) {
    const auto right = right_named(name);
    if (!right) table.refuse(row, "there is no right '" + name + "'");
    step.any_of.push_back(*right);
  }
  if (step.any_of.empty()) table.refuse(row, "nobody may do this step");
  step.apart = yes(table, row, "apart");
  step.needs_reason = yes(table, row, "reason");
  return step;
}

}  // namespace

ReviewSteps ReviewSteps::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "duties" / "steps.csv");
  ReviewSteps steps;
  std::vector<std::string> reached = {"filed"};
  for (const CsvTable::Row& row : table.rows()) {
    ReviewStepRule step = step_in(table, row);
    if (steps.find(step.name) != nullptr) table.refuse(row, "'" + step.name + "' stands twice");
    reached.push_back(step.to);
    steps.steps_.push_back(std::move(step));
  }
  for (std::size_t i = 0; i < steps.steps_.size(); ++i) {
    for (const std::string& state : steps.steps_[i].from) {
      if (std::ranges::find(reached, state) != reached.end()) continue;
      table.refuse(table.rows()[i], "no step leads to '" + state + "'");
    }
  }
  const CsvTable words = CsvTable::read(config_folder / "duties" / "states.csv");
  for (const CsvTable::Row& row : words.rows()) {
    const Words said{words.cell(row, "zh"), words.cell(row, "en")};
    if (!steps.states_.emplace(words.cell(row, "state"), said).second) {
      words.refuse(row, "the state stands twice");
    }
  }
  return steps;
}

ReviewSteps::Words ReviewSteps::words_of(std::string_view state) const {
  const auto found = states_.find(state);
  return found == states_.end() ? Words{std::string(state), std::string(state)} : found->second;
}

const ReviewStepRule* ReviewSteps::find(std::string_view name) const {
  const auto found = std::ranges::find(steps_, name, &ReviewStepRule::name);
  return found == steps_.end() ? nullptr : &*found;
}

}  // namespace archive
