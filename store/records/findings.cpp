#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/facts_bytes.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr SqlPart kFindings =
    "SELECT finding, dossier, rule, variant, severity, places, expected, words, persons, state, "
    "reason, decided_by, decided_at, found_at, gone_at FROM findings ";

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string places_text(const std::vector<FindingPlace>& places) {
  Json list = Json::array();
  for (const FindingPlace& place : places) {
    list.push_back({{"page", place.page},
                    {"field", place.field},
                    {"row", place.row},
                    {"printed", place.printed}});
  }
  return text_of(list);
}

Json parsed(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_discarded()) return json;
  throw ArchiveError(ErrorKind::records, "records: findings", "a finding cannot be read",
                     "run `juanzong verify`");
}

std::vector<FindingPlace> parse_places(const std::string& text) {
  std::vector<FindingPlace> places;
  for (const Json& place : parsed(text)) {
    places.push_back({place.value("page", PageNumber{0}), place.value("field", ""),
                      place.value("row", -1), place.value("printed", "")});
  }
  return places;
}

FindingRecord finding_from(Rows& row) {
  FindingRecord record;
  record.number = row.integer();
  record.dossier = row.integer();
  record.finding.rule = row.text();
  record.finding.variant = row.text();
  record.finding.severity = from_word<Severity>(row.text());
  record.finding.places = parse_places(row.text());
  record.finding.expected = row.text();
  record.finding.words = parsed(row.text()).get<std::map<std::string, std::string>>();
  record.finding.persons = parse_json_list(row.text());
  record.state = from_word<FindingState>(row.text());
  record.reason = row.text();
  record.decided_by = row.text();
  record.decided_at = row.text();
  record.found_at = row.text();
  record.gone_at = row.text();
  return record;
}

/// A finding of before, as far as a later run asks for it.
struct Known {
  FindingNumber number = 0;
  bool decided = false;
  bool gone = false;
};

std::map<std::string, Known> known_findings(Database& database, DossierNumber dossier) {
  std::map<std::string, Known> known;
  Rows row = database.query(
      "SELECT finding_key, finding, state <> 'open', gone_at <> '' FROM findings "
      "WHERE dossier = $1",
      {dossier});
  while (row.next()) {
    std::string key = row.text();
    known[std::move(key)] = Known{row.integer(), row.flag(), row.flag()};
  }
  return known;
}

void insert_finding(Database& database, DossierNumber dossier, const std::string& key,
                    const Finding& finding, std::string_view now) {
  database.execute(
      "INSERT INTO findings (dossier, finding_key, rule, variant, severity, places, expected, "
      "words, persons, state, found_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)",
      {dossier, key, finding.rule, finding.variant, word_for(finding.severity),
       places_text(finding.places), finding.expected, text_of(Json(finding.words)),
       json_list(finding.persons), now});
}

void put_findings_of(Database& database, const Records::CheckedDossier& checked,
                     std::string_view now) {
  std::map<std::string, Known> known = known_findings(database, checked.number);
  std::set<std::string> told;
  for (const Finding& finding : checked.findings) {
    const std::string key = key_of(finding);
    // Two rows of an office's tables may ask the same of the same places.
    if (!told.insert(key).second) continue;
    const auto before = known.find(key);
    if (before == known.end()) {
      insert_finding(database, checked.number, key, finding, now);
      continue;
    }
    database.execute(
        "UPDATE findings SET severity = $2, gone_at = '' WHERE finding = $1 "
        "AND NOT (severity = $2 AND gone_at = '')",
        {before->second.number, word_for(finding.severity)});
    known.erase(before);
  }
  for (const auto& [key, before] : known) {
    if (!before.decided) {
      database.execute("DELETE FROM findings WHERE finding = $1", {before.number});
    } else if (!before.gone) {
      database.execute("UPDATE findings SET gone_at = $2 WHERE finding = $1", {before.number, now});
    }
  }
}

}  // namespace

std::vector<Records::UncheckedDossier> Records::dossiers_to_check(std::string_view tables_version,
                                                                  BatchNumber batch,
                                                                  DossierNumber after,
                                                                  std::size_t at_most) const {
  Rows row = impl_->database.query(
      "SELECT f.dossier, f.revision, f.facts FROM dossier_facts f "
      "JOIN dossiers d ON d.dossier = f.dossier JOIN batches b ON b.batch = d.batch "
      "WHERE f.dossier > $1 AND b.category = '' AND "
      "(f.checked_revision < f.revision OR f.checked_with <> $2) AND ($4 = 0 OR d.batch = $4) "
      "ORDER BY f.dossier LIMIT $3",
      {after, tables_version, static_cast<std::int64_t>(at_most), batch});
  std::vector<UncheckedDossier> dossiers;
  while (row.next()) dossiers.push_back({row.integer(), row.integer(), row.bytes()});
  return dossiers;
}

std::optional<DossierFacts> Records::facts(DossierNumber dossier) const {
  Rows row = impl_->database.query("SELECT facts FROM dossier_facts WHERE dossier = $1", {dossier});
  if (!row.next()) return std::nullopt;
  return parse_facts(row.bytes());
}

void Records::put_findings(const std::vector<CheckedDossier>& checked,
                           std::string_view tables_version) {
  RecordedTransaction transaction(*impl_);
  const std::string now = timestamp_now();
  for (const CheckedDossier& dossier : checked) {
    put_findings_of(impl_->database, dossier, now);
    impl_->database.execute(
        "UPDATE dossier_facts SET checked_revision = $2, checked_with = $3, checked_at = $4 "
        "WHERE dossier = $1",
        {dossier.number, dossier.revision, tables_version, now});
  }
  transaction.commit();
}

std::vector<FindingRecord> Records::findings(DossierNumber dossier) const {
  Rows row = impl_->database.query(
      joined<kFindings, "WHERE dossier = $1 AND gone_at = '' ORDER BY finding">(), {dossier});
  std::vector<FindingRecord> findings;
  while (row.next()) findings.push_back(finding_from(row));
  return findings;
}

std::optional<FindingRecord> Records::finding(FindingNumber number) const {
  Rows row = impl_->database.query(joined<kFindings, "WHERE finding = $1">(), {number});
  if (!row.next()) return std::nullopt;
  return finding_from(row);
}

void Records::decide_finding(FindingNumber number, FindingState state, const std::string& reason,
                             const std::string& who) {
  if (reason.empty() || who.empty()) {
    throw std::invalid_argument("a decision about a finding needs a reason and a name");
  }
  RecordedTransaction transaction(*impl_, {Right::manage});
  const std::int64_t changed = impl_->database.execute(
      "UPDATE findings SET state = $2, reason = $3, decided_by = $4, decided_at = $5 "
      "WHERE finding = $1",
      {number, word_for(state), reason, who, timestamp_now()});
  if (changed == 0) throw std::invalid_argument("there is no finding of that number");
  impl_->note("finding_decided", "finding", number, json_object({{"state", word_for(state)}}));
  transaction.commit();
}

std::vector<Records::FindingCount> Records::finding_counts(BatchNumber batch) const {
  Rows row = impl_->database.query(
      "SELECT f.rule, f.severity, f.state, COUNT(*), COUNT(DISTINCT f.dossier) FROM findings f "
      "JOIN dossiers d ON d.dossier = f.dossier WHERE f.gone_at = '' AND ($1 = 0 OR d.batch = $1) "
      "GROUP BY f.rule, f.severity, f.state ORDER BY f.rule, f.severity, f.state",
      {batch});
  std::vector<FindingCount> counts;
  while (row.next()) {
    counts.push_back({row.text(), from_word<Severity>(row.text()),
                      from_word<FindingState>(row.text()), row.integer(), row.integer()});
  }
  return counts;
}

}  // namespace archive
