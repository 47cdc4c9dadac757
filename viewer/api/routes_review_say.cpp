#include <algorithm>

#include "ingest/typed_values.h"
#include "viewer/api/review_tasks.h"

// The review bench: what a person says a value is.

namespace archive {
namespace {

constexpr std::size_t kValueMost = 500;
constexpr const char* kMethod = "serve review";

std::string value_in(const Json& body) {
  std::string value = text_in(body, "value", kValueMost);
  if (value.empty()) throw Refusal{400, "value", "请填写内容", "say what the value is", 0};
  return value;
}

/// What was typed as a value of the field. Refusal 422 for a text that is none.
TypedValue typed_for(const TaskNow& now, const FormCatalogue& forms, const std::string& text,
                     const std::string& person) {
  try {
    return typed_value(forms, now.page, {now.field.field, now.field.row}, text, now.box, person);
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw Refusal{422, "value", "内容不符合此字段的格式，请按原件录入",
                  error.problem() + ": " + error.what_to_do(), 0};
  }
}

/// What the machine read, as if this person had typed it.
TypedValue as_read(const TaskNow& now, const FormCatalogue& forms, const std::string& person) {
  const FieldRecord& read = *now.read;
  if (read.value.empty()) {
    throw Refusal{422, "value", "没有读出内容，请录入", "nothing was read: type it", 0};
  }
  TypedValue typed = typed_for(now, forms, read.value, person);
  // As it is printed it may need the labels around it to be a value.
  if (!read.raw.empty()) typed.raw = read.raw;
  typed.value = read.value;
  return typed;
}

bool typed_by(const TaskNow& now, const std::string& person) {
  return std::ranges::any_of(now.page.typed, [&](const TypedValue& one) {
    return one.field == now.field.field && one.row == now.field.row && one.stands() &&
           one.person == person;
  });
}

TypedValue confirmed(const TaskNow& now, const FormCatalogue& forms, const std::string& person) {
  switch (now.typed) {
    case TypedState::conflict:
      throw Refusal{409, "conflict", "两人录入不一致，请选择其一",
                    "two persons typed different values: choose one", 0};
    case TypedState::waiting:
      if (typed_by(now, person)) {
        throw Refusal{409, "own", "本人录入的内容须由另一人确认",
                      "nobody confirms a value that they typed themselves", 0};
      }
      return confirmation(now.page, {now.field.field, now.field.row}, person);
    default:
      return as_read(now, forms, person);
  }
}

UnreadableValue unreadable_for(const TaskNow& now, const std::string& reason) {
  UnreadableValue said;
  said.field = now.field.field;
  said.row = now.field.row;
  said.box = now.box;
  said.reason = reason;
  return said;
}

TypedValue nothing_read(const TaskNow& now) {
  TypedValue nothing;
  nothing.field = now.field.field;
  nothing.row = now.field.row;
  nothing.box = now.box;
  nothing.mandatory = now.described != nullptr && now.described->required;
  return nothing;
}

void require_kind(const TaskNow& now, TaskKind kind) {
  if (now.kind == kind) return;
  throw Refusal{409, "kind",
                now.kind == TaskKind::value ? "此项不需双录" : "手写内容须两人分别录入（一稿双录）",
                now.kind == TaskKind::value ? "this value is not keyed twice"
                                            : "handwriting is keyed by two persons",
                0};
}

}  // namespace

/// Carries out what was said, in a transaction. Answers what became of it.
std::string Service::Impl::say(Records& records, const TaskNow& now, const std::string& action,
                               const Json& body) {
  const FormCatalogue& forms = parts.tables.forms;
  const std::string& person = records.writes_as();
  const PageNumber page = now.page.number;
  if (action == "key") {
    require_kind(now, TaskKind::keying);
    const std::string text = text_in(body, "value", kValueMost);
    const TypedValue keyed = text.empty() ? nothing_read(now) : typed_for(now, forms, text, person);
    return std::string(name_of(DoubleKeying(records).key(page, keyed)));
  }
  if (action == "decide") {
    require_kind(now, TaskKind::comparison);
    const std::string text = text_in(body, "value", kValueMost);
    DoubleKeying(records).decide(
        page, text.empty() ? nothing_read(now) : typed_for(now, forms, text, person));
    return "decided";
  }
  require_kind(now, TaskKind::value);
  FieldReviews reviews(records);
  if (action == "confirm") {
    reviews.say_value(page, confirmed(now, forms, person));
  } else if (action == "correct") {
    reviews.say_value(page, typed_for(now, forms, value_in(body), person));
  } else if (action == "unreadable") {
    reviews.say_unreadable(page, unreadable_for(now, text_in(body, "reason", kValueMost)));
  } else {
    throw Refusal{400, "action", "没有这个操作", "there is no such action", 0};
  }
  return reviews.in_doubt(page, now.field.field, now.field.row) ? "waits" : "settled";
}

HttpResponse Service::Impl::review_say(const Asked& asked) {
  const ValuePlace place = place_in(asked);
  const Json body = body_json(asked.request);
  const std::string action = text_in(body, "action");
  if (action == "take_back") return review_take_back(asked, place);
  require_lease(asked, place);
  std::string outcome;
  write(asked, kMethod, text_in(body, "reason", kValueMost), [&](Records& records) {
    TaskNow now;
    if (!look_at_task(records, parts.tables.forms, queue, place, asked.session.name, now)) {
      throw Refusal{412, "changed", "此项已由他人处理", "somebody has settled this value meanwhile",
                    0};
    }
    require_state(asked.request, now.etag());
    outcome = say(records, now, action, body);
  });
  queue.said(place, asked.session.name, outcome == "settled" || outcome == "decided");
  leases.give_back(place, asked.session.name);
  return answer_of(Json{{"outcome", outcome}});
}

HttpResponse Service::Impl::review_take_back(const Asked& asked, const ValuePlace& place) {
  bool any = false;
  write(asked, kMethod, "taken back", [&](Records& records) {
    any = FieldReviews(records).take_back(place.page, place.field, place.row);
  });
  if (!any) {
    throw Refusal{409, "nothing", "没有可撤销的内容", "there is nothing of yours to take back", 0};
  }
  queue.unsaid(place);
  auto desk = rooms.lend();
  TaskNow now;
  if (!leases.take(place, asked.session.name) ||
      !look_at_task(desk->records, parts.tables.forms, queue, place, asked.session.name, now)) {
    return answer_of(Json{{"outcome", "taken_back"}, {"task", nullptr}});
  }
  log_task(asked, place);
  return answer_of(
      Json{{"outcome", "taken_back"}, {"task", task_json(asked.session, *desk, now)}});
}

HttpResponse Service::Impl::review_confirm_group(const Asked& asked) {
  const Json body = body_json(asked.request);
  const auto fields = body.find("fields");
  if (fields == body.end() || !fields->is_array() || fields->empty() ||
      fields->size() > parts.review_bench.group_most) {
    throw Refusal{400, "fields", "没有要确认的项", "there is nothing to confirm", 0};
  }
  std::vector<std::pair<ValuePlace, bool>> done;  // and whether it is settled
  std::size_t changed = 0;
  write(asked, kMethod, text_in(body, "reason", kValueMost), [&](Records& records) {
    std::string value;
    for (const Json& one : *fields) {
      const auto page = one.is_object() ? asked.session.page_of(text_in(one, "token"))
                                        : std::nullopt;
      if (!page) refuse_not_found("没有这个任务", "there is no such task");
      ValuePlace place{*page, text_in(one, "field"), -1};
      if (one.contains("row") && one["row"].is_number_integer()) place.row = one["row"].get<int>();
      TaskNow now;
      if (!leases.held_by(place, asked.session.name) ||
          !look_at_task(records, parts.tables.forms, queue, place, asked.session.name, now) ||
          now.etag() != text_in(one, "etag")) {
        ++changed;
        continue;
      }
      const std::string shown = value_to_confirm(now);
      if (value.empty()) value = shown;
      if (shown != value) {
        throw Refusal{400, "fields", "各项内容不同，不能一并确认",
                      "values that differ are not confirmed at once", 0};
      }
      done.emplace_back(place, say(records, now, "confirm", body) == "settled");
    }
  });
  for (const auto& [place, settled] : done) {
    queue.said(place, asked.session.name, settled);
    leases.give_back(place, asked.session.name);
  }
  return answer_of(Json{{"confirmed", done.size()}, {"changed_meanwhile", changed}});
}

}  // namespace archive
