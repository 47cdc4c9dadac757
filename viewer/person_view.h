#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checks/overview.h"
#include "config/check_tables.h"
#include "core/records.h"
#include "store/records/records.h"
#include "viewer/finding_words.h"

namespace archive {

/// Where a value stands: the page, the hash of its picture and the box on it (R20).
struct PersonPlace {
  DossierNumber dossier = 0;
  PageNumber page = 0;
  std::string source;
  int page_in_file = 0;         ///< counted from 0
  std::optional<BlobId> image;  ///< the delivered file; nothing when its bytes were never read
  Quad box;                     ///< in pixels of the delivered image
  std::string doc_type;
  std::string field;
  int row = -1;
  std::string printed;
  double confidence = 0;
  bool unsure = false;
  bool by_person = false;
};

/// A value with every place it stands at. Values are never merged but where they are the same.
struct PersonValue {
  std::string value;
  std::vector<PersonPlace> places;

  bool sure() const;  ///< one place at least is not in doubt
};

/// One field of the six facts, with all the values that papers have for it.
struct PersonField {
  PersonFact fact = PersonFact::person;
  std::string field;
  std::string label_zh, label_en;
  bool single = false;  ///< one value is true
  std::vector<PersonValue> values;

  /// Papers do not agree on the one value: several that are not in doubt.
  bool differs() const;
};

/// A dossier that names the person.
struct PersonDossier {
  DossierRecord dossier;
  std::string batch;
  bool own = false;  ///< it is about this person
  std::vector<PersonPageRecord> pages;
};

/// A year of contributions over all the person's own dossiers.
struct PersonYear {
  int year = 0;
  std::map<unsigned, std::set<DossierNumber>> months;  ///< 1..12: the dossiers that list it
  std::map<DossierNumber, int> told;  ///< months that a paper says there are, without listing them
};

/// Everything that the archive has about one person, over all dossiers and agencies (R19, R20):
/// joined by citizen number, and by what persons decided about those without one.
struct PersonView {
  PersonRecord person;
  std::vector<PersonJoinRecord> joined;
  std::vector<PersonDossier> dossiers;
  std::vector<PersonField> fields;  ///< by fact, then as in the table
  std::vector<PersonYear> years;    ///< without a gap
  /// Others without a number who have one of the person's names. Nobody has decided about them.
  std::vector<PersonRecord> namesakes;

  std::int64_t differences() const;
};

/// The person of this number in the archive or of this citizen number (15 or 18 characters). One
/// without a number who was joined to another leads to that one. Throws ArchiveError{not_found}.
PersonRecord person_named(const Records& records, std::string_view number_or_id);

PersonView person_view(const Records& records, const CheckTables& tables,
                       const PersonRecord& person);

TwoWords words_for(PersonFact fact);

// Keys are stable; new ones may be added.
nlohmann::ordered_json person_json(const PersonView& view);

/// For a browser and for paper, whole.
std::string person_html(const PersonView& view, bool chinese, const std::string& made_at);

}  // namespace archive
