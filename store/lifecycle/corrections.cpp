#include <stdexcept>

#include "core/timestamp.h"
#include "store/lifecycle/reviews.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/records_impl.h"
#include "store/records/typed_values.h"

namespace archive {
namespace {

constexpr SqlPart kCorrections =
    "SELECT correction, page, field, table_row, before, after_raw, after, validity, problem, "
    "mandatory, box_x, box_y, box_width, box_height, reason, evidence_page, proposed_by, "
    "proposed_at, verdict, "
    "decided_by, decided_at, decision_reason FROM corrections ";

std::vector<Correction> corrections_from(Rows rows) {
  std::vector<Correction> found;
  while (rows.next()) {
    Correction c;
    c.number = rows.integer();
    c.page = rows.integer();
    c.value.field = rows.text();
    c.value.row = rows.small_integer();
    c.before = rows.text();
    c.value.raw = rows.text();
    c.value.value = rows.text();
    c.value.validity = from_word<FieldValidity>(rows.text());
    c.value.problem = rows.text();
    c.value.mandatory = rows.flag();
    c.value.box = {rows.small_integer(), rows.small_integer(), rows.small_integer(),
                   rows.small_integer()};
    c.reason = rows.text();
    c.evidence = rows.integer();
    c.value.person = rows.text();
    c.proposed_at = rows.text();
    c.verdict = rows.text();
    c.decided_by = rows.text();
    c.decided_at = rows.text();
    c.decision_reason = rows.text();
    found.push_back(std::move(c));
  }
  return found;
}

std::string value_now(const PageRecord& page, const TypedValue& value) {
  for (const FieldRecord& field : page.fields) {
    if (field.field == value.field && field.row == value.row) return field.value;
  }
  return "";
}

}  // namespace

std::int64_t Corrections::propose(const Correction& correction) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::describe});
  const auto page = records_.page(correction.page);
  if (!page) throw std::invalid_argument("there is no such page");
  if (correction.reason.empty()) throw std::invalid_argument("a correction needs a reason");
  if (correction.evidence == 0 || !records_.page(correction.evidence)) {
    throw std::invalid_argument("a correction needs a page of the archive that proves it");
  }
  const std::string before = value_now(*page, correction.value);
  if (before == correction.value.value) {
    throw std::invalid_argument("the field has this value already");
  }
  const TypedValue& value = correction.value;
  const std::int64_t number = impl.database.number(
      "INSERT INTO corrections (page, field, table_row, before, after_raw, after, validity, "
      "problem, mandatory, box_x, box_y, box_width, box_height, reason, evidence_page, "
      "proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
      "$14, $15, $16, $17) "
      "RETURNING correction",
      {correction.page, value.field, std::int64_t{value.row}, before, value.raw, value.value,
       word_for(value.validity), value.problem, value.mandatory, std::int64_t{value.box.x},
       std::int64_t{value.box.y}, std::int64_t{value.box.width}, std::int64_t{value.box.height},
       correction.reason, correction.evidence, records_.writes_as(), timestamp_now()});
  impl.note("correction_proposed", "page", correction.page,
            json_object({{"correction", number}, {"evidence_page", correction.evidence}}));
  transaction.commit();
  return number;
}

void Corrections::decide(std::int64_t number, bool approve, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::approve});
  const auto correction = find(number);
  if (!correction) throw std::invalid_argument("there is no correction of this number");
  if (!correction->verdict.empty()) throw std::invalid_argument("it was decided already");
  const std::string& who = records_.writes_as();
  if (correction->value.person == who) {
    throw std::invalid_argument("nobody decides a correction that they proposed themselves");
  }
  if (!approve && reason.empty()) throw std::invalid_argument("a refusal needs a reason");
  impl.database.execute(
      "UPDATE corrections SET verdict = $1, decided_by = $2, decided_at = $3, "
      "decision_reason = $4 WHERE correction = $5",
      {approve ? "approved" : "refused", who, timestamp_now(), reason, number});
  if (approve) {
    TypedValue value = correction->value;
    // What others typed before would contradict it, and neither would count.
    impl.database.execute(
        "UPDATE typed_values SET ended_at = $5 WHERE page = $1 AND field = $2 AND table_row = $3 "
        "AND value <> $4 AND ended_at = ''",
        {correction->page, value.field, std::int64_t{value.row}, value.value, timestamp_now()});
    value.confirms = impl.keep_typed_value(correction->page, value);
    value.person = who;
    if (value.mandatory) impl.keep_typed_value(correction->page, value);
  }
  impl.note(approve ? "correction_approved" : "correction_refused", "page", correction->page,
            json_object({{"correction", number}}));
  transaction.commit();
}

std::optional<Correction> Corrections::find(std::int64_t number) const {
  auto found = corrections_from(
      records_.inside().database.query(joined<kCorrections, "WHERE correction = $1">(), {number}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Correction> Corrections::open() const {
  return corrections_from(records_.inside().database.query(
      joined<kCorrections, "WHERE verdict = '' ORDER BY correction">()));
}

std::vector<Correction> Corrections::of_page(PageNumber page) const {
  return corrections_from(records_.inside().database.query(
      joined<kCorrections, "WHERE page = $1 ORDER BY correction">(), {page}));
}

}  // namespace archive
