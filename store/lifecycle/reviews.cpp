#include "store/lifecycle/reviews.h"

#include <algorithm>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/lifecycle/item_contents.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

std::vector<ReviewStep> steps_of(Database& database, DossierNumber dossier, int sequence) {
  std::vector<ReviewStep> steps;
  Rows rows = database.query(
      "SELECT review_step, step, contents, person, reason, submitter, taken_at FROM review_steps "
      "WHERE dossier = $1 AND item_sequence = $2 ORDER BY review_step",
      {dossier, std::int64_t{sequence}});
  while (rows.next()) {
    steps.push_back({rows.integer(), dossier, sequence, rows.text(), rows.text(), rows.text(),
                     rows.text(), rows.text(), rows.text()});
  }
  return steps;
}

ReviewState state_after(std::vector<ReviewStep> steps, const std::string& contents,
                        const ReviewSteps& rules) {
  ReviewState state;
  for (const ReviewStep& step : steps) {
    if (step.contents != contents) continue;
    const ReviewStepRule* rule = rules.find(step.step);
    if (rule == nullptr) continue;
    if (!rule->to.empty()) {
      state.state = rule->to;
    } else {
      state.verification = step.step == "verify" ? "verified" : "rejected";
      state.submitter = step.submitter;
    }
  }
  state.contents = contents;
  state.changed_since = !steps.empty() && steps.back().contents != contents;
  state.steps = std::move(steps);
  return state;
}

std::string contents_of(Database& database, DossierNumber dossier, int sequence) {
  if (auto contents = item_contents(database, dossier, sequence)) return std::move(*contents);
  throw std::invalid_argument("the dossier has no item with this number");
}

bool typed_by(Database& database, DossierNumber dossier, int sequence, const std::string& person) {
  return database.number(
             "SELECT COUNT(*) FROM typed_values t JOIN pages p ON p.page = t.page "
             "JOIN items i ON i.item = p.item WHERE i.dossier = $1 AND i.item_sequence = $2 "
             "AND t.ended_at = '' AND t.confirms IS NULL AND t.person = $3",
             {dossier, std::int64_t{sequence}, person}) > 0;
}

/// Whether somebody took a step of the round that is going on.
bool took_part(const ReviewState& state, const std::string& contents, const std::string& person) {
  for (auto step = state.steps.rbegin(); step != state.steps.rend(); ++step) {
    if (step->step == "return") return false;
    const bool of_the_case = step->step != "verify" && step->step != "reject";
    if (of_the_case && step->contents == contents && step->person == person) return true;
  }
  return false;
}

/// What keeps a person from a step, whatever they say for it; "" nothing.
std::string in_the_way(Database& database, const ReviewStepRule& rule, const ReviewState& state,
                       const std::string& contents, DossierNumber dossier, int sequence,
                       const std::string& person) {
  if (std::ranges::find(rule.from, state.state) == rule.from.end()) {
    return "'" + rule.name + "' does not follow '" + state.state + "'";
  }
  if (rule.name == "approve" && state.verification != "verified") {
    return "what was not verified is not approved";
  }
  if (rule.apart &&
      (took_part(state, contents, person) || typed_by(database, dossier, sequence, person))) {
    return "the steps of a case are taken by different persons";
  }
  return {};
}

void refuse_unfit(const ReviewStepRule& rule, const std::string& reason,
                  const std::string& submitter) {
  if (rule.needs_reason && reason.empty()) {
    throw std::invalid_argument("'" + rule.name + "' needs a reason");
  }
  if (rule.to.empty() && submitter.empty()) {
    throw std::invalid_argument("'" + rule.name + "' says who handed the papers in");
  }
}

}  // namespace

ReviewState Reviews::state_of(DossierNumber dossier, int item_sequence) const {
  Database& database = records_.inside().database;
  const Transaction moment(database, Transaction::Kind::read);
  return state_after(steps_of(database, dossier, item_sequence),
                     contents_of(database, dossier, item_sequence), rules_);
}

void Reviews::take(const std::string& name, DossierNumber dossier, int item_sequence,
                   const std::string& reason, const std::string& submitter) {
  const ReviewStepRule* rule = rules_.find(name);
  if (rule == nullptr) throw std::invalid_argument("there is no step '" + name + "'");
  Records::Impl& impl = records_.inside();
  impl.require(rule->any_of);
  RecordedTransaction transaction(impl);
  Database& database = impl.database;
  const std::string contents = contents_of(database, dossier, item_sequence);
  const ReviewState state =
      state_after(steps_of(database, dossier, item_sequence), contents, rules_);
  const std::string& person = records_.writes_as();
  const std::string hindrance =
      in_the_way(database, *rule, state, contents, dossier, item_sequence, person);
  if (!hindrance.empty()) throw std::invalid_argument(hindrance);
  refuse_unfit(*rule, reason, submitter);
  const std::int64_t number = database.number(
      "INSERT INTO review_steps (dossier, item_sequence, step, contents, person, reason, "
      "submitter, taken_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING review_step",
      {dossier, std::int64_t{item_sequence}, name, contents, person, reason, submitter,
       timestamp_now()});
  impl.note("review_step", "dossier", dossier,
            json_object({{"item", std::int64_t{item_sequence}},
                         {"step", name},
                         {"from", state.state},
                         {"review_step", number}}));
  transaction.commit();
}

std::string Reviews::hindrance(const ReviewStepRule& step, DossierNumber dossier,
                               int item_sequence, const std::string& person) const {
  Database& database = records_.inside().database;
  const Transaction moment(database, Transaction::Kind::read);
  const std::string contents = contents_of(database, dossier, item_sequence);
  const ReviewState state =
      state_after(steps_of(database, dossier, item_sequence), contents, rules_);
  return in_the_way(database, step, state, contents, dossier, item_sequence, person);
}

std::vector<Reviews::Waiting> Reviews::waiting(const std::vector<std::string>& states,
                                               DossierNumber after_dossier, int after_sequence,
                                               std::size_t at_most) const {
  Database& database = records_.inside().database;
  const Transaction moment(database, Transaction::Kind::read);
  std::vector<Waiting> found;
  const bool untouched = std::ranges::find(states, ReviewState{}.state) != states.end();
  Rows rows = database.query(
      "SELECT i.dossier, i.item_sequence, i.doc_type, EXISTS (SELECT 1 FROM review_steps s "
      "WHERE s.dossier = i.dossier AND s.item_sequence = i.item_sequence) AS touched FROM items i "
      "WHERE (i.dossier, i.item_sequence) > ($1, $2) AND (touched OR $3) "
      "ORDER BY i.dossier, i.item_sequence",
      {after_dossier, std::int64_t{after_sequence}, untouched});
  while (found.size() < at_most && rows.next()) {
    Waiting item{rows.integer(), rows.small_integer(), rows.text(), {}};
    if (rows.flag()) {
      item.state = state_after(steps_of(database, item.dossier, item.item_sequence),
                               contents_of(database, item.dossier, item.item_sequence), rules_);
    }
    if (std::ranges::find(states, item.state.state) != states.end()) {
      found.push_back(std::move(item));
    }
  }
  return found;
}

}  // namespace archive
