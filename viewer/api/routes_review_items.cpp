#include <algorithm>

#include "ingest/typed_values.h"
#include "store/lifecycle/reviews.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"
#include "viewer/review/snippet.h"

// The steps of cases (初审、复核、审批) and corrections of what was approved.

namespace archive {
namespace {

constexpr std::size_t kItemsStandard = 50;
constexpr std::size_t kItemsMost = 200;
constexpr std::size_t kCorrectedMost = 500;
constexpr const char* kStepMethod = "serve review step";
constexpr const char* kCorrectionMethod = "serve correction";

bool may_take(const Session& session, const ReviewStepRule& rule) {
  return std::ranges::any_of(rule.any_of,
                             [&session](Right right) { return session.powers.may(right); });
}

/// The states from which this session's posts lead on.
std::vector<std::string> states_for(const Session& session, const ReviewSteps& rules) {
  std::vector<std::string> states;
  for (const ReviewStepRule& rule : rules.all()) {
    // Verification and return go with a step; alone they are no queue.
    if (rule.to.empty() || rule.name == "return" || !may_take(session, rule)) continue;
    for (const std::string& state : rule.from) {
      if (std::ranges::find(states, state) == states.end()) states.push_back(state);
    }
  }
  return states;
}

std::vector<std::string> states_in(const std::string& text) {
  std::vector<std::string> states;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    states.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return states;
}

std::string item_etag(const ReviewState& state) {
  const std::int64_t last = state.steps.empty() ? 0 : state.steps.back().number;
  return etag_of("item " + state.contents + " " + std::to_string(last));
}

Json steps_json(const ReviewState& state) {
  Json steps = Json::array();
  for (const ReviewStep& step : state.steps) {
    steps.push_back({{"step", step.step},
                     {"person", step.person},
                     {"taken_at", step.taken_at},
                     {"reason", step.reason}});
  }
  return steps;
}

Json correction_json(const Correction& correction, const Session& session) {
  return {{"correction", correction.number},
          {"page", correction.page},
          {"token", session.token_of(correction.page)},
          {"field", correction.value.field},
          {"row", correction.value.row < 0 ? Json(nullptr) : Json(correction.value.row)},
          // Somebody from outside sees no more of a page than the values they are given.
          {"before", session.outside() ? std::string() : correction.before},
          {"after", correction.value.value},
          {"box", Json::array({correction.value.box.x, correction.value.box.y,
                               correction.value.box.width, correction.value.box.height})},
          {"reason", correction.reason},
          {"evidence", correction.evidence},
          {"evidence_token", session.token_of(correction.evidence)},
          {"proposed_by", correction.value.person},
          {"proposed_at", correction.proposed_at},
          {"verdict", correction.verdict},
          {"decided_by", correction.decided_by},
          {"decided_at", correction.decided_at},
          {"decision_reason", correction.decision_reason},
          {"own", correction.value.person == session.name}};
}

std::int64_t whole_member(const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end() || found->is_null()) return 0;
  if (!found->is_number_integer()) {
    throw Refusal{400, "number", "数字不正确", "this is no number", 0};
  }
  return found->get<std::int64_t>();
}

PixelBox box_member(const Json& body, const PageRecord& page, const NamedField& place) {
  const auto found = body.find("box");
  if (found != body.end() && found->is_array() && found->size() == 4 &&
      std::ranges::all_of(*found, [](const Json& one) { return one.is_number_integer(); })) {
    return {(*found)[0].get<int>(), (*found)[1].get<int>(), (*found)[2].get<int>(),
            (*found)[3].get<int>()};
  }
  for (const FieldRecord& field : page.fields) {
    if (field.field == place.field && field.row == place.row) {
      return pixel_box_of(field.quad, page.width, page.height);
    }
  }
  throw Refusal{400, "box", "须注明该内容在页面上的位置",
                "say where on the page the value stands", 0};
}

/// In a handler of `ArchiveError`: what was typed is no value of a field of this page.
[[noreturn]] void refuse_value(const ArchiveError& error) {
  if (error.kind() != ErrorKind::usage) throw;
  throw Refusal{422, "value", "内容不符合此字段的格式，请按原件录入",
                error.problem() + ": " + error.what_to_do(), 0};
}

PageRecord corrected_page(const Records& records, PageNumber number) {
  auto page = records.page(number);
  if (!page) refuse_not_found("没有这一页", "there is no such page");
  return *std::move(page);
}

NamedField corrected_field(const FormCatalogue& forms, const PageRecord& page, const Json& body) {
  std::string name = text_in(body, "field");
  const auto row = body.find("row");
  if (row != body.end() && row->is_number_integer()) {
    name += "[" + std::to_string(row->get<int>()) + "]";
  }
  try {
    return named_field(forms, page, name);
  } catch (const ArchiveError& error) {
    refuse_value(error);
  }
}

}  // namespace

Json Service::Impl::item_json(Records& records, const Reviews& reviews, const Session& session,
                              DossierNumber dossier, int item, const std::string& doc_type,
                              const ReviewState& state) const {
  Json steps = Json::array();
  for (const ReviewStepRule& rule : parts.review_steps.all()) {
    if (std::ranges::find(rule.from, state.state) == rule.from.end()) continue;
    const bool may = may_take(session, rule);
    steps.push_back({{"step", rule.name},
                     {"zh", rule.zh},
                     {"en", rule.en},
                     {"may", may},
                     {"needs_reason", rule.needs_reason},
                     {"needs_submitter", rule.to.empty()},
                     {"hindrance", may ? reviews.hindrance(rule, dossier, item, session.name)
                                       : std::string()}});
  }
  const auto known = records.dossier(dossier);
  std::string title;
  if (known && !session.outside()) {  // names stand in titles
    for (const ItemRecord& one : known->items) {
      if (one.sequence == item) title = one.title;
    }
  }
  return {{"dossier", dossier},
          {"dossier_no", known ? known->dossier_no : std::string()},
          {"item", item},
          {"title", ProtectedFields::masked_numbers(title)},
          {"doc_type", doc_type},
          {"doc_type_name", type_name(doc_type)},
          {"state", state.state},
          {"verification", state.verification},
          {"submitter", state.submitter},
          {"changed_since", state.changed_since},
          {"taken", steps_json(state)},
          {"steps", std::move(steps)},
          {"etag", item_etag(state)}};
}

HttpResponse Service::Impl::review_items(const Asked& asked) {
  const HttpRequest& request = asked.request;
  std::vector<std::string> states = states_in(request.argument("states"));
  if (states.empty()) states = states_for(asked.session, parts.review_steps);
  const std::size_t limit = count_in(request.argument("limit"), kItemsStandard, kItemsMost);
  const auto dossier = static_cast<DossierNumber>(
      count_in(request.argument("after_dossier"), 0, std::size_t{1} << 40));
  const auto item = static_cast<int>(count_in(request.argument("after_item"), 0, 1'000'000));
  auto desk = rooms.lend();
  const Reviews reviews(desk->records, parts.review_steps);
  Json list = Json::array();
  for (const Reviews::Waiting& one : reviews.waiting(states, dossier, item, limit)) {
    list.push_back(item_json(desk->records, reviews, asked.session, one.dossier, one.item_sequence,
                             one.doc_type,
                             reviews.state_of(one.dossier, one.item_sequence)));
  }
  return answer_of(Json{{"states", states},
                        {"complete", list.size() < limit},
                        {"items", std::move(list)}});
}

HttpResponse Service::Impl::review_take_step(const Asked& asked) {
  const DossierNumber dossier = asked.number(0);
  const auto item = static_cast<int>(asked.number(1));
  const Json body = body_json(asked.request);
  const std::string step = text_in(body, "step");
  const std::string reason = text_in(body, "reason", kReasonMost);
  const std::string submitter = text_in(body, "submitter");
  write(asked, kStepMethod, reason, [&](Records& records) {
    Reviews reviews(records, parts.review_steps);
    require_state(asked.request, item_etag(reviews.state_of(dossier, item)));
    reviews.take(step, dossier, item, reason, submitter);
  });
  auto desk = rooms.lend();
  const Reviews reviews(desk->records, parts.review_steps);
  std::string doc_type;
  if (const auto known = desk->records.dossier(dossier)) {
    for (const ItemRecord& one : known->items) {
      if (one.sequence == item) doc_type = one.doc_type;
    }
  }
  return answer_of(item_json(desk->records, reviews, asked.session, dossier, item, doc_type,
                             reviews.state_of(dossier, item)));
}

HttpResponse Service::Impl::corrections(const Asked& asked) {
  auto desk = rooms.lend();
  Json list = Json::array();
  for (const Correction& one : Corrections(desk->records).open()) {
    const bool own = one.value.person == asked.session.name;
    if (!own && !asked.session.powers.may(Right::approve)) continue;
    // Whoever decides has to see what about: each is an entry of the access log.
    log_task(asked, {one.page, one.value.field, one.value.row});
    list.push_back(correction_json(one, asked.session));
  }
  return answer_of(Json{{"corrections", std::move(list)}});
}

HttpResponse Service::Impl::propose_correction(const Asked& asked) {
  const Json body = body_json(asked.request);
  const FormCatalogue& forms = parts.tables.forms;
  Correction correction;
  correction.page = whole_member(body, "page");
  correction.evidence = whole_member(body, "evidence");
  correction.reason = text_in(body, "reason", kReasonMost);
  NamedField place;
  {
    auto desk = rooms.lend();
    place = corrected_field(forms, corrected_page(desk->records, correction.page), body);
  }
  // Before anything is compared: a refusal too says something about the value that stands there.
  log_task(asked, {correction.page, place.field, place.row});
  std::int64_t number = 0;
  write(asked, kCorrectionMethod, correction.reason, [&](Records& records) {
    const PageRecord page = corrected_page(records, correction.page);
    try {
      correction.value =
          typed_value(forms, page, place, text_in(body, "value", kCorrectedMost),
                      box_member(body, page, place), records.writes_as());
    } catch (const ArchiveError& error) {
      refuse_value(error);
    }
    number = Corrections(records).propose(correction);
  });
  auto desk = rooms.lend();
  return answer_of(correction_json(*Corrections(desk->records).find(number), asked.session), 201);
}

HttpResponse Service::Impl::decide_correction(const Asked& asked) {
  const std::int64_t number = asked.number();
  const Json body = body_json(asked.request);
  const std::string verdict = text_in(body, "verdict");
  if (verdict != "approved" && verdict != "refused") {
    throw Refusal{400, "verdict", "结论须为同意或不同意", "the verdict is approved or refused", 0};
  }
  const std::string reason = text_in(body, "reason", kReasonMost);
  std::optional<Correction> decided;
  {
    auto desk = rooms.lend();
    decided = Corrections(desk->records).find(number);
  }
  if (decided) log_task(asked, {decided->page, decided->value.field, decided->value.row});
  write(asked, kCorrectionMethod, reason, [&](Records& records) {
    Corrections(records).decide(number, verdict == "approved", reason);
  });
  auto desk = rooms.lend();
  return answer_of(correction_json(*Corrections(desk->records).find(number), asked.session));
}

}  // namespace archive
