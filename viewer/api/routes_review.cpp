#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "config/form_file.h"
#include "viewer/api/review_tasks.h"
#include "viewer/page_json.h"
#include "viewer/review/alternatives.h"
#include "viewer/review/snippet.h"

// The review bench: what waits, who works on it, and the picture of a value.

namespace archive {
namespace {

constexpr std::size_t kListStandard = 50;
constexpr std::size_t kListMost = 200;
constexpr std::size_t kClaimStandard = 6;
constexpr std::size_t kClaimMost = 50;

[[noreturn]] void refuse_parameter() {
  throw Refusal{400, "parameter", "参数不正确", "a parameter is wrong", 0};
}

double share_in(const std::string& text, double standard) {
  if (text.empty()) return standard;
  try {
    std::size_t used = 0;
    const double share = std::stod(text, &used);
    if (used == text.size() && share >= 0 && share <= 1) return share;
  } catch (const std::logic_error&) {
    // no number: refused below
  }
  refuse_parameter();
}

/// In a text of so many digits nobody looks for a citizen number.
double in_short(double share) { return std::round(share * 1'000) / 1'000; }

std::int64_t whole_in(const std::string& text) {
  return text.empty() ? 0 : static_cast<std::int64_t>(count_in(text, 0, std::size_t{1} << 40));
}

std::string text_of_member(const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end() || found->is_null()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number()) return found->dump();
  refuse_parameter();
}

/// `from` gives the texts of members: of a query or of a body.
ReviewQueue::Wish wish_of(const Session& session, double below,
                          const std::function<std::string(const char*)>& from) {
  ReviewQueue::Wish wish;
  wish.person = session.name;
  wish.batch = whole_in(from("batch"));
  wish.dossier = whole_in(from("dossier"));
  wish.below = share_in(from("below"), below);
  const std::string kind = from("kind");
  if (kind == "keying") {
    wish.keying = true;
  } else if (!kind.empty() && kind != "value") {
    refuse_parameter();
  }
  return wish;
}

Json row_json(int row) { return row < 0 ? Json(nullptr) : Json(row); }

Json box_json(const PixelBox& box) { return {box.x, box.y, box.width, box.height}; }

std::string label_of(const FieldDescription* described) {
  return described == nullptr ? std::string() : described->label_zh;
}

/// A place in the order of the queue; nothing personal is in it.
std::string cursor_of(const ReviewTask& task) {
  std::array<char, 40> risk{};
  const int length = std::snprintf(risk.data(), risk.size(), "%.4f", task.risk);
  return std::string(risk.data(), static_cast<std::size_t>(length)) + ":" +
         std::to_string(task.field.page) + ":" + std::to_string(task.field.row) + ":" +
         task.field.field;
}

struct Cursor {
  double risk = 0;
  ValuePlace place;
  bool passed_by(const ReviewTask& task) const {
    return std::tuple(-task.risk, task.place()) > std::tuple(-risk, place);
  }
};

std::optional<Cursor> cursor_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (parts.size() < 3) {
    const std::size_t colon = text.find(':', at);
    if (colon == std::string::npos) refuse_parameter();
    parts.push_back(text.substr(at, colon - at));
    at = colon + 1;
  }
  try {
    return Cursor{std::stod(parts[0]),
                  {std::stoll(parts[1]), text.substr(at), std::stoi(parts[2])}};
  } catch (const std::logic_error&) {
    refuse_parameter();
  }
}

struct SameValue {
  std::string field, value;
  auto operator<=>(const SameValue&) const = default;
};

bool can_be_grouped(const ReviewTask& task) {
  return task.kind == TaskKind::value && task.field.typed == 0 && !task.field.value.empty();
}

/// `outside`: for somebody who sees nothing of other pages.
Json alternatives_json(const TaskNow& now, Desk& desk, const LookAlikes& look_alikes,
                       bool outside) {
  Json list = Json::array();
  std::set<std::string> known = {value_to_confirm(now)};
  const auto add = [&](const std::string& raw, const std::string& value, std::string_view why) {
    if (list.size() >= 9 || value.empty() || !known.insert(value).second) return;
    list.push_back({{"raw", raw}, {"value", value}, {"why", why}});
  };
  for (const TypedValue& one : now.page.typed) {
    if (one.field == now.field.field && one.row == now.field.row && one.stands()) {
      add(one.raw, one.value, "person");
    }
  }
  const FieldRecord& read = *now.read;
  if (read.machine) {
    add(read.machine->raw, read.machine->value, "machine");
  } else {
    add(read.raw, read.value, "machine");
  }
  const auto others = alternatives_of(now.described, read, desk.room.layout(now.page), look_alikes);
  std::size_t own = 0;
  for (const ValueAlternative& one : others) {
    if (own++ < 4 || one.why == "choice") add(one.raw, one.value, one.why);
  }
  if (now.field.row < 0 && !outside) {
    const FieldReviews reviews(desk.records);
    for (const ValueElsewhere& one :
         reviews.elsewhere(now.field.dossier, now.field.page, now.field.field)) {
      add(one.value, one.value, "elsewhere");
    }
  }
  for (const ValueAlternative& one : others) add(one.raw, one.value, one.why);
  return list;
}

}  // namespace

Json Service::Impl::task_json(const Session& session, Desk& desk, const TaskNow& now) {
  const PageRecord& page = now.page;
  Json json = {{"kind", name_of(now.kind)},
               {"token", session.token_of(page.number)},
               {"page", page.number},
               {"field", now.field.field},
               {"row", row_json(now.field.row)},
               {"label", label_of(now.described)},
               {"type", now.described == nullptr ? "text" : name_of(now.described->type)},
               {"doc_type", page.doc_type},
               {"doc_type_name", type_name(page.doc_type)},
               {"dossier", page.dossier},
               {"page_of_dossier", page.page_of_dossier},
               {"box", box_json(now.box)},
               {"width", page.width},
               {"height", page.height},
               {"rotation", page.rotation},
               {"handwritten", now.read->handwritten},
               {"mandatory", now.described != nullptr && now.described->required},
               {"choices", now.described == nullptr ? Json::array() : Json(now.described->choices)},
               {"etag", now.etag()},
               {"lease_s", leases.lasts().count()}};
  if (now.kind == TaskKind::keying) return json;  // nothing but the paper
  json["confidence"] = in_short(now.field.confidence);
  if (now.kind == TaskKind::comparison) {
    json["values"] = Json::array();
    if (!now.differ) return json;
    for (const TypedValue* one : {&now.differ->first, &now.differ->second}) {
      json["values"].push_back({{"raw", one->raw}, {"value", one->value}});
    }
    return json;
  }
  json["raw"] = now.read->raw;
  json["value"] = value_to_confirm(now);
  json["validity"] = name_of(now.read->validity);
  json["problem"] = now.read->problem;
  json["typed"] = name_of(now.typed);
  json["unreadable"] = now.unreadable.size();
  json["alternatives"] = alternatives_json(now, desk, parts.look_alikes, session.outside());
  return json;
}

HttpResponse Service::Impl::review_tasks(const Asked& asked) {
  const HttpRequest& request = asked.request;
  const ReviewQueue::Wish wish =
      wish_of(asked.session, parts.review_bench.queue_below,
              [&request](const char* key) { return request.argument(key); });
  const std::size_t limit = count_in(request.argument("limit"), kListStandard, kListMost);
  const auto after = cursor_in(request.argument("after"));
  auto desk = rooms.lend();
  Json list = Json::array();
  std::string next;
  const std::size_t left =
      queue.for_each(desk->records, wish, [&](const ReviewTask& task) {
        if (after && !after->passed_by(task)) return true;
        if (list.size() == limit) return false;
        const auto holder = leases.holder(task.place());
        list.push_back({{"kind", name_of(task.kind)},
                        {"token", asked.session.token_of(task.field.page)},
                        {"page", task.field.page},
                        {"field", task.field.field},
                        {"row", row_json(task.field.row)},
                        {"doc_type", task.field.doc_type},
                        {"doc_type_name", type_name(task.field.doc_type)},
                        {"dossier", task.field.dossier},
                        {"batch", task.field.batch},
                        {"confidence", in_short(task.field.confidence)},
                        {"risk", task.risk},
                        {"held_by_other", holder && *holder != asked.session.name}});
        next = cursor_of(task);
        return true;
      });
  return answer_of(Json{{"left", left},
                        {"next", list.size() == limit ? Json(next) : Json(nullptr)},
                        {"tasks", std::move(list)}});
}

HttpResponse Service::Impl::review_claim(const Asked& asked) {
  const Json body = body_json(asked.request);
  const ReviewQueue::Wish wish =
      wish_of(asked.session, parts.review_bench.queue_below,
              [&body](const char* key) { return text_of_member(body, key); });
  auto desk = rooms.lend();
  if (body.contains("like")) return review_claim_group(asked, *desk, wish, body["like"]);
  const std::size_t count =
      count_in(text_of_member(body, "count"), kClaimStandard, kClaimMost);
  std::map<SameValue, std::size_t> same;
  std::vector<ReviewTask> taken;
  const std::size_t left = queue.for_each(desk->records, wish, [&](const ReviewTask& task) {
    if (can_be_grouped(task)) ++same[{task.field.field, task.field.value}];
    if (taken.size() < count && leases.take(task.place(), asked.session.name)) {
      taken.push_back(task);
    }
    return true;
  });
  Json list = Json::array();
  for (const ReviewTask& task : taken) {
    TaskNow now;
    if (!look_at_task(desk->records, parts.tables.forms, queue, task.place(), asked.session.name,
                      now)) {
      leases.give_back(task.place(), asked.session.name);
      continue;
    }
    log_task(asked, now.place());
    Json json = task_json(asked.session, *desk, now);
    if (can_be_grouped(task)) json["equal"] = same[{task.field.field, task.field.value}];
    list.push_back(std::move(json));
  }
  return answer_of(Json{{"left", left}, {"tasks", std::move(list)}});
}

HttpResponse Service::Impl::review_claim_group(const Asked& asked, Desk& desk,
                                               const ReviewQueue::Wish& wish, const Json& like) {
  if (!like.is_object()) refuse_parameter();
  const auto page = asked.session.page_of(text_of_member(like, "token"));
  if (!page) refuse_not_found("没有这个任务", "there is no such task");
  ValuePlace place{*page, text_of_member(like, "field"), -1};
  if (like.contains("row") && like["row"].is_number_integer()) place.row = like["row"].get<int>();
  const auto first = FieldReviews(desk.records).in_doubt(place.page, place.field, place.row);
  if (!first) refuse_not_found("这个任务已经完成", "this task is done");
  std::vector<ReviewTask> taken;
  const std::size_t left = queue.for_each(desk.records, wish, [&](const ReviewTask& task) {
    if (taken.size() < parts.review_bench.group_most && can_be_grouped(task) &&
        task.field.field == first->field && task.field.value == first->value &&
        leases.take(task.place(), asked.session.name)) {
      taken.push_back(task);
    }
    return true;
  });
  Json list = Json::array();
  for (const ReviewTask& task : taken) {
    TaskNow now;
    if (!look_at_task(desk.records, parts.tables.forms, queue, task.place(), asked.session.name,
                      now) ||
        now.kind != TaskKind::value) {
      leases.give_back(task.place(), asked.session.name);
      continue;
    }
    log_task(asked, now.place());
    list.push_back(task_json(asked.session, desk, now));
  }
  return answer_of(Json{{"left", left}, {"tasks", std::move(list)}});
}

HttpResponse Service::Impl::review_give_back(const Asked& asked) {
  leases.give_back_all(asked.session.name);
  return no_content();
}

void Service::Impl::log_task(const Asked& asked, const ValuePlace& place) {
  std::string object = "page " + std::to_string(place.page) + " " + place.field;
  if (place.row >= 0) object += "[" + std::to_string(place.row) + "]";
  const auto opened = asked.session.fields_opened.find(object);
  if (opened != asked.session.fields_opened.end()) return;
  log(asked.session, asked.request, "field_opened", object, "", Right::describe);
  sessions.change(asked.session.id,
                  [&object](Session& session) { session.fields_opened.insert(object); });
}

/// The lease is theirs from now on, or they are told that somebody else works on it.
void Service::Impl::require_lease(const Asked& asked, const ValuePlace& place) {
  if (leases.take(place, asked.session.name)) return;
  throw Refusal{409, "held", "另一位审核员正在处理此项",
                "another reviewer is working on this value", 0};
}

HttpResponse Service::Impl::review_task(const Asked& asked) {
  const ValuePlace place = place_in(asked);
  auto desk = rooms.lend();
  TaskNow now;
  if (!look_at_task(desk->records, parts.tables.forms, queue, place, asked.session.name, now)) {
    refuse_not_found("这个任务已经完成", "this task is done");
  }
  require_lease(asked, place);
  log_task(asked, place);
  HttpResponse response = answer_of(task_json(asked.session, *desk, now));
  response.headers.emplace_back("ETag", now.etag());
  return response;
}

HttpResponse Service::Impl::review_snippet(const Asked& asked) {
  const ValuePlace place = place_in(asked);
  require_lease(asked, place);
  auto desk = rooms.lend();
  TaskNow now;
  if (!look_at_task(desk->records, parts.tables.forms, queue, place, asked.session.name, now) ||
      !now.page.source_blob) {
    refuse_not_found("没有这个任务", "there is no such task");
  }
  const bool outside = asked.session.outside();
  log_task(asked, place);
  std::vector<PixelBox> covered;
  for (const FieldRecord& one : now.page.fields) {
    // To somebody from outside nothing but the value itself is shown.
    if (!outside || &one == now.read) continue;
    covered.push_back(pixel_box_of(one.quad, now.page.width, now.page.height));
  }
  const std::string object =
      now.page.source_blob->text() + "#" + std::to_string(now.page.occurrence.page_in_file);
  const std::string rest = "value " + place.field + " " + std::to_string(place.row) + " " +
                           now.etag() + (outside ? " outside" : "");
  const auto bytes = tiles.get({place.page, object, rest}, [&] {
    const Pixels snippet =
        snippet_of(*pyramid_of_page(now.page), now.box, now.page.rotation,
                   outside ? kMarginForContractor : kMarginForOffice, covered);
    auto made = std::make_shared<const std::string>(encoded(snippet, ImageRequest::Format::jpg));
    return std::pair(made, made->size());
  });
  HttpResponse response;
  response.content_type = "image/jpeg";
  response.body = bytes;
  return response;
}

}  // namespace archive
