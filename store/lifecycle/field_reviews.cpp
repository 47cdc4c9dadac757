#include "store/lifecycle/field_reviews.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr std::size_t kEnough = 2;  // persons who cannot read it

constexpr int kUnreadableHand = 2;    // what came of two keyings; 1: a value

// What persons said of a field comes as lines: whether two have to agree, the value in hexadecimal
// digits, the person.
constexpr SqlPart kFields =
    "SELECT f.page, p.batch, p.dossier, p.doc_type, f.field, f.table_row, f.value, f.confidence, "
    "f.handwritten, "
    "(SELECT group_concat(t.mandatory || hex(t.value) || ' ' || t.person, char(10)) "
    "FROM typed_values t WHERE t.page = f.page AND t.field = f.field "
    "AND t.table_row = f.table_row AND t.ended_at = ''), "
    "(SELECT group_concat(u.person, char(10)) FROM unreadable_values u WHERE u.page = f.page "
    "AND u.field = f.field AND u.table_row = f.table_row AND u.ended_at = ''), "
    "(SELECT group_concat(k.person, char(10)) FROM keyings k WHERE k.page = f.page "
    "AND k.field = f.field AND k.table_row = f.table_row), "
    "COALESCE((SELECT CASE o.value WHEN '' THEN 2 ELSE 1 END FROM keying_outcomes o "
    "WHERE o.page = f.page AND o.field = f.field AND o.table_row = f.table_row), 0) "
    "FROM fields f JOIN pages p ON p.page = f.page "
    "WHERE p.state = 'filed' AND p.replaced_by IS NULL AND f.by_person = FALSE "
    "AND COALESCE((SELECT s.step FROM items i JOIN review_steps s ON s.dossier = i.dossier "
    "AND s.item_sequence = i.item_sequence WHERE i.item = p.item "
    "AND s.step NOT IN ('verify', 'reject') ORDER BY s.review_step DESC LIMIT 1), '') "
    "<> 'approve' ";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// Statements that stand, as typed_state() wants them; values are told apart, not read.
std::vector<TypedValue> statements_in(const std::string& text) {
  std::vector<TypedValue> statements;
  for (const std::string& line : lines_of(text)) {
    const std::size_t blank = line.find(' ');
    TypedValue& one = statements.emplace_back();
    one.mandatory = line.front() == '1';
    one.value = line.substr(1, blank - 1);
    one.person = line.substr(blank + 1);
  }
  return statements;
}

std::vector<DoubtfulField> fields_from(Rows rows) {
  std::vector<DoubtfulField> found;
  std::set<std::tuple<PageNumber, std::string, int>> seen;
  while (rows.next()) {
    DoubtfulField one;
    one.page = rows.integer();
    one.batch = rows.integer();
    one.dossier = rows.integer();
    one.doc_type = rows.text();
    one.field = rows.text();
    one.row = rows.small_integer();
    one.value = rows.text();
    one.confidence = rows.real();
    one.handwritten = rows.flag();
    const std::vector<TypedValue> typed = statements_in(rows.text());
    const std::vector<std::string> unreadable = lines_of(rows.text());
    const std::vector<std::string> keyed = lines_of(rows.text());
    const int outcome = rows.small_integer();
    one.keying_done = outcome != 0;
    one.typed = static_cast<std::int64_t>(typed.size());
    one.keyed = static_cast<std::int64_t>(keyed.size());
    // Whoever had a say is not asked again.
    for (const TypedValue& statement : typed) one.persons.push_back(statement.person);
    one.persons.insert(one.persons.end(), unreadable.begin(), unreadable.end());
    one.persons.insert(one.persons.end(), keyed.begin(), keyed.end());
    const bool settled = typed_state(typed, "", -1) == TypedState::settled ||
                         unreadable.size() >= kEnough ||
                         (outcome == kUnreadableHand && typed.empty());
    if (settled || !seen.emplace(one.page, one.field, one.row).second) continue;
    found.push_back(std::move(one));
  }
  return found;
}

/// What this person said about a field ends. Returns how many statements did.
std::int64_t end_unreadable(Database& database, PageNumber page, const std::string& field, int row,
                            const std::string& person) {
  return database.execute(
      "UPDATE unreadable_values SET ended_at = $5 WHERE page = $1 AND field = $2 "
      "AND table_row = $3 AND person = $4 AND ended_at = ''",
      {page, field, std::int64_t{row}, person, timestamp_now()});
}

}  // namespace

std::vector<DoubtfulField> FieldReviews::in_doubt(double below) const {
  Database& database = records_.inside().database;
  const Transaction moment(database, Transaction::Kind::read);
  if (below <= 0) {
    return fields_from(database.query(
        joined<kFields,
               "AND (unsure = TRUE OR validity <> 'valid') ORDER BY f.page, f.position">()));
  }
  return fields_from(database.query(
      joined<kFields,
             "AND (unsure = TRUE OR validity <> 'valid' OR f.confidence < $1) "
             "ORDER BY f.page, f.position">(),
      {below}));
}

std::optional<DoubtfulField> FieldReviews::in_doubt(PageNumber page, const std::string& field,
                                                    int row) const {
  auto found = fields_from(records_.inside().database.query(
      joined<kFields, "AND f.page = $1 AND f.field = $2 AND f.table_row = $3">(),
      {page, field, std::int64_t{row}}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<UnreadableValue> FieldReviews::unreadable(PageNumber page) const {
  std::vector<UnreadableValue> found;
  Rows rows = records_.inside().database.query(
      "SELECT unreadable_value, field, table_row, box_x, box_y, box_width, box_height, reason, "
      "person, said_at FROM unreadable_values WHERE page = $1 AND ended_at = '' "
      "ORDER BY unreadable_value",
      {page});
  while (rows.next()) {
    found.push_back({rows.integer(), rows.text(), rows.small_integer(),
                     PixelBox{rows.small_integer(), rows.small_integer(), rows.small_integer(),
                              rows.small_integer()},
                     rows.text(), rows.text(), rows.text()});
  }
  return found;
}

std::vector<ValueElsewhere> FieldReviews::elsewhere(DossierNumber dossier, PageNumber but,
                                                    const std::string& field) const {
  std::vector<ValueElsewhere> found;
  if (dossier == 0) return found;
  Rows rows = records_.inside().database.query(
      "SELECT f.value, COUNT(DISTINCT f.page) AS n FROM pages p JOIN fields f ON f.page = p.page "
      "WHERE p.dossier = $1 AND p.page <> $2 AND p.state = 'filed' AND f.field = $3 "
      "AND f.value <> '' AND f.validity = 'valid' AND f.unsure = FALSE "
      "GROUP BY f.value ORDER BY n DESC, f.value LIMIT 3",
      {dossier, but, field});
  while (rows.next()) found.push_back({rows.text(), rows.integer()});
  return found;
}

TypedNumber FieldReviews::say_value(PageNumber number, const TypedValue& typed) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::describe});
  const auto page = records_.page(number);
  if (!page) throw std::invalid_argument("there is no such page");
  end_unreadable(impl.database, number, typed.field, typed.row, typed.person);
  if (typed_state(page->typed, typed.field, typed.row) == TypedState::conflict) {
    std::vector<const TypedValue*> others;
    bool agrees = false;
    for (const TypedValue& one : page->typed) {
      if (one.field != typed.field || one.row != typed.row || !one.stands()) continue;
      if (one.value == typed.value) {
        agrees = agrees || one.person != typed.person;
      } else if (one.person != typed.person) {
        others.push_back(&one);
      }
    }
    for (const TypedValue* other : agrees ? others : std::vector<const TypedValue*>{}) {
      records_.end_typed_value(number, other->field, other->row, other->person);
    }
  }
  const TypedNumber made = records_.put_typed_value(number, typed);
  transaction.commit();
  return made;
}

void FieldReviews::say_unreadable(PageNumber number, const UnreadableValue& said) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::describe});
  const auto page = records_.page(number);
  if (!page) throw std::invalid_argument("there is no such page");
  if (page->disposed()) throw std::invalid_argument("the page was disposed of");
  if (said.reason.empty()) throw std::invalid_argument("say why it cannot be read");
  if (!said.box.lies_within(page->width, page->height)) {
    throw std::invalid_argument("the region is not on the picture of the page");
  }
  const std::string& person = records_.writes_as();
  take_back(number, said.field, said.row);
  const std::int64_t made = impl.database.number(
      "INSERT INTO unreadable_values (page, field, table_row, box_x, box_y, box_width, box_height, "
      "reason, person, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "RETURNING unreadable_value",
      {number, said.field, std::int64_t{said.row}, std::int64_t{said.box.x},
       std::int64_t{said.box.y}, std::int64_t{said.box.width}, std::int64_t{said.box.height},
       said.reason, person, timestamp_now()});
  impl.note("value_unreadable", "page", number, json_object({{"unreadable_value", made}}));
  transaction.commit();
}

bool FieldReviews::take_back(PageNumber number, const std::string& field, int row) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::describe});
  const std::string& person = records_.writes_as();
  const bool typed = records_.end_typed_value(number, field, row, person);
  const bool unreadable = end_unreadable(impl.database, number, field, row, person) > 0;
  if (unreadable) impl.note("unreadable_taken_back", "page", number);
  if (typed || unreadable) transaction.commit();
  return typed || unreadable;
}

}  // namespace archive
