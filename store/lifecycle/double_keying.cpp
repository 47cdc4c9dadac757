#include "store/lifecycle/double_keying.h"

#include <algorithm>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

std::vector<TypedValue> keyings_of(Database& database, PageNumber page, const std::string& field,
                                   int row) {
  std::vector<TypedValue> found;
  Rows rows = database.query(
      "SELECT raw, value, validity, problem, mandatory, box_x, box_y, box_width, box_height, "
      "person, keyed_at FROM keyings WHERE page = $1 AND field = $2 AND table_row = $3 "
      "ORDER BY keying",
      {page, field, std::int64_t{row}});
  while (rows.next()) {
    TypedValue one;
    one.field = field;
    one.row = row;
    one.raw = rows.text();
    one.value = rows.text();
    one.validity = from_word<FieldValidity>(rows.text());
    one.problem = rows.text();
    one.mandatory = rows.flag();
    one.box = {rows.small_integer(), rows.small_integer(), rows.small_integer(),
               rows.small_integer()};
    one.person = rows.text();
    one.typed_at = rows.text();
    found.push_back(std::move(one));
  }
  return found;
}

bool has_outcome(Database& database, PageNumber page, const std::string& field, int row) {
  return database.number(
             "SELECT COUNT(*) FROM keying_outcomes WHERE page = $1 AND field = $2 "
             "AND table_row = $3",
             {page, field, std::int64_t{row}}) > 0;
}

void put_outcome(Database& database, PageNumber page, const TypedValue& value,
                 DoubleKeying::Outcome outcome, const std::string& person) {
  database.execute(
      "INSERT INTO keying_outcomes (page, field, table_row, outcome, value, person, decided_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {page, value.field, std::int64_t{value.row}, name_of(outcome), value.value, person,
       timestamp_now()});
}

/// As NOCASE compares names: the letters of ASCII alone.
bool same_person(const std::string& one, const std::string& other) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(one, other, {}, small, small);
}

bool keyed_by(const std::vector<TypedValue>& keyings, const std::string& person) {
  return std::ranges::any_of(
      keyings, [&person](const TypedValue& one) { return same_person(one.person, person); });
}

}  // namespace

std::string_view name_of(DoubleKeying::Outcome outcome) {
  switch (outcome) {
    case DoubleKeying::Outcome::agreed:
      return "agreed";
    case DoubleKeying::Outcome::differs:
      return "differs";
    case DoubleKeying::Outcome::decided:
      return "decided";
    case DoubleKeying::Outcome::waits:
      break;
  }
  return "waits";
}

DoubleKeying::Outcome DoubleKeying::key(PageNumber number, const TypedValue& keyed) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::describe});
  const auto page = records_.page(number);
  if (!page) throw std::invalid_argument("there is no such page");
  if (page->disposed()) throw std::invalid_argument("the page was disposed of");
  if (!keyed.box.lies_within(page->width, page->height)) {
    throw std::invalid_argument("the region is not on the picture of the page");
  }
  const std::string& person = records_.writes_as();
  std::vector<TypedValue> keyings = keyings_of(impl.database, number, keyed.field, keyed.row);
  if (keyed_by(keyings, person)) {
    throw std::invalid_argument("a value is keyed by two different persons");
  }
  if (keyings.size() >= 2) throw std::invalid_argument("two persons have keyed it already");
  impl.database.execute(
      "INSERT INTO keyings (page, field, table_row, raw, value, validity, problem, mandatory, "
      "box_x, box_y, box_width, box_height, person, keyed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, "
      "$8, $9, $10, $11, $12, $13, $14)",
      {number, keyed.field, std::int64_t{keyed.row}, keyed.raw, keyed.value,
       word_for(keyed.validity), keyed.problem, keyed.mandatory, std::int64_t{keyed.box.x},
       std::int64_t{keyed.box.y}, std::int64_t{keyed.box.width}, std::int64_t{keyed.box.height},
       person, timestamp_now()});
  Outcome outcome = Outcome::waits;
  if (!keyings.empty()) {
    TypedValue& first = keyings.front();
    outcome = first.value == keyed.value ? Outcome::agreed : Outcome::differs;
    if (outcome == Outcome::agreed) {
      put_outcome(impl.database, number, keyed, outcome, person);
      if (!keyed.value.empty()) {
        TypedValue second = keyed;
        second.confirms = impl.keep_typed_value(number, first);
        second.person = person;
        impl.keep_typed_value(number, second);
      }
    }
  }
  impl.note("value_keyed", "page", number, json_object({{"outcome", name_of(outcome)}}));
  transaction.commit();
  return outcome;
}

std::optional<DoubleKeying::Comparison> DoubleKeying::comparison(PageNumber page,
                                                                 const std::string& field, int row,
                                                                 const std::string& person) const {
  Database& database = records_.inside().database;
  const Transaction moment(database, Transaction::Kind::read);
  std::vector<TypedValue> keyings = keyings_of(database, page, field, row);
  if (keyings.size() != 2 || keyings[0].value == keyings[1].value || keyed_by(keyings, person) ||
      has_outcome(database, page, field, row)) {
    return std::nullopt;
  }
  return Comparison{std::move(keyings[0]), std::move(keyings[1])};
}

void DoubleKeying::decide(PageNumber number, const TypedValue& value) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::describe});
  const std::string& person = records_.writes_as();
  const auto both = comparison(number, value.field, value.row, person);
  if (!both) {
    throw std::invalid_argument("two keyings that differ are compared by a third person, once");
  }
  put_outcome(impl.database, number, value, Outcome::decided, person);
  if (!value.value.empty()) {
    TypedValue third = value;
    third.person = person;
    third.confirms = 0;
    for (const TypedValue* one : {&both->first, &both->second}) {
      if (one->value == value.value) third.confirms = impl.keep_typed_value(number, *one);
    }
    impl.keep_typed_value(number, third);
  }
  impl.note("keyings_decided", "page", number);
  transaction.commit();
}

}  // namespace archive
