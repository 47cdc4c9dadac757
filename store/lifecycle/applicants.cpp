#include "store/lifecycle/applicants.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr const char* kPowerOfAttorney = "DT43";
constexpr const char* kTrustee = "agent_name";
constexpr const char* kHolderRole = "holder";
constexpr const char* kRowRole = "row";
// Each person with what was decided about them, as store/records/persons.cpp keeps it.
constexpr SqlPart kPersonsAsJoined =
    "SELECT p.person, p.citizen_id, COALESCE(j.citizen_id, ''), COALESCE(o.merged_into, p.dossier, "
    "0) FROM persons p LEFT JOIN dossiers o ON o.dossier = p.dossier LEFT JOIN "
    "(SELECT k.name, k.citizen_id, COALESCE(d.merged_into, k.dossier) AS dossier FROM "
    "person_joins k LEFT JOIN dossiers d ON d.dossier = k.dossier) j ON j.dossier = p.dossier "
    "AND j.name = p.name || CASE p.apart WHEN 0 THEN '' ELSE '#' || p.apart END ";

void add_persons(Rows rows, std::set<PersonNumber>& persons) {
  while (rows.next()) persons.insert(rows.integer());
}

/// The number of the one holder of this name in a dossier; empty when there is none, or several.
std::string number_there(Database& database, const std::string& name, DossierNumber dossier) {
  Rows rows = database.query(
      "SELECT DISTINCT p.citizen_id FROM persons p JOIN person_pages n ON n.person = p.person JOIN "
      "pages g ON g.page = n.page WHERE p.name = $1 AND p.citizen_id <> '' AND n.role = $2 AND "
      "g.dossier = $3",
      {name, kHolderRole, dossier});
  const std::string number = rows.next() ? rows.text() : "";
  return rows.next() ? "" : number;
}

struct Named {
  PersonNumber person = 0;
  std::string number;  // the person's, by the papers or by a decision; empty: nobody knows
};

/// Somebody without a number is another one, until a person decided who they are; but for papers
/// in a dossier that is kept about the one person of this name.
std::vector<Named> persons_named(Database& database, const std::string& name) {
  std::vector<Named> those;
  Rows rows = database.query(joined<kPersonsAsJoined, "WHERE p.name = $1">(), {name});
  while (rows.next()) {
    Named named{rows.integer(), rows.text()};
    const std::string decided = rows.text();
    const DossierNumber dossier = rows.integer();
    if (named.number.empty()) named.number = decided;
    if (named.number.empty()) named.number = number_there(database, name, dossier);
    those.push_back(std::move(named));
  }
  return those;
}

bool several_have(Database& database, const std::string& name) {
  std::set<std::string> those;
  for (const Named& named : persons_named(database, name)) {
    those.insert(named.number.empty() ? std::to_string(named.person) : named.number);
  }
  return those.size() > 1;
}

void add_numbered(Database& database, const std::string& citizen_id,
                  std::set<PersonNumber>& persons) {
  add_persons(database.query(joined<kPersonsAsJoined, "WHERE j.citizen_id = $1">(), {citizen_id}),
              persons);
  Rows rows = database.query("SELECT person, name FROM persons WHERE citizen_id = $1",
                             {citizen_id});
  while (rows.next()) {
    persons.insert(rows.integer());
    for (const Named& named : persons_named(database, rows.text())) {
      if (named.number == citizen_id) persons.insert(named.person);
    }
  }
}

}  // namespace

Applicant find_applicant(Records& records, const std::string& name,
                         const std::string& citizen_id) {
  Database& database = records.inside().database;
  Applicant found;
  if (!citizen_id.empty()) {
    add_numbered(database, citizen_id, found.persons);
  } else if (!name.empty()) {
    found.ambiguous = several_have(database, name);
    if (!found.ambiguous) {
      add_persons(database.query("SELECT person FROM persons WHERE name = $1", {name}),
                  found.persons);
    }
  }
  for (const PersonNumber person : found.persons) {
    for (const PersonPageRecord& page : records.pages_of_person(person)) {
      if (page.role == kHolderRole && page.dossier != 0) found.dossiers.insert(page.dossier);
    }
  }
  return found;
}

bool page_is_of(Records& records, const PageRecord& page, const Applicant& applicant) {
  if (page.dossier == 0 || !applicant.dossiers.contains(page.dossier)) return false;
  Rows rows = records.inside().database.query(
      "SELECT person, role FROM person_pages WHERE page = $1", {page.number});
  while (rows.next()) {
    const PersonNumber person = rows.integer();
    const bool other = !applicant.persons.contains(person);
    const std::string role = rows.text();
    if (other && (role == kRowRole || role == kHolderRole)) return false;
  }
  return true;
}

PageNumber power_of_attorney(Records& records, const Applicant& applicant,
                             const std::string& agent) {
  for (const PersonNumber person : applicant.persons) {
    for (const PersonPageRecord& named : records.pages_of_person(person)) {
      const auto page = records.page(named.page);
      if (!page || page->state != PageState::filed || page->doc_type != kPowerOfAttorney) continue;
      const bool trusted = std::ranges::any_of(page->fields, [&agent](const FieldRecord& field) {
        return field.field == kTrustee && (field.value == agent || field.raw == agent);
      });
      if (trusted) return page->number;
    }
  }
  return 0;
}

}  // namespace archive
