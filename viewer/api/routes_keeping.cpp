#include <algorithm>
#include <map>

#include "store/lifecycle/disposal.h"
#include "store/lifecycle/places.h"
#include "store/lifecycle/retention.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"
#include "viewer/keeping_json.h"

// What is kept how long and where: retention, disposal, loans, places, packages.
// Each change is one of store/, with its rights; what it refuses becomes an answer 409.

namespace archive {
namespace {

constexpr std::size_t kRowsStandard = 100;
constexpr std::size_t kRowsMost = 1'000;
constexpr std::size_t kRowsOffsetMost = 100'000'000;
constexpr std::size_t kAppraisalsMost = 10'000;

/// Adds to rows that name a dossier what it is called.
class DossierNames {
 public:
  explicit DossierNames(const Records& records) : records_(records) {}

  Json with_name(Json row) {
    const DossierNumber number = row["dossier"].get<DossierNumber>();
    auto known = known_.find(number);
    if (known == known_.end()) {
      const auto dossier = records_.dossier(number);
      known = known_.emplace(number, dossier ? std::pair(dossier->dossier_no, dossier->title)
                                             : std::pair<std::string, std::string>()).first;
    }
    row["dossier_no"] = known->second.first;
    row["title"] = ProtectedFields::masked_numbers(known->second.second);
    return row;
  }

 private:
  const Records& records_;
  std::map<DossierNumber, std::pair<std::string, std::string>> known_;
};

int item_in(const Json& body) {
  const std::int64_t item = number_in(body, "item", true);
  if (item > 1'000'000) refuse_not_found("没有这一件", "there is no such item");
  return static_cast<int>(item);
}

}  // namespace

// What waits for somebody, in numbers.
HttpResponse Service::Impl::keeping(const Asked&) {
  auto desk = rooms.lend();
  Records& records = desk->records;
  const Retention retention(records, parts.tables.volume);
  const Disposal disposal(records);
  const Places places(records);
  const std::string day = today();
  const std::string in_a_year = std::to_string(std::stoi(day.substr(0, 4)) + 1) + day.substr(4);
  std::int64_t due = 0, soon = 0, undecided = 0, items = 0;
  retention.for_each([&](const KeptItem& item) {
    ++items;
    undecided += item.retention == "HOLD" || item.retention.empty() ? 1 : 0;
    if (!item.due) return;
    (item.due->text() <= day ? due : soon) += item.due->text() <= in_a_year ? 1 : 0;
  });
  std::int64_t to_approve = 0, to_carry_out = 0;
  for (const DisposalList& list : disposal.lists()) {
    if (!list.withdrawn_at.empty() || !list.carried_out_at.empty()) continue;
    (list.approved_at.empty() ? to_approve : to_carry_out) += 1;
  }
  const auto loans = places.loans(true);
  const auto packages = records.packages();
  const auto media = records.media();
  const Json alarms = alarms_json(records);
  return answer_of(Json{
      {"today", day},
      {"items", items},
      {"due", due},
      {"due_within_a_year", soon},
      {"undecided", undecided},
      {"appraisals_open", retention.appraisals(true).size()},
      {"holds", disposal.holds(true).size()},
      {"lists_to_approve", to_approve},
      {"lists_to_carry_out", to_carry_out},
      {"loans_out", loans.size()},
      {"loans_overdue", std::ranges::count_if(loans, [&day](const Loan& loan) {
         return loan.due_on < day;
       })},
      {"packages_under_way",
       std::ranges::count(packages, PackageState::handing_over, &PackageRecord::state)},
      {"digital_without_paper", places.digital_without_paper().size()},
      {"paper_without_digital", places.paper_without_digital().size()},
      {"media_due", std::ranges::count_if(media, [&day](const Medium& medium) {
         return medium.retired_at.empty() && medium.read_back_due < day;
       })},
      {"tasks_open", records.custody_tasks(true).size()},
      {"alarms", alarms.size()},
      {"alarms_new", std::ranges::count_if(alarms, [](const Json& alarm) {
         return alarm["acknowledged"].is_null();
       })}});
}

HttpResponse Service::Impl::kept_items(const Asked& asked) {
  const std::size_t offset = count_in(asked.request.argument("offset"), 0, kRowsOffsetMost);
  const std::size_t limit = count_in(asked.request.argument("limit"), kRowsStandard, kRowsMost);
  const std::string& by = asked.request.argument("due_by");
  const std::string& retention_of = asked.request.argument("retention");
  const std::size_t dossier = count_in(asked.request.argument("dossier"), 0, kRowsOffsetMost);
  const std::optional<Date> due_by = by.empty() ? std::nullopt : std::optional(day_of(by));
  auto desk = rooms.lend();
  DossierNames names(desk->records);
  std::vector<KeptItem> found;
  Retention(desk->records, parts.tables.volume).for_each([&](const KeptItem& item) {
    if (dossier != 0 && item.dossier != static_cast<DossierNumber>(dossier)) return;
    if (!retention_of.empty() && item.retention != retention_of) return;
    if (due_by && (!item.due || *item.due > *due_by)) return;
    found.push_back(item);
  });
  // What falls due first comes first; what never does, last.
  std::ranges::stable_sort(found, {}, [](const KeptItem& item) {
    return item.due ? item.due->text() : std::string("9999");
  });
  Json rows = Json::array();
  for (std::size_t i = offset; i < found.size() && rows.size() < limit; ++i) {
    Json row = names.with_name(kept_item_json(found[i]));
    row["doc_type_name"] = type_name(found[i].doc_type);
    rows.push_back(std::move(row));
  }
  return answer_of(Json{{"total", found.size()}, {"items", std::move(rows)}});
}

HttpResponse Service::Impl::extend_retention(const Asked& asked) {
  const Json body = body_json(asked.request);
  const DossierNumber dossier = number_in(body, "dossier");
  const std::string reason = reason_in(body);
  const std::string to = text_in(body, "to");
  const std::string report = text_in(body, "report");
  Json after;
  write(asked, "retention change", reason, [&](Records& records) {
    Retention retention(records, parts.tables.volume);
    retention.extend(dossier, item_in(body), to, reason, report);
    after = kept_item_json(retention.item(dossier, item_in(body)));
  });
  return answer_of(after);
}

HttpResponse Service::Impl::appraisals(const Asked& asked) {
  const bool all = asked.request.argument("all") == "yes";
  auto desk = rooms.lend();
  DossierNames names(desk->records);
  Json rows = Json::array();
  for (const Appraisal& task :
       Retention(desk->records, parts.tables.volume).appraisals(!all)) {
    rows.push_back(names.with_name(appraisal_json(task)));
  }
  return answer_of(Json{{"appraisals", std::move(rows)}});
}

HttpResponse Service::Impl::open_appraisals(const Asked& asked) {
  const Date by = day_of(text_in(body_json(asked.request), "on"));
  std::int64_t tasks = 0;
  write(asked, "retention appraise", "", [&](Records& records) {
    tasks = Retention(records, parts.tables.volume).open_appraisals(by);
  });
  return answer_of(Json{{"opened", tasks}});
}

HttpResponse Service::Impl::close_appraisal(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string reason = reason_in(body);
  write(asked, "retention appraise", reason, [&](Records& records) {
    Retention(records, parts.tables.volume)
        .close_appraisal(asked.number(), text_in(body, "outcome"), reason);
  });
  return no_content();
}

HttpResponse Service::Impl::holds(const Asked& asked) {
  const bool all = asked.request.argument("all") == "yes";
  auto desk = rooms.lend();
  DossierNames names(desk->records);
  Json rows = Json::array();
  for (const LegalHold& hold : Disposal(desk->records).holds(!all)) {
    rows.push_back(names.with_name(hold_json(hold)));
  }
  return answer_of(Json{{"holds", std::move(rows)}});
}

HttpResponse Service::Impl::set_hold(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string reason = reason_in(body);
  std::int64_t made = 0;
  write(asked, "hold", reason, [&](Records& records) {
    made = Disposal(records).hold(dossier_in(records, body), reason,
                                  text_in(body, "basis", kReasonMost));
  });
  return answer_of(Json{{"hold", made}}, 201);
}

HttpResponse Service::Impl::lift_hold(const Asked& asked) {
  const std::string reason = reason_in(body_json(asked.request));
  write(asked, "hold", reason,
        [&](Records& records) { Disposal(records).lift(asked.number(), reason); });
  return no_content();
}

HttpResponse Service::Impl::disposal_lists(const Asked&) {
  auto desk = rooms.lend();
  const Disposal disposal(desk->records);
  Json rows = Json::array();
  for (const DisposalList& list : disposal.lists()) {
    rows.push_back(disposal_list_json(list, disposal.hindrance(list, day_of(""))));
  }
  return answer_of(Json{{"lists", std::move(rows)}});
}

HttpResponse Service::Impl::disposal_list(const Asked& asked) {
  auto desk = rooms.lend();
  const Disposal disposal(desk->records);
  const auto list = disposal.list(asked.number());
  if (!list) refuse_not_found("没有这份清册", "there is no such list");
  Json json = disposal_list_json(*list, disposal.hindrance(*list, day_of("")));
  DossierNames names(desk->records);
  json["items"] = Json::array();
  if (list->carried_out_at.empty()) {
    for (const Appraisal& task :
         Retention(desk->records, parts.tables.volume).appraisals(false)) {
      if (std::ranges::find(list->appraisals, task.number) == list->appraisals.end()) continue;
      json["items"].push_back(names.with_name(appraisal_json(task)));
    }
    return answer_of(json);
  }
  for (const DisposedItem& item : disposal.items_of(list->number)) {
    Json row = disposed_item_json(item);
    row["title"] = ProtectedFields::masked_numbers(item.title);
    json["items"].push_back(std::move(row));
  }
  json["objects"] = Json::array();
  for (const DisposedObject& object : disposal.objects_of(list->number)) {
    json["objects"].push_back(disposed_object_json(object));
  }
  return answer_of(json);
}

HttpResponse Service::Impl::make_disposal_list(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string reason = reason_in(body);
  const auto given = numbers_in(body, "appraisals", kAppraisalsMost);
  std::int64_t made = 0;
  write(asked, "disposal", reason, [&](Records& records) {
    made = Disposal(records).make_list(given, reason);
  });
  return answer_of(Json{{"list", made}}, 201);
}

HttpResponse Service::Impl::approve_disposal(const Asked& asked) {
  const std::string reason = text_in(body_json(asked.request), "reason", kReasonMost);
  write(asked, "disposal", reason, [&](Records& records) {
    Disposal(records).approve(asked.number(), parts.settings.lifecycle.disposal_waiting_days);
  });
  return no_content();
}

HttpResponse Service::Impl::withdraw_disposal(const Asked& asked) {
  const std::string reason = reason_in(body_json(asked.request));
  write(asked, "disposal", reason,
        [&](Records& records) { Disposal(records).withdraw(asked.number(), reason); });
  return no_content();
}

HttpResponse Service::Impl::loans(const Asked& asked) {
  const bool all = asked.request.argument("all") == "yes";
  auto desk = rooms.lend();
  DossierNames names(desk->records);
  const Places places(desk->records);
  Json rows = Json::array();
  for (const Loan& loan : places.loans(!all)) {
    Json row = names.with_name(loan_json(loan, today()));
    row["notes"] = Json::array();
    if (loan.extensions + loan.dunnings > 0) {
      for (const LoanNote& note : places.notes_of(loan.number)) {
        row["notes"].push_back(loan_note_json(note));
      }
    }
    rows.push_back(std::move(row));
  }
  return answer_of(Json{{"loans", std::move(rows)}});
}

HttpResponse Service::Impl::lend(const Asked& asked) {
  const Json body = body_json(asked.request);
  Loan loan;
  loan.item_sequence = item_in(body);
  loan.borrower = text_in(body, "borrower");
  loan.unit = text_in(body, "unit");
  loan.reason = reason_in(body);
  loan.due_on = day_in(body, "due_on");
  std::int64_t made = 0;
  write(asked, "loan", loan.reason, [&](Records& records) {
    loan.dossier = dossier_in(records, body);
    made = Places(records).lend(loan);
  });
  return answer_of(Json{{"loan", made}}, 201);
}

HttpResponse Service::Impl::change_loan(const Asked& asked) {
  const std::string& what = asked.at.at(1);
  const std::int64_t number = asked.number();
  const Json body = body_json(asked.request);
  if (what == "return") {
    write(asked, "loan", "", [&](Records& records) { Places(records).take_back(number); });
  } else if (what == "extend") {
    const std::string reason = reason_in(body);
    const std::string due = day_in(body, "due_on");
    write(asked, "loan", reason,
          [&](Records& records) { Places(records).extend(number, due, reason); });
  } else if (what == "dun") {
    const std::string how = reason_in(body);
    write(asked, "loan", how, [&](Records& records) { Places(records).dun(number, how); });
  } else {
    refuse_not_found("没有这个地址", "there is nothing at this address");
  }
  return no_content();
}

HttpResponse Service::Impl::places(const Asked& asked) {
  const std::size_t dossier = count_in(asked.request.argument("dossier"), 0, kRowsOffsetMost);
  auto desk = rooms.lend();
  const Places places(desk->records);
  DossierNames names(desk->records);
  if (dossier != 0) {
    Json rows = Json::array();
    for (const ShelfPlace& place : places.of_dossier(static_cast<DossierNumber>(dossier))) {
      rows.push_back(names.with_name(place_json(place)));
    }
    return answer_of(Json{{"places", std::move(rows)}});
  }
  const auto list = [](const std::vector<Places::Gap>& gaps) {
    Json rows = Json::array();
    for (const Places::Gap& gap : gaps) {
      if (rows.size() < kRowsMost) rows.push_back(gap_json(gap));
    }
    return Json{{"total", gaps.size()}, {"rows", std::move(rows)}};
  };
  return answer_of(Json{{"digital_without_paper", list(places.digital_without_paper())},
                        {"paper_without_digital", list(places.paper_without_digital())}});
}

HttpResponse Service::Impl::put_place(const Asked& asked) {
  const Json body = body_json(asked.request);
  ShelfPlace place;
  place.item_sequence = item_in(body);
  place.room = text_in(body, "room");
  place.shelf = text_in(body, "shelf");
  place.cell = text_in(body, "cell");
  place.box = text_in(body, "box");
  place.missing_reason = text_in(body, "missing", kReasonMost);
  write(asked, "place", place.missing_reason, [&](Records& records) {
    place.dossier = dossier_in(records, body);
    Places(records).put(place);
  });
  return no_content();
}

HttpResponse Service::Impl::packages(const Asked&) {
  auto desk = rooms.lend();
  Json rows = Json::array();
  for (const PackageRecord& package : desk->records.packages()) {
    rows.push_back(package_json(package));
  }
  return answer_of(Json{{"packages", std::move(rows)}});
}

HttpResponse Service::Impl::settle_package(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string state = text_in(body, "state");
  if (state != "accepted" && state != "returned") {
    throw Refusal{400, "state", "应为已接收或已回退", "say accepted or returned", 0};
  }
  const std::string reason = state == "returned" ? reason_in(body) : text_in(body, "reason");
  write(asked, "package settle", reason, [&](Records& records) {
    records.settle_package(asked.number(),
                           state == "accepted" ? PackageState::accepted : PackageState::returned,
                           reason, records.writes_as());
  });
  return no_content();
}

}  // namespace archive
