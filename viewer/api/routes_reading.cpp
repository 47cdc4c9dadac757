#include <algorithm>
#include <map>
#include <set>

#include "checks/four_properties.h"
#include "checks/overview.h"
#include "core/timestamp.h"
#include "store/lifecycle/overview.h"
#include "store/lifecycle/places.h"
#include "viewer/api/masking.h"
#include "viewer/api/service_impl.h"
#include "viewer/dossier_report.h"
#include "viewer/page_json.h"
#include "viewer/person_view.h"
#include "viewer/property_report.h"

// What is in the archive: search, dossiers, pages, persons.

namespace archive {
namespace {

constexpr std::size_t kHitsStandard = 20;
constexpr std::size_t kHitsMost = 100;
constexpr std::size_t kDossiersStandard = 50;
constexpr std::size_t kDossiersMost = 200;
constexpr std::size_t kOffsetMost = 100'000'000;

/// Where the paper of a dossier or its item lies, in a line; "" when nobody said.
std::string place_of(Records& records, DossierNumber dossier, int item_sequence) {
  std::string text;
  for (const ShelfPlace& place : Places(records).of_dossier(dossier)) {
    if (place.item_sequence != 0 && place.item_sequence != item_sequence) continue;
    text.clear();
    for (const std::string& part : {place.room, place.shelf, place.cell, place.box}) {
      if (!part.empty()) text += (text.empty() ? "" : " · ") + part;
    }
    if (!place.missing_reason.empty()) text = "✗ " + place.missing_reason;
  }
  return text;
}

Json persons_json(const std::vector<PersonRecord>& persons, const FieldSight& sight) {
  Json list = Json::array();
  for (const PersonRecord& person : persons) {
    list.push_back({{"number", person.number},
                    {"name", person.name},
                    {"id_number", sight.told("id_number", person.citizen_id)}});
  }
  return list;
}

Json page_line(const PageRecord& page, const Session& session, const std::string& type_name) {
  return {{"page", page.number},
          {"token", session.token_of(page.number)},
          {"source", ProtectedFields::masked_numbers(page.source_name)},
          {"page_in_file", page.occurrence.page_in_file},
          {"kind", page.kind == PageKind::blank       ? "blank"
                   : page.kind == PageKind::separator ? "separator"
                                                      : "content"},
          {"state", page.state == PageState::filed ? "filed" : "set_aside"},
          {"reason", page.fault ? Json(name_of(page.fault->reason)) : Json(nullptr)},
          {"doc_type", page.doc_type},
          {"doc_type_name", type_name},
          {"title", ProtectedFields::masked_numbers(page.title)},
          {"item", page.item},
          {"page_of_item", page.page_of_item},
          {"page_of_dossier", page.page_of_dossier},
          {"width", page.width},
          {"height", page.height},
          {"rotation", page.rotation},
          {"quality", page.quality ? Json(name_of(page.quality->verdict)) : Json(nullptr)},
          {"review", page.review_reasons}};
}

/// How many of the papers that its business must have are there, and how.
Json papers_json(const Records& records, const CheckTables& tables, DossierNumber dossier) {
  std::map<PaperPresence::State, std::int64_t> papers;
  if (const auto facts = records.facts(dossier)) {
    for (const PaperPresence& paper : overview_of(*facts, tables).papers) {
      if (paper.need == Need::mandatory) ++papers[paper.state];
    }
  }
  return {{"usable", papers[PaperPresence::State::usable]},
          {"unreadable", papers[PaperPresence::State::unreadable]},
          {"absent", papers[PaperPresence::State::absent]}};
}

/// Changes when a page is read anew, turned, retyped or corrected.
std::string page_etag(const PageRecord& page) {
  std::string state = std::to_string(page.number) + "|" + page.filed_at + "|" +
                      page.config_version + "|" + page.engines + "|" + page.doc_type + "|" +
                      std::to_string(page.rotation) + "|" + std::to_string(page.replaced_by) +
                      "|" + (page.layout_blob ? page.layout_blob->text() : "");
  for (const FieldRecord& field : page.fields) state += "|" + field.field + "=" + field.value;
  for (const TypedValue& typed : page.typed) state += "|" + typed.typed_at + typed.ended_at;
  return etag_of(state);
}

void keep_only(std::vector<PersonRecord>& persons, const std::set<PersonNumber>& these) {
  std::erase_if(persons, [&](const PersonRecord& one) { return !these.contains(one.number); });
}

/// How many pages answer. Of some pages alone they are counted one by one: an estimate reckons with
/// everybody's.
std::size_t total_of(ReadingRoom& room, SearchRequest wanted, const SearchAnswer& answer) {
  if (!wanted.filters.pages) return answer.estimated_total;
  wanted.offset = 0;
  wanted.after.clear();
  wanted.limit = wanted.filters.pages->size();
  return room.count(wanted).hits.size();
}

/// What a report tells of these pages and persons, for whoever may not see the others.
void narrow(DossierReport& report, const std::vector<PageRecord>& pages,
            const std::set<PersonNumber>& persons) {
  const auto told = [&pages](PageNumber number) {
    return std::ranges::find(pages, number, &PageRecord::number) != pages.end();
  };
  const auto count = static_cast<std::int64_t>(pages.size());
  if (report.pages != count) report.overview = {};
  report.pages = count;
  report.set_aside = std::ranges::count(pages, PageState::set_aside, &PageRecord::state);
  keep_only(report.persons, persons);
  std::erase_if(report.findings, [&](const ReportedFinding& one) {
    return one.places.empty() ||
           std::ranges::any_of(one.places,
                               [&](const ReportedPlace& at) { return !told(at.place.page); });
  });
}

}  // namespace

HttpResponse Service::Impl::search(const Asked& asked) {
  const HttpRequest& request = asked.request;
  SearchRequest wanted;
  wanted.text = request.argument("q");
  wanted.filters.person = request.argument("person");
  wanted.filters.id_number = request.argument("id_number");
  wanted.filters.doc_type = request.argument("doc_type");
  wanted.filters.dossier = request.argument("dossier");
  wanted.filters.batch = request.argument("batch");
  wanted.offset = count_in(request.argument("offset"), 0, kOffsetMost);
  wanted.after = request.argument("after");
  wanted.limit = count_in(request.argument("limit"), kHitsStandard, kHitsMost);
  // What was asked for is personal itself; that somebody asked is not.
  log(asked.session, request, "searched", "");
  auto desk = rooms.lend();
  // Asked of the index: others' pages, left out afterwards, would fill screen after screen.
  wanted.filters.pages = searched_pages(desk->records, asked.session);
  const SearchPage result = desk->room.search(wanted);
  const FieldSight sight = sight_of(asked.session);
  Json hits = Json::array();
  std::map<DossierNumber, std::optional<DossierRecord>> dossiers;
  for (const FoundPage& found : result.found) {
    const PageRecord& page = found.page;
    auto known = dossiers.find(page.dossier);
    if (known == dossiers.end()) {
      known = dossiers.emplace(page.dossier, desk->records.dossier(page.dossier)).first;
    }
    int sequence = 0;
    if (known->second) {
      for (const ItemRecord& item : known->second->items) {
        if (item.number == page.item) sequence = item.sequence;
      }
    }
    Json boxes = Json::array();
    for (const Quad& quad : found.hit.boxes) {
      Json corners = Json::array();
      for (const Point& corner : quad.corners) corners.push_back({corner.x, corner.y});
      boxes.push_back(std::move(corners));
    }
    Json line = page_line(page, asked.session, type_name(page.doc_type));
    line["dossier"] = page.dossier;
    line["dossier_no"] = found.dossier_no;
    line["item_sequence"] = sequence;
    line["persons"] = persons_json(found.persons, sight);
    // What a page says, in a list that stays visible without a training (R12).
    line["snippet"] = asked.session.trained ? told_snippet(found.hit.snippet, page, sight) : "";
    line["hit"] = found.hit.reason;
    line["boxes"] = std::move(boxes);
    line["place"] = page.dossier == 0 ? "" : place_of(desk->records, page.dossier, sequence);
    hits.push_back(std::move(line));
  }
  return answer_of(Json{{"total", total_of(desk->room, wanted, result.answer)},
                        {"understood", ProtectedFields::masked_numbers(result.answer.understood)},
                        {"complete", result.answer.complete},
                        {"waiting", result.waiting},
                        {"next", result.answer.next},
                        {"hits", std::move(hits)}});
}

HttpResponse Service::Impl::dossiers(const Asked& asked) {
  const HttpRequest& request = asked.request;
  BoardWish wish;
  wish.state = request.argument("state");
  wish.words = request.argument("q");
  wish.batch = static_cast<BatchNumber>(count_in(request.argument("batch"), 0, kOffsetMost));
  wish.offset = count_in(request.argument("offset"), 0, kOffsetMost);
  wish.limit = count_in(request.argument("limit"), kDossiersStandard, kDossiersMost);
  if (shows_own_only(asked.session)) wish.among = asked.session.purpose->known.dossiers;
  auto desk = rooms.lend();
  const Overview overview(desk->records);
  const BoardCounts counts = overview.counts(wish);
  const std::map<std::string, std::int64_t> totals = {{"", counts.all},
                                                      {"errors", counts.errors},
                                                      {"warnings", counts.warnings},
                                                      {"clean", counts.clean},
                                                      {"set_aside", counts.set_aside}};
  const auto total = totals.find(wish.state);
  if (total == totals.end()) {
    throw Refusal{400, "state", "没有这种状况", "there is no such state of dossiers", 0};
  }
  Json list = Json::array();
  for (const BoardRow& row : overview.rows(wish)) {
    std::vector<PersonRecord> persons = desk->records.persons_of_dossier(row.dossier);
    if (wish.among) keep_only(persons, asked.session.purpose->known.persons);
    list.push_back(
        {{"number", row.dossier},
         {"dossier_no", row.dossier_no},
         {"title", ProtectedFields::masked_numbers(row.title)},
         {"batch", row.batch},
         {"batch_name", row.batch_name},
         {"pages", row.pages},
         {"set_aside", row.set_aside},
         {"persons", persons_json(persons, sight_of(asked.session))},
         {"errors", row.errors},
         {"warnings", row.warnings},
         {"notes", row.notes},
         {"papers", papers_json(desk->records, parts.tables, row.dossier)}});
  }
  return answer_of(Json{{"total", total->second},
                        {"counts",
                         {{"all", counts.all},
                          {"errors", counts.errors},
                          {"warnings", counts.warnings},
                          {"clean", counts.clean},
                          {"set_aside", counts.set_aside}}},
                        {"dossiers", std::move(list)}});
}

HttpResponse Service::Impl::dossier(const Asked& asked) {
  const DossierNumber number = asked.number();
  const std::string object = "dossier " + std::to_string(number);
  auto desk = rooms.lend();
  DossierRecord dossier = dossier_asked_for(asked, *desk, number);
  log(asked.session, asked.request, "dossier_opened", object);
  const std::string etag = structure_etag(desk->records, dossier);
  const std::vector<PageRecord> pages = those_in_scope(desk->records, asked.session,
                                                       desk->records.pages_of_dossier(number));
  const bool own_only = shows_own_only(asked.session);
  if (own_only) {
    std::erase_if(dossier.items, [&pages](const ItemRecord& item) {
      return std::ranges::find(pages, item.number, &PageRecord::item) == pages.end();
    });
  }
  Json json = dossier_json(dossier);
  json.erase("dossier");
  Json lines = Json::array();
  std::map<ItemNumber, Json> pages_of;
  for (const PageRecord& page : pages) {
    lines.push_back(page_line(page, asked.session, type_name(page.doc_type)));
    if (page.item != 0) pages_of[page.item].push_back(page.number);
  }
  for (Json& item : json["items"]) {
    item["doc_type_name"] = type_name(item["doc_type"].get<std::string>());
    const auto found = pages_of.find(item["item"].get<ItemNumber>());
    item["pages"] = found == pages_of.end() ? Json::array() : found->second;
    item["number"] = item["item"];
    item["place"] = place_of(desk->records, number, item["sequence"].get<int>());
  }
  DossierReport report = dossier_report(desk->records, parts.tables, number);
  if (own_only) narrow(report, pages, asked.session.purpose->known.persons);
  Json answer = {{"number", number}, {"etag", etag}};
  answer.update(json);
  const FieldSight sight = sight_of(asked.session);
  answer["persons"] = persons_json(report.persons, sight);
  answer["pages"] = std::move(lines);
  answer["report"] = report_json(report);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    answer["report"]["findings"][i]["etag"] = finding_etag(report.findings[i].record);
  }
  mask_values(answer, sight);
  HttpResponse response = answer_of(answer);
  response.headers.emplace_back("ETag", etag);
  return response;
}

HttpResponse Service::Impl::dossier_properties(const Asked& asked) {
  const DossierNumber number = asked.number();
  const std::string object = "dossier " + std::to_string(number);
  auto desk = rooms.lend();
  dossier_asked_for(asked, *desk, number);
  // It tells of the dossier as a whole.
  std::vector<PageRecord> pages = desk->records.pages_of_dossier(number);
  const std::size_t all = pages.size();
  require_in_scope(
      asked, those_in_scope(desk->records, asked.session, std::move(pages)).size() == all, object);
  log(asked.session, asked.request, "dossier_examined", object);
  const PropertyEvidence evidence = parts.evidence_of(desk->records, number);
  Json answer = property_json({evidence.dossier, four_properties_of(evidence, parts.tables)});
  answer["examined_at"] = timestamp_now();
  mask_values(answer, sight_of(asked.session));
  return answer_of(answer);
}

void Service::Impl::log_opening(const Asked& asked, PageNumber page) {
  if (asked.session.opened.contains(page)) return;
  const std::int64_t entry =
      log(asked.session, asked.request, "page_opened", "page " + std::to_string(page));
  ++figures.opened;
  const Opening opening{entry, timestamp_now()};
  sessions.change(asked.session.id,
                  [&](Session& session) { session.opened.emplace(page, opening); });
}

Json Service::Impl::page_answer(Desk& desk, const Session& session, PageNumber number) {
  const PageRecord page = desk.room.page(number);
  const PageLayout layout = desk.room.layout(page);
  const auto dossier =
      page.dossier == 0 ? std::nullopt : desk.records.dossier(page.dossier);
  Json json = page_json(page, layout, dossier);
  for (Json& line : json["lines"]) line.erase("characters");
  json["etag"] = page_etag(page);
  json["doc_type_name"] = type_name(page.doc_type);
  const bool revealed = session.revealed.contains(number);
  const FieldSight sight = sight_of(session, revealed);
  json["persons"] = persons_json(desk.records.persons_of_page(number), sight);
  json["token"] = session.token_of(number);
  json["revealed"] = revealed;
  const PictureSight seen = picture_sight(desk, session, page);
  json["picture"] = seen == PictureSight::whole   ? "whole"
                    : seen == PictureSight::boxes ? "boxes"
                                                  : "covered";
  json["may_reveal"] = parts.pictures.reveals(session.posts, session.outside());
  for (Json& field : json["fields"]) {
    field["protected"] = parts.protected_fields.covers(field["field"].get<std::string>());
    field["withheld"] = sight.of(field["field"].get<std::string>()) == Sight::hide;
    const FormDescription* form = parts.tables.forms.form(page.doc_type);
    if (form == nullptr) continue;
    const auto known = std::ranges::find(form->fields, field["field"].get<std::string>(),
                                         &FieldDescription::id);
    if (known != form->fields.end() && !known->labels.empty()) field["label"] = known->labels[0];
  }
  if (page.fault) {
    const Message& words = parts.messages.of(page.fault->reason);
    json["why"] = {{"zh", words.zh},
                   {"en", words.en},
                   {"zh_what_to_do", words.zh_what_to_do},
                   {"en_what_to_do", words.en_what_to_do}};
  }
  mask_page(json, sight);
  return json;
}

HttpResponse Service::Impl::page(const Asked& asked) {
  const PageNumber number = asked.number();
  auto desk = rooms.lend();
  const PageRecord record = page_asked_for(asked, *desk, number);
  const std::string etag = page_etag(record);
  if (asked.request.header("if-none-match") == etag) {
    HttpResponse response = HttpResponse::of("", 304);
    response.content_type.clear();
    return response;
  }
  Json json = page_answer(*desk, asked.session, number);
  log_opening(asked, number);
  HttpResponse response = answer_of(json);
  response.headers.emplace_back("ETag", etag);
  return response;
}

HttpResponse Service::Impl::reveal(const Asked& asked) {
  const PageNumber number = asked.number();
  const std::string object = "page " + std::to_string(number);
  const std::string reason = text_in(body_json(asked.request), "reason", 500);
  if (reason.empty()) throw Refusal{400, "reason", "须说明理由", "say why", 0};
  auto desk = rooms.lend();
  page_asked_for(asked, *desk, number);
  if (!parts.pictures.reveals(asked.session.posts, asked.session.outside())) {
    log(asked.session, asked.request, "refused", object, "reveal");
    throw Refusal{403, "forbidden", "您的岗位不能查看被遮盖的内容",
                  "no post of yours may see what is hidden", 0};
  }
  log(asked.session, asked.request, "values_revealed", object, reason);
  sessions.change(asked.session.id,
                  [number](Session& session) { session.revealed.insert(number); });
  Session with = asked.session;
  with.revealed.insert(number);
  return answer_of(page_answer(*desk, with, number));
}

PersonRecord Service::Impl::person_asked_for(const Asked& asked, const Records& records) {
  const auto& purpose = asked.session.purpose;
  std::optional<PersonRecord> person;
  try {
    person = person_named(records, asked.at[0]);
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::not_found) throw;
  }
  require_in_scope(asked, person && purpose && purpose->known.persons.contains(person->number),
                   person ? "person " + std::to_string(person->number) : "person");
  if (!person) refuse_not_found("没有这个人", "there is no such person");
  return *std::move(person);
}

HttpResponse Service::Impl::person(const Asked& asked) {
  auto desk = rooms.lend();
  const PersonRecord person = person_asked_for(asked, desk->records);
  log(asked.session, asked.request, "person_opened", "person " + std::to_string(person.number));
  Json json = person_json(person_view(desk->records, parts.tables, person));
  const FieldSight sight = sight_of(asked.session);
  if (json.contains("id") && json["id"].is_string()) {
    json["id"] = sight.told("id_number", json["id"].get<std::string>());
  }
  mask_values(json, sight);
  return answer_of(json);
}

}  // namespace archive
