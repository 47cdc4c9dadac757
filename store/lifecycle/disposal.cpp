#include "store/lifecycle/disposal.h"

#include <algorithm>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/lifecycle/item_contents.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kHolds =
    "SELECT hold, dossier, reason, basis, set_by, set_at, lifted_by, lifted_at, lifted_reason "
    "FROM holds ";
constexpr SqlPart kLists =
    "SELECT disposal_list, reason, made_by, made_at, approved_by, approved_at, not_before, "
    "withdrawn_by, withdrawn_at, withdrawn_reason, carried_out_by, carried_out_at, witnessed_by "
    "FROM disposal_lists ";

constexpr SqlPart kListed =
    "SELECT COUNT(*) FROM disposal_items d JOIN appraisals a ON a.appraisal = d.appraisal ";

constexpr const char* kChangedSince =
    "an item is not what was appraised: withdraw the list and appraise it anew";

std::vector<LegalHold> holds_from(Rows rows) {
  std::vector<LegalHold> found;
  while (rows.next()) {
    found.push_back({rows.integer(), rows.integer(), rows.text(), rows.text(), rows.text(),
                     rows.text(), rows.text(), rows.text(), rows.text()});
  }
  return found;
}

std::vector<DisposalList> lists_from(Database& database, Rows rows) {
  std::vector<DisposalList> found;
  while (rows.next()) {
    DisposalList list{rows.integer(), rows.text(), rows.text(), rows.text(), rows.text(),
                      rows.text(),    rows.text(), rows.text(), rows.text(), rows.text(),
                      rows.text(),    rows.text(), rows.text(), {}};
    Rows items = database.query(
        "SELECT appraisal FROM disposal_items WHERE disposal_list = $1 ORDER BY appraisal",
        {list.number});
    while (items.next()) list.appraisals.push_back(items.integer());
    found.push_back(std::move(list));
  }
  return found;
}

Date day_after(Date day, int days) {
  for (int i = 0; i < days; ++i) {
    if (auto next = Date::of(day.year(), day.month(), day.day() + 1)) {
      day = *next;
    } else if (auto month = Date::of(day.year(), day.month() + 1, 1)) {
      day = *month;
    } else {
      day = *Date::of(day.year() + 1, 1, 1);
    }
  }
  return day;
}

void require_listable(Database& database, std::int64_t appraisal) {
  Rows rows = database.query("SELECT dossier, outcome FROM appraisals WHERE appraisal = $1",
                             {appraisal});
  const std::string which = "appraisal " + std::to_string(appraisal);
  if (!rows.next()) throw std::invalid_argument("there is no " + which);
  const DossierNumber dossier = rows.integer();
  if (rows.text() != "disposal") throw std::invalid_argument(which + " did not end with disposal");
  if (database.number("SELECT COUNT(*) FROM holds WHERE dossier = $1 AND lifted_at = ''",
                      {dossier}) > 0) {
    throw std::invalid_argument("a hold is on the dossier of " + which);
  }
  if (database.number("SELECT COUNT(*) FROM disposal_items i JOIN disposal_lists l "
                      "ON l.disposal_list = i.disposal_list "
                      "WHERE i.appraisal = $1 AND l.withdrawn_at = ''",
                      {appraisal}) > 0) {
    throw std::invalid_argument(which + " is on another list");
  }
  if (!as_appraised(database, appraisal)) {
    throw std::invalid_argument("the item of " + which +
                                " is not what was appraised: appraise it anew");
  }
}

bool all_as_appraised(Database& database, const DisposalList& list) {
  return std::ranges::all_of(list.appraisals, [&database](std::int64_t appraisal) {
    return as_appraised(database, appraisal);
  });
}

DisposalList standing(const std::optional<DisposalList>& list) {
  if (!list) throw std::invalid_argument("there is no disposal list of this number");
  if (!list->withdrawn_at.empty()) throw std::invalid_argument("the list was withdrawn");
  if (!list->carried_out_at.empty()) throw std::invalid_argument("the list was carried out");
  return *list;
}

}  // namespace

std::int64_t Disposal::hold(DossierNumber dossier, const std::string& reason,
                            const std::string& basis) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage, Right::approve});
  const auto held = records_.dossier(dossier);
  if (!held) throw std::invalid_argument("there is no such dossier");
  if (held->merged_into != 0) {
    throw std::invalid_argument("its pages are in dossier " + std::to_string(held->merged_into) +
                                ": put the hold on that one");
  }
  if (reason.empty() || basis.empty()) {
    throw std::invalid_argument("a hold needs a reason and its basis in law");
  }
  const std::int64_t number = impl.database.number(
      "INSERT INTO holds (dossier, reason, basis, set_by, set_at) VALUES ($1, $2, $3, $4, $5) "
      "RETURNING hold",
      {dossier, reason, basis, records_.writes_as(), timestamp_now()});
  impl.note("hold_set", "dossier", dossier, json_object({{"hold", number}}));
  transaction.commit();
  return number;
}

void Disposal::lift(std::int64_t hold, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::approve});
  if (reason.empty()) throw std::invalid_argument("lifting a hold needs a reason");
  const std::int64_t dossier = impl.database.number(
      "UPDATE holds SET lifted_by = $2, lifted_at = $3, lifted_reason = $4 "
      "WHERE hold = $1 AND lifted_at = '' RETURNING dossier",
      {hold, records_.writes_as(), timestamp_now(), reason});
  if (dossier == 0) throw std::invalid_argument("there is no hold of this number that stands");
  // What it kept in the dossier goes where it belongs.
  impl.database.execute(
      "UPDATE batches SET to_assemble = TRUE "
      "WHERE batch = (SELECT batch FROM dossiers WHERE dossier = $1)",
      {dossier});
  impl.note("hold_lifted", "dossier", dossier, json_object({{"hold", hold}}));
  transaction.commit();
}

std::vector<LegalHold> Disposal::holds(bool standing_only) const {
  Database& database = records_.inside().database;
  return holds_from(standing_only
                        ? database.query(joined<kHolds, "WHERE lifted_at = '' ORDER BY hold">())
                        : database.query(joined<kHolds, "ORDER BY hold">()));
}

bool Disposal::held(DossierNumber dossier) const {
  return records_.inside().database.number(
             "SELECT COUNT(*) FROM holds WHERE dossier = $1 AND lifted_at = ''", {dossier}) > 0;
}

std::int64_t Disposal::make_list(const std::vector<std::int64_t>& appraisals,
                                 const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  if (reason.empty()) throw std::invalid_argument("a disposal list needs a reason");
  if (appraisals.empty()) throw std::invalid_argument("there is nothing on the list");
  const std::int64_t list = impl.database.number(
      "INSERT INTO disposal_lists (reason, made_by, made_at) VALUES ($1, $2, $3) "
      "RETURNING disposal_list",
      {reason, records_.writes_as(), timestamp_now()});
  for (const std::int64_t appraisal : appraisals) {
    require_listable(impl.database, appraisal);
    impl.database.execute("INSERT INTO disposal_items (disposal_list, appraisal) VALUES ($1, $2)",
                          {list, appraisal});
  }
  impl.note("disposal_listed", "disposal_list", list,
            json_object({{"items", static_cast<std::int64_t>(appraisals.size())}}));
  transaction.commit();
  return list;
}

void Disposal::approve(std::int64_t number, int waiting_days) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::approve});
  const DisposalList list = standing(this->list(number));
  if (!list.approved_at.empty()) throw std::invalid_argument("the list was approved already");
  if (list.made_by == records_.writes_as()) {
    throw std::invalid_argument("a list is approved by somebody who did not make it");
  }
  if (!all_as_appraised(impl.database, list)) throw std::invalid_argument(kChangedSince);
  const std::string now = timestamp_now();
  const Date from = day_after(*Date::parse(now.substr(0, 10)), waiting_days);
  impl.database.execute(
      "UPDATE disposal_lists SET approved_by = $2, approved_at = $3, not_before = $4 "
      "WHERE disposal_list = $1",
      {number, records_.writes_as(), now, from.text()});
  impl.note("disposal_approved", "disposal_list", number,
            json_object({{"not_before", from.text()}}));
  transaction.commit();
}

void Disposal::withdraw(std::int64_t number, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage, Right::approve});
  standing(list(number));
  if (reason.empty()) throw std::invalid_argument("withdrawing a list needs a reason");
  impl.database.execute(
      "UPDATE disposal_lists SET withdrawn_by = $2, withdrawn_at = $3, withdrawn_reason = $4 "
      "WHERE disposal_list = $1",
      {number, records_.writes_as(), timestamp_now(), reason});
  // What it kept in its dossiers goes where it belongs.
  impl.database.execute(
      "UPDATE batches SET to_assemble = TRUE WHERE batch IN (SELECT o.batch FROM disposal_items d "
      "JOIN appraisals a ON a.appraisal = d.appraisal JOIN dossiers o ON o.dossier = a.dossier "
      "WHERE d.disposal_list = $1)",
      {number});
  impl.note("disposal_withdrawn", "disposal_list", number);
  transaction.commit();
}

std::optional<DisposalList> Disposal::list(std::int64_t number) const {
  Database& database = records_.inside().database;
  auto found = lists_from(
      database, database.query(joined<kLists, "WHERE disposal_list = $1">(), {number}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<DisposalList> Disposal::lists() const {
  Database& database = records_.inside().database;
  return lists_from(database, database.query(joined<kLists, "ORDER BY disposal_list">()));
}

std::string Disposal::hindrance(const DisposalList& list, Date on) const {
  if (!list.carried_out_at.empty()) return "it was carried out";
  if (!list.withdrawn_at.empty()) return "it was withdrawn";
  if (list.approved_at.empty()) return "nobody has approved it";
  if (on.text() < list.not_before) return "the time of waiting ends on " + list.not_before;
  Database& database = records_.inside().database;
  const auto any = [&](Sql rows) {
    return database.number(rows, {list.number}) > 0;
  };
  if (any(joined<kListed, "JOIN holds h ON h.dossier = a.dossier "
                          "WHERE d.disposal_list = $1 AND h.lifted_at = ''">())) {
    return "a hold is on one of its dossiers";
  }
  if (any(joined<kListed, "JOIN retention_changes c ON c.dossier = a.dossier "
                          "AND c.item_sequence = a.item_sequence "
                          "WHERE d.disposal_list = $1 AND c.changed_at > a.closed_at">())) {
    return "the period of one of its items was made longer since";
  }
  if (any(joined<kListed, "JOIN loans l ON l.dossier = a.dossier "
                          "AND l.item_sequence IN (0, a.item_sequence) "
                          "WHERE d.disposal_list = $1 AND l.returned_at = ''">())) {
    return "the paper of one of its items is on loan";
  }
  Rows last = database.query(
      "SELECT COALESCE(MAX(a.due_on), '') FROM disposal_items d "
      "JOIN appraisals a ON a.appraisal = d.appraisal WHERE d.disposal_list = $1",
      {list.number});
  const std::string due = last.next() ? last.text() : "";
  if (on.text() < due) return "the period of one of its items ends on " + due;
  if (!all_as_appraised(database, list)) return kChangedSince;
  return "";
}

}  // namespace archive
