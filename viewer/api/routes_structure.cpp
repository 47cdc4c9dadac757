#include <algorithm>
#include <atomic>
#include <charconv>

#include "ingest/arrange_wish.h"
#include "ingest/dossier_checking.h"
#include "viewer/api/body.h"
#include "viewer/api/masking.h"
#include "viewer/arrangement_json.h"

// The structure of dossiers put right by persons: what `juanzong arrange` does.

namespace archive {
namespace {

using Action = ArrangementAction;

constexpr std::size_t kNamedMost = 2'000;
constexpr std::size_t kNameMost = 200;

std::vector<std::int64_t> numbers_if_any(const Json& json, const char* key) {
  if (!json.contains(key) || json[key].is_null()) return {};
  return numbers_in(json, key, kNamedMost);
}

ArrangeWish wish_of(const Json& json) {
  const std::string name = text_in(json, "action");
  const auto known = std::ranges::find(kArrangementNames, name, &ArrangementName::name);
  if (known == kArrangementNames.end()) {
    throw Refusal{400, "action", "没有这种整理操作", "there is no such action", 0};
  }
  ArrangeWish wish;
  wish.action = known->action;
  wish.pages = numbers_if_any(json, "pages");
  wish.items = numbers_if_any(json, "items");
  for (const std::int64_t one : numbers_if_any(json, "sequences")) {
    wish.sequences.push_back(static_cast<int>(one));
  }
  wish.after = number_in(json, "after", true);
  wish.before = number_in(json, "before", true);
  wish.item = number_in(json, "item", true);
  wish.dossier = number_in(json, "dossier", true);
  wish.other = number_in(json, "other", true);
  wish.person = number_in(json, "person", true);
  wish.with_page = number_in(json, "with_page", true);
  wish.new_item = flag_in(json, "new_item");
  wish.turn = static_cast<int>(number_in(json, "turn", true));
  wish.value = text_in(json, "value");
  if (wish.turn % 90 != 0 || std::abs(wish.turn) > 270) {
    throw Refusal{400, "turn", "只能按90°转", "a page is turned by quarters", 0};
  }
  return wish;
}

/// What others may have changed since somebody looked.
std::string structure_state(const Records& records, const DossierRecord& dossier) {
  std::string state = std::to_string(dossier.merged_into) + "|" + dossier.dossier_no;
  for (const ItemRecord& item : dossier.items) {
    state += "|" + std::to_string(item.sequence) + "," + item.doc_type + "," + item.retention +
             "," + item.class_code + "," + item.title;
  }
  for (const PageRecord& page : records.pages_of_dossier(dossier.number)) {
    state += "|" + std::to_string(page.number) + "," + std::to_string(page.item) + "," +
             std::to_string(page.page_of_item) + "," + page.doc_type + "," +
             std::to_string(page.rotation) + "," + page.config_version + "," + page.filed_at;
  }
  return etag_of(state);
}

/// As it is in a transaction now.
DossierRecord dossier_named(const Records& records, DossierNumber number) {
  auto found = records.dossier(number);
  if (!found) refuse_not_found("没有这个卷宗", "there is no such dossier");
  return *std::move(found);
}

/// If-Match told the state of this dossier: nothing is decided under it about others alone.
void require_about(const Records& records, const DossierRecord& dossier,
                   const Arrangement& decision) {
  if (is_about(records, dossier, decision)) return;
  throw Refusal{409, "structure", "所选内容不在本卷宗中", "nothing of this dossier is named", 0};
}

[[noreturn]] void refuse_as(const ArrangementRefused& refused) {
  throw Refusal{refused.kind() == ErrorKind::not_found ? 404 : 409, "structure", refused.zh(),
                refused.where() + ": " + refused.problem(), 0};
}

/// Where each page lies, for whoever wants to see what a decision would do.
Json structure_json(const Records& records, const DossierRecord& dossier) {
  Json items = Json::array();
  for (const ItemRecord& item : dossier.items) {
    Json pages = Json::array();
    for (const PageRecord& page : records.pages_of_item(item.number)) pages.push_back(page.number);
    items.push_back({{"sequence", item.sequence},
                     {"doc_type", item.doc_type},
                     {"title", ProtectedFields::masked_numbers(item.title)},
                     {"pages", std::move(pages)}});
  }
  return items;
}

/// Findings are of the structure as it is now.
void check_again(Records& records, const CheckTables& tables, BatchNumber batch) {
  const std::atomic<bool> never{false};
  bring_checks_up_to_date(records, tables, batch, 1, nullptr, never);
}

/// Thrown by a change that was only to be looked at.
struct OnlyLooked {};

}  // namespace

std::string Service::Impl::structure_etag(const Records& records,
                                          const DossierRecord& dossier) const {
  return structure_state(records, dossier);
}

HttpResponse Service::Impl::arrangements(const Asked& asked) {
  auto desk = rooms.lend();
  const DossierRecord dossier = dossier_asked_for(asked, *desk, asked.number());
  Json list = Json::array();
  for (const Arrangement& one : decisions_about(desk->records, dossier)) {
    list.push_back(arrangement_json(one));
  }
  const std::string etag = structure_state(desk->records, dossier);
  Json answer = {{"dossier", dossier.number}, {"etag", etag}, {"arrangements", std::move(list)}};
  mask_values(answer, sight_of(asked.session));
  HttpResponse response = answer_of(answer);
  response.headers.emplace_back("ETag", etag);
  return response;
}

HttpResponse Service::Impl::arrange_pages(const Asked& asked) {
  const DossierNumber number = asked.number();
  const Json body = body_json(asked.request);
  const ArrangeWish wish = wish_of(body);
  const std::string scan = text_in(body, "scan");
  const bool look = flag_in(body, "look");
  const std::string reason = look ? "-" : reason_in(body);
  try {
    Arrangement decision;
    Brought brought;
    {
      auto desk = rooms.lend();
      const DossierRecord dossier = dossier_asked_for(asked, *desk, number);
      require_state(asked.request, structure_state(desk->records, dossier));
      decision = decision_of(desk->records, parts.tables.forms, wish);
      require_about(desk->records, dossier, decision);
      if (look) return look_at_arrangement(asked, number, decision);
      const auto reading = reading_of(desk->records, wish, decision);
      if (reading) {
        brought.page = parts.reading.again(desk->records, reading->page, reading->decided);
      }
      if (!scan.empty()) brought.scan = scan_from_tray(asked, desk->records, decision, scan);
    }
    const bool needs_scan = wish.action == Action::insert_pages ||
                            (wish.action == Action::replace_page && wish.with_page == 0);
    if (needs_scan && !brought.scan) {
      throw Refusal{400, "scan", "没有指明扫描件", "no scan is named", 0};
    }
    ArrangementNumber made = 0;
    write(asked, "serve arrange", reason, [&](Records& records) {
      require_state(asked.request, structure_state(records, dossier_named(records, number)));
      decision.reason = reason;
      decision.decided_by = records.writes_as();
      made = arrange({records, parts.reading.objects, parts.tables.forms, parts.reading.quality},
                     decision, brought);
      check_again(records, parts.tables, decision.batch);
    });
    return after_arranging(decision.batch, number, made);
  } catch (const ArrangementRefused& refused) {
    refuse_as(refused);
  }
}

LaterScan Service::Impl::scan_from_tray(const Asked& asked, const Records& records,
                                        const Arrangement& decision, const std::string& id) {
  auto file = scans.take(asked.session.user, id);
  if (!file) {
    throw Refusal{409, "scan", "扫描件没有完整收到，或校验不符：请重新上传",
                  "the scan did not come whole, or its hash differs: bring it again", 0};
  }
  LaterScan scan = parts.reading.scan(records, decision.batch, file->bytes, file->name);
  if (decision.action == Action::replace_page && scan.pages.size() != 1) {
    throw Refusal{409, "scan", "替换一页须用只有一页的扫描件", "a page is replaced by one page", 0};
  }
  return scan;
}

HttpResponse Service::Impl::look_at_arrangement(const Asked& asked, DossierNumber number,
                                                Arrangement decision) {
  const bool moves = decision.action != Action::rotate_page &&
                     decision.action != Action::type_page &&
                     decision.action != Action::insert_pages;
  Json before, after;
  try {
    write(asked, "serve arrange", "-", [&](Records& records) {
      before = structure_json(records, dossier_named(records, number));
      if (moves) {
        decision.reason = "-";
        decision.decided_by = records.writes_as();
        arrange({records, parts.reading.objects, parts.tables.forms, parts.reading.quality},
                decision);
      }
      const auto now = records.dossier(number);
      after = now ? structure_json(records, *now) : Json::array();
      throw OnlyLooked{};
    });
  } catch (const OnlyLooked&) {
    // Everything was undone with it.
  }
  return answer_of(Json{{"before", std::move(before)}, {"after", std::move(after)}});
}

HttpResponse Service::Impl::after_arranging(BatchNumber batch, DossierNumber number,
                                            ArrangementNumber made) {
  auto desk = rooms.lend();
  Json conflicts = Json::array();
  for (const Arrangement& one : desk->records.arrangements(batch)) {
    if (!one.conflict.empty() && one.stands()) conflicts.push_back(arrangement_json(one));
  }
  const auto dossier = desk->records.dossier(number);
  Json answer = arrangement_json(*desk->records.arrangement(made));
  answer["conflicts"] = std::move(conflicts);
  if (dossier) answer["etag"] = structure_state(desk->records, *dossier);
  mask_values(answer, FieldSight(parts.protected_fields));
  HttpResponse response = answer_of(answer, 201);
  if (dossier) response.headers.emplace_back("ETag", answer["etag"].get<std::string>());
  return response;
}

HttpResponse Service::Impl::undo_arrangement(const Asked& asked) {
  const DossierNumber number = asked.number();
  const ArrangementNumber ended = asked.number(1);
  const std::string reason = reason_in(body_json(asked.request));
  BatchNumber batch = 0;
  try {
    std::optional<PageRecord> page;
    {
      auto desk = rooms.lend();
      const DossierRecord dossier = dossier_asked_for(asked, *desk, number);
      require_state(asked.request, structure_state(desk->records, dossier));
      const auto decision = desk->records.arrangement(ended);
      if (!decision || !is_about(desk->records, dossier, *decision)) {
        refuse_not_found("没有这个决定", "there is no such decision");
      }
      batch = dossier.batch;
      if (const auto reading = reading_without(desk->records, *decision)) {
        page = parts.reading.again(desk->records, reading->page, reading->decided);
      }
    }
    write(asked, "serve arrange undo", reason, [&](Records& records) {
      require_state(asked.request, structure_state(records, dossier_named(records, number)));
      take_back({records, parts.reading.objects, parts.tables.forms, parts.reading.quality}, ended,
                reason, records.writes_as(), page);
      check_again(records, parts.tables, batch);
    });
  } catch (const ArrangementRefused& refused) {
    refuse_as(refused);
  }
  return after_arranging(batch, number, ended);
}

HttpResponse Service::Impl::retry_page(const Asked& asked) {
  const PageNumber number = asked.number();
  try {
    PageRecord again;
    {
      auto desk = rooms.lend();
      const auto page = desk->records.page(number);
      if (!page) refuse_not_found("没有这一页", "there is no such page");
      again = parts.reading.again(desk->records, *page, decided_about(*page));
    }
    write(asked, "serve retry", "", [&](Records& records) {
      file_again({records, parts.reading.objects, parts.tables.forms, parts.reading.quality},
                 again);
      check_again(records, parts.tables, again.occurrence.batch);
    });
  } catch (const ArrangementRefused& refused) {
    refuse_as(refused);
  }
  return no_content();
}

HttpResponse Service::Impl::begin_scan(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::int64_t size = number_in(body, "size");
  const std::string hash = text_in(body, "sha256");
  std::string name = text_in(body, "name", kNameMost);
  if (name.find_first_of("/\\") != std::string::npos) name.clear();
  const auto id =
      scans.begin(asked.session.user, name.empty() ? "scan" : name,
                  static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0)), hash);
  if (!id) {
    throw Refusal{413, "scan", "文件过大，或同时上传的文件过多",
                  "the file is too large, or too many come at the same time", 0};
  }
  return answer_of(Json{{"scan", *id}, {"received", 0}, {"size", size}}, 201);
}

HttpResponse Service::Impl::add_to_scan(const Asked& asked) {
  const std::string& text = asked.request.argument("offset");
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Refusal{400, "number", "数字不正确", "this is no number", 0};
  }
  const auto state = scans.add(asked.session.user, asked.at[0], offset, asked.request.body);
  if (!state) {
    throw Refusal{409, "scan", "这一段接不上：请从已收到处继续，或重新上传",
                  "this piece does not go on from what came: bring the file again", 0};
  }
  return answer_of(Json{{"received", state->received}, {"size", state->size}});
}

}  // namespace archive
