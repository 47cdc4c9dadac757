#include "store/lifecycle/organisation.h"

#include <algorithm>
#include <stdexcept>

#include "core/calendar.h"
#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kUnits =
    "SELECT unit, COALESCE(parent, 0), name, family, made_at, ended_at FROM units ";

std::vector<Unit> units_from(Rows rows) {
  std::vector<Unit> units;
  while (rows.next()) {
    units.push_back({rows.integer(), rows.integer(), rows.text(), rows.text(), rows.text(),
                     rows.text()});
  }
  return units;
}

Unit standing_unit(Database& database, UnitNumber number) {
  auto found = units_from(
      database.query(joined<kUnits, "WHERE unit = $1 AND ended_at = ''">(), {number}));
  if (found.empty()) throw std::invalid_argument("there is no unit of this number");
  return std::move(found.front());
}

void require_name(Database& database, UnitNumber parent, const std::string& name,
                  UnitNumber but = 0) {
  if (name.find_first_not_of(' ') == std::string::npos) {
    throw std::invalid_argument("a unit has a name");
  }
  if (database.number("SELECT COUNT(*) FROM units WHERE COALESCE(parent, 0) = $1 AND name = $2 "
                      "AND ended_at = '' AND unit <> $3",
                      {parent, name, but}) > 0) {
    throw std::invalid_argument("there is a unit '" + name + "' at that place already");
  }
}

}  // namespace

bool training_holds(const std::string& trained_on, const std::string& today, int valid_days) {
  if (valid_days == 0) return true;
  const auto trained = Date::parse(trained_on);
  const auto now = Date::parse(today);
  return trained && now && now->days() <= trained->days() + std::chrono::days(valid_days);
}

std::vector<Unit> Organisation::units() const {
  return units_from(records_.inside().database.query(joined<kUnits, "ORDER BY unit">()));
}

UnitNumber Organisation::add_unit(const std::string& name, const std::string& family,
                                  UnitNumber parent) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::administer});
  if (posts_.family(family) == nullptr) {
    throw std::invalid_argument("there is no family '" + family + "' of units");
  }
  if (parent != 0) {
    const Unit above = standing_unit(impl.database, parent);
    const Family* of_above = posts_.family(above.family);
    const bool any = of_above == nullptr || of_above->parent_of_any;
    if (!any && above.family != family) {
      throw std::invalid_argument("a unit below '" + above.name + "' is of its family");
    }
  }
  require_name(impl.database, parent, name);
  const UnitNumber number = impl.database.number(
      "INSERT INTO units (parent, name, family, made_at) VALUES ($1, $2, $3, $4) RETURNING unit",
      {reference(parent), name, family, timestamp_now()});
  impl.note("unit_made", "unit", number, json_object({{"family", family}, {"parent", parent}}));
  transaction.commit();
  return number;
}

void Organisation::rename_unit(UnitNumber number, const std::string& name) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::administer});
  const Unit unit = standing_unit(impl.database, number);
  require_name(impl.database, unit.parent, name, number);
  impl.database.execute("UPDATE units SET name = $2 WHERE unit = $1", {number, name});
  impl.note("unit_renamed", "unit", number);
  transaction.commit();
}

void Organisation::end_unit(UnitNumber number) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::administer});
  standing_unit(impl.database, number);
  if (impl.database.number("SELECT COUNT(*) FROM users WHERE unit = $1 AND ended_at = ''",
                           {number}) > 0) {
    throw std::invalid_argument("somebody still works in this unit");
  }
  if (impl.database.number("SELECT COUNT(*) FROM units WHERE parent = $1 AND ended_at = ''",
                           {number}) > 0) {
    throw std::invalid_argument("there are still units below it");
  }
  impl.database.execute("UPDATE units SET ended_at = $2 WHERE unit = $1",
                        {number, timestamp_now()});
  impl.note("unit_ended", "unit", number);
  transaction.commit();
}

UserRecord Organisation::somebody(std::string_view name) const {
  auto user = records_.user(name);
  if (user && user->ended_at.empty()) return *std::move(user);
  throw std::invalid_argument("there is no user '" + std::string(name) + "'");
}

void Organisation::place(std::string_view name, UnitNumber number) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::administer});
  const UserRecord user = somebody(name);
  if (number != 0) {
    const Unit unit = standing_unit(impl.database, number);
    for (const std::string& post : user.posts) posts_.require_post_in(post, unit.family);
  }
  impl.database.execute("UPDATE users SET unit = $2 WHERE user = $1",
                        {user.number, reference(number)});
  impl.note("user_placed", "user", user.number, json_object({{"unit", number}}));
  transaction.commit();
}

void Organisation::note_training(std::string_view name, const std::string& day) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::administer});
  const UserRecord user = somebody(name);
  const auto date = Date::parse(day);
  if (!date || date->text() != day) {
    throw std::invalid_argument("this is no day; write it YYYY-MM-DD");
  }
  if (day > timestamp_now().substr(0, 10)) {
    throw std::invalid_argument("that day is still to come");
  }
  impl.database.execute("UPDATE users SET trained_on = $2 WHERE user = $1", {user.number, day});
  impl.note("training_noted", "user", user.number, json_object({{"day", day}}));
  transaction.commit();
}

void Organisation::set_agreement(std::string_view name, const std::string& agreement,
                                 const std::string& works_until) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::administer});
  const UserRecord user = somebody(name);
  if (user.agreement.empty()) {
    throw std::invalid_argument(user.name + " is of the office and has no agreement");
  }
  const auto date = Date::parse(works_until);
  if (agreement.empty() || !date || date->text() != works_until) {
    throw std::invalid_argument("an agreement has a number and a last day, YYYY-MM-DD");
  }
  impl.database.execute("UPDATE users SET agreement = $2, works_until = $3 WHERE user = $1",
                        {user.number, agreement, works_until});
  impl.note("agreement_changed", "user", user.number, json_object({{"until", works_until}}));
  transaction.commit();
}

}  // namespace archive
