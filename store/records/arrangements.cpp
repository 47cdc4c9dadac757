#include "store/records/arrangements.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <utility>

#include "core/timestamp.h"
#include "store/records/names.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

// An event tells of so many things how they were and are; the rows that changed are with it anyway.
constexpr std::size_t kToldMax = 200;

constexpr SqlPart kArrangements =
    "SELECT arrangement, batch, action, pages, side, beside, dossier_key, item_key, value, reason, "
    "decided_by, decided_at, ended_by, ended_at, ended_reason, conflict FROM arrangements ";

std::vector<PageNumber> pages_in(const std::string& text) {
  const Json list = Json::parse(text, nullptr, false);
  std::vector<PageNumber> pages;
  if (!list.is_array()) return pages;
  for (const Json& page : list) {
    if (page.is_number_integer()) pages.push_back(page.get<PageNumber>());
  }
  return pages;
}

std::vector<Arrangement> arrangements_from(Rows row) {
  std::vector<Arrangement> found;
  while (row.next()) {
    Arrangement one;
    one.number = row.integer();
    one.batch = row.integer();
    one.action = from_word<ArrangementAction>(row.text());
    one.pages = pages_in(row.text());
    one.side = from_word<Beside>(row.text());
    one.beside = row.integer();
    one.dossier = row.text();
    one.item = row.text();
    one.value = row.text();
    one.reason = row.text();
    one.decided_by = row.text();
    one.decided_at = row.text();
    one.ended_by = row.text();
    one.ended_at = row.text();
    one.ended_reason = row.text();
    one.conflict = row.text();
    found.push_back(std::move(one));
  }
  return found;
}

/// How a batch is arranged: what a decision can change, each thing under its kind and number.
using Picture = std::map<std::pair<std::string_view, std::int64_t>, Json>;

Picture picture_of(Database& database, BatchNumber batch) {
  Picture picture;
  Rows page = database.query(
      "SELECT page, dossier, item, page_of_item, replaced_by, rotation, doc_type FROM pages "
      "WHERE batch = $1",
      {batch});
  while (page.next()) {
    const PageNumber number = page.integer();
    Json one = {{"page", number}};
    for (const char* name : {"dossier", "item", "page_of_item", "replaced_by", "rotation"}) {
      one[name] = page.integer();
    }
    one["doc_type"] = page.text();
    picture[{"pages", number}] = std::move(one);
  }
  Rows item = database.query(
      "SELECT i.item, i.dossier, i.item_sequence, i.doc_type, i.class_code, i.retention "
      "FROM items i JOIN dossiers d ON d.dossier = i.dossier WHERE d.batch = $1",
      {batch});
  while (item.next()) {
    const ItemNumber number = item.integer();
    Json one = {{"item", number}, {"dossier", item.integer()}};
    one["sequence"] = item.integer();
    one["doc_type"] = item.text();
    one["class"] = item.text();
    one["retention"] = item.text();
    picture[{"items", number}] = std::move(one);
  }
  Rows person = database.query(
      "SELECT m.person, m.page FROM person_pages m JOIN pages p ON p.page = m.page "
      "WHERE p.batch = $1 ORDER BY m.person, m.page",
      {batch});
  while (person.next()) {
    const PersonNumber number = person.integer();
    Json& one = picture[{"persons", number}];
    one["person"] = number;
    one["pages"].push_back(person.integer());
  }
  return picture;
}

/// What is in `these` as it is not in `others`, by kind.
Json told(const Picture& these, const Picture& others) {
  Json kinds = Json::object();
  std::map<std::string_view, std::size_t> more;
  for (const auto& [key, one] : these) {
    const auto other = others.find(key);
    if (other != others.end() && other->second == one) continue;
    Json& list = kinds[std::string(key.first)];
    if (list.size() < kToldMax) {
      list.push_back(one);
    } else {
      ++more[key.first];
    }
  }
  for (const auto& [kind, count] : more) kinds["more_" + std::string(kind)] = count;
  return kinds;
}

std::string details_of(const Arrangement& decision, const Picture& before, const Picture& after) {
  const Json details = {{"arrangement", decision.number},
                        {"pages", decision.pages},
                        {"beside", decision.beside},
                        {"before", told(before, after)},
                        {"after", told(after, before)}};
  return details.dump();
}

std::span<const Right> rights_for(ArrangementAction action) {
  static constexpr std::array kOfTypes = {Right::describe, Right::manage};
  const bool type =
      action == ArrangementAction::type_page || action == ArrangementAction::type_item;
  return std::span(kOfTypes).subspan(type ? 0 : 1);
}

void require_answered_for(const std::string& reason, const std::string& who) {
  const auto empty = [](const std::string& text) {
    return text.find_first_not_of(" \t\n") == std::string::npos;
  };
  if (empty(reason) || empty(who)) {
    throw std::invalid_argument("a decision about the structure needs a reason and a name");
  }
}

}  // namespace

std::vector<Arrangement> arrangements_of(Database& database, BatchNumber batch) {
  return arrangements_from(
      database.query(joined<kArrangements, "WHERE batch = $1 ORDER BY arrangement">(), {batch}));
}

ArrangementNumber Records::arrange(Arrangement decision,
                                   const std::function<void(Arrangement&)>& file,
                                   const std::function<void(const Arrangement&)>& change) {
  require_answered_for(decision.reason, decision.decided_by);
  impl_->require(rights_for(decision.action));
  RecordedTransaction transaction(*impl_);
  Database& database = impl_->database;
  const Picture before = picture_of(database, decision.batch);
  if (file) file(decision);
  for (const PageNumber page : decision.pages) {
    if (database.number("SELECT COUNT(*) FROM pages WHERE page = $1 AND fault_reason = 'disposed'",
                        {page}) > 0) {
      throw std::invalid_argument("page " + std::to_string(page) + " was disposed of");
    }
  }
  decision.decided_at = timestamp_now();
  decision.number = database.number(
      "INSERT INTO arrangements (batch, action, pages, side, beside, dossier_key, item_key, value, "
      "reason, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
      "RETURNING arrangement",
      {decision.batch, word_for(decision.action), Json(decision.pages).dump(),
       word_for(decision.side), decision.beside, decision.dossier, decision.item, decision.value,
       decision.reason, decision.decided_by, decision.decided_at});
  change(decision);
  impl_->note(name_of(decision.action).event, "arrangement", decision.number,
              details_of(decision, before, picture_of(database, decision.batch)));
  transaction.commit();
  return decision.number;
}

void Records::end_arrangement(ArrangementNumber number, const std::string& reason,
                              const std::string& who,
                              const std::function<void(const Arrangement&)>& change) {
  require_answered_for(reason, who);
  const auto decision = arrangement(number);
  if (!decision || !decision->stands()) {
    throw std::invalid_argument("there is no such decision, or it was taken back");
  }
  impl_->require(rights_for(decision->action));
  RecordedTransaction transaction(*impl_);
  const Picture before = picture_of(impl_->database, decision->batch);
  impl_->database.execute(
      "UPDATE arrangements SET ended_by = $2, ended_at = $3, ended_reason = $4, conflict = '' "
      "WHERE arrangement = $1",
      {number, who, timestamp_now(), reason});
  change(*decision);
  impl_->note("arrangement_taken_back", "arrangement", number,
              details_of(*decision, before, picture_of(impl_->database, decision->batch)));
  transaction.commit();
}

std::vector<Arrangement> Records::arrangements(BatchNumber batch) const {
  return arrangements_of(impl_->database, batch);
}

std::optional<Arrangement> Records::arrangement(ArrangementNumber number) const {
  auto found = arrangements_from(
      impl_->database.query(joined<kArrangements, "WHERE arrangement = $1">(), {number}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<Arrangement> Records::replacement_of(PageNumber page) const {
  auto found = arrangements_from(impl_->database.query(
      joined<kArrangements,
             "WHERE batch = (SELECT batch FROM pages WHERE page = $1) AND action = 'replace_page' "
             "AND ended_at = '' AND conflict = '' AND json_extract(pages, '$[0]') = $1">(),
      {page}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void Records::forget_reading_decisions(PageNumber page) {
  RecordedTransaction transaction(*impl_);
  impl_->database.execute(
      "UPDATE pages SET doc_type_by_person = FALSE, rotation_by_person = FALSE WHERE page = $1",
      {page});
  transaction.commit();
}

}  // namespace archive
