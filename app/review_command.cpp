#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/commands.h"
#include "app/writing.h"
#include "config/review_steps.h"
#include "store/archive_folder.h"
#include "store/lifecycle/reviews.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json review_json(DossierNumber dossier, int item, const ReviewState& state) {
  Json steps = Json::array();
  for (const ReviewStep& step : state.steps) {
    steps.push_back({{"step", step.step},
                     {"person", step.person},
                     {"taken_at", step.taken_at},
                     {"reason", step.reason},
                     {"contents", step.contents}});
  }
  return {{"dossier", dossier},           {"item", item},
          {"state", state.state},         {"verification", state.verification},
          {"submitter", state.submitter}, {"changed_since", state.changed_since},
          {"steps", std::move(steps)}};
}

std::string review_line(DossierNumber dossier, int item, const ReviewState& state,
                        const ReviewSteps& rules, const Console& say) {
  const auto word = [&](std::string_view name) {
    const ReviewSteps::Words words = rules.words_of(name);
    return std::string(say(words.zh, words.en));
  };
  return fmt::format("{} {} {} {}  {}  {}{}", say("卷宗", "dossier"), dossier, say("件", "item"),
                     item, word(state.state), word(state.verification),
                     state.changed_since ? say("  [此后内容有变动]", "  [changed since]") : "");
}

void show_state(DossierNumber dossier, int item, const ReviewState& state, const ReviewSteps& rules,
                const Console& say) {
  if (say.json()) {
    say.result_json(review_json(dossier, item, state));
    return;
  }
  say.result(review_line(dossier, item, state, rules, say));
  for (const ReviewStep& step : state.steps) {
    const ReviewStepRule* rule = rules.find(step.step);
    say.result(fmt::format("    {}  {}  {}  {}", step.taken_at,
                           rule == nullptr ? std::string_view(step.step) : say(rule->zh, rule->en),
                           step.person, step.reason));
  }
}

void list_waiting(const Reviews& reviews, const ReviewOptions& options, const ReviewSteps& rules,
                  const Console& say) {
  const std::vector<std::string> states =
      options.states.empty()
          ? std::vector<std::string>{"filed", "entered", "reviewed", "rechecked", "returned"}
          : options.states;
  const auto items = reviews.waiting(states, 0, 0, static_cast<std::size_t>(options.limit));
  Json json = Json::array();
  for (const Reviews::Waiting& waiting : items) {
    if (say.json()) {
      json.push_back(review_json(waiting.dossier, waiting.item_sequence, waiting.state));
    } else {
      say.result(
          review_line(waiting.dossier, waiting.item_sequence, waiting.state, rules, say) + "  " +
          waiting.doc_type);
    }
  }
  if (say.json()) say.result_json(json);
  if (!say.json() && items.empty()) say.note(say("没有待办的件", "no item waits"));
}

}  // namespace

int run_review(const ReviewOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const ReviewSteps rules = ReviewSteps::load(find_config_folder(settings));
  Records records =
      options.step.empty()
          ? Records::open_reader(folder.path())
          : Records::open_writer(folder.path(), writing_by(settings, "review", options.reason));
  Reviews reviews(records, rules);
  if (options.dossier == 0) {
    list_waiting(reviews, options, rules, say);
    return 0;
  }
  try {
    if (!options.step.empty()) {
      reviews.take(options.step, options.dossier, options.item, options.reason, options.submitter);
    }
    show_state(options.dossier, options.item, reviews.state_of(options.dossier, options.item),
               rules, say);
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(
        ErrorKind::usage, fmt::format("dossier {}, item {}", options.dossier, options.item),
        problem.what(),
        "`juanzong review DOSSIER ITEM` shows how it stands and who took which step");
  }
  return 0;
}

}  // namespace archive
