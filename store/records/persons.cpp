#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kPersons = "SELECT person, name, citizen_id, dossier, apart FROM persons ";
// The person a decision is about has no number, or the decision holds no more. Of a dossier that
// was merged it is about the person in the one that has its pages.
constexpr SqlPart kJoins =
    "SELECT p.person, j.dossier, COALESCE(p.name, j.name), j.citizen_id, j.reason, j.decided_by, "
    "j.decided_at FROM person_joins j LEFT JOIN dossiers d ON d.dossier = j.dossier "
    "LEFT JOIN persons p ON p.dossier = COALESCE(d.merged_into, j.dossier) "
    "AND j.name = p.name || CASE p.apart WHEN 0 THEN '' ELSE '#' || p.apart END ";

/// What a decision about him is kept under, beside his dossier.
std::string name_in_joins(const PersonRecord& person) {
  return person.apart == 0 ? person.name : person.name + '#' + std::to_string(person.apart);
}

std::optional<PersonRecord> one_person(Rows row) {
  if (!row.next()) return std::nullopt;
  return PersonRecord{row.integer(), row.text(), row.text(), row.integer(), row.integer()};
}

std::vector<PersonJoinRecord> joins_from(Rows row) {
  std::vector<PersonJoinRecord> joins;
  while (row.next()) {
    joins.push_back(
        {row.integer(), row.integer(), row.text(), row.text(), row.text(), row.text(), row.text()});
  }
  return joins;
}

/// Somebody whom a decision can be about.
PersonRecord nameless(const std::optional<PersonRecord>& person) {
  if (!person) throw std::invalid_argument("there is no person of that number");
  if (!person->citizen_id.empty()) {
    throw std::invalid_argument("a person with a citizen number is nobody else");
  }
  return *person;
}

}  // namespace

std::optional<PersonRecord> Records::person(PersonNumber number) const {
  return one_person(impl_->database.query(joined<kPersons, "WHERE person = $1">(), {number}));
}

std::optional<PersonRecord> Records::person_with_id(std::string_view citizen_id) const {
  if (citizen_id.empty()) return std::nullopt;
  return one_person(
      impl_->database.query(joined<kPersons, "WHERE citizen_id = $1">(), {citizen_id}));
}

std::vector<PersonRecord> Records::persons_without_id(std::string_view name) const {
  std::vector<PersonRecord> persons;
  Rows row = impl_->database.query(
      joined<kPersons, "WHERE name = $1 AND citizen_id = '' ORDER BY dossier, person">(), {name});
  while (row.next()) {
    persons.push_back({row.integer(), row.text(), row.text(), row.integer(), row.integer()});
  }
  return persons;
}

std::vector<PersonPageRecord> Records::pages_of_person(PersonNumber person) const {
  std::vector<PersonPageRecord> pages;
  Rows row = impl_->database.query(
      "SELECT g.dossier, m.page, m.role, m.name FROM person_pages m "
      "JOIN pages g ON g.page = m.page WHERE m.person = $1 "
      "ORDER BY g.dossier, g.page_of_dossier, g.page_order, m.role, m.name",
      {person});
  while (row.next()) pages.push_back({row.integer(), row.integer(), row.text(), row.text()});
  return pages;
}

void Records::join_person(PersonNumber person, std::string_view citizen_id,
                          const std::string& reason, const std::string& who) {
  if (reason.empty() || who.empty()) {
    throw std::invalid_argument("a decision about a person needs a reason and a name");
  }
  RecordedTransaction transaction(*impl_, {Right::manage});
  const PersonRecord joined_one = nameless(this->person(person));
  if (!person_with_id(citizen_id)) {
    throw std::invalid_argument("there is no person with that citizen number");
  }
  impl_->database.execute(
      "INSERT INTO person_joins (dossier, name, citizen_id, reason, decided_by, decided_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (dossier, name) DO UPDATE SET citizen_id = "
      "excluded.citizen_id, reason = excluded.reason, decided_by = excluded.decided_by, "
      "decided_at = excluded.decided_at",
      {joined_one.dossier, name_in_joins(joined_one), citizen_id, reason, who, timestamp_now()});
  impl_->note("person_joined", "person", person);
  transaction.commit();
}

bool Records::part_person(PersonNumber person, const std::string& who) {
  if (who.empty()) throw std::invalid_argument("a decision about a person needs a name");
  RecordedTransaction transaction(*impl_, {Right::manage});
  const PersonRecord parted = nameless(this->person(person));
  const std::int64_t removed = impl_->database.execute(
      "DELETE FROM person_joins WHERE name = $2 AND dossier IN "
      "(SELECT dossier FROM dossiers WHERE dossier = $1 OR merged_into = $1)",
      {parted.dossier, name_in_joins(parted)});
  if (removed > 0) impl_->note("person_parted", "person", person);
  transaction.commit();
  return removed > 0;
}

std::vector<PersonJoinRecord> Records::joined_to(std::string_view citizen_id) const {
  return joins_from(impl_->database.query(
      joined<kJoins, "WHERE j.citizen_id = $1 ORDER BY j.dossier, j.name">(), {citizen_id}));
}

std::optional<PersonJoinRecord> Records::join_of(PersonNumber person) const {
  auto joins = joins_from(impl_->database.query(joined<kJoins, "WHERE p.person = $1">(), {person}));
  if (joins.empty()) return std::nullopt;
  return std::move(joins.front());
}

}  // namespace archive
