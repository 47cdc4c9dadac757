#include "store/lifecycle/places.h"

#include <stdexcept>

#include "core/calendar.h"
#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kLoans =
    "SELECT loan, dossier, item_sequence, borrower, unit, reason, due_on, lent_by, lent_at, "
    "returned_at, returned_to, "
    "(SELECT COUNT(*) FROM loan_notes n WHERE n.loan = loans.loan AND n.kind = 'extended'), "
    "(SELECT COUNT(*) FROM loan_notes n WHERE n.loan = loans.loan AND n.kind = 'dunned'), "
    "COALESCE((SELECT MAX(n.noted_at) FROM loan_notes n WHERE n.loan = loans.loan "
    "AND n.kind = 'dunned'), '') FROM loans ";

void require_item(Database& database, DossierNumber dossier, int item_sequence) {
  const bool there =
      item_sequence == 0
          ? database.number("SELECT COUNT(*) FROM dossiers WHERE dossier = $1", {dossier}) > 0
          : database.number(
                "SELECT COUNT(*) FROM items WHERE dossier = $1 AND item_sequence = $2",
                {dossier, std::int64_t{item_sequence}}) > 0;
  if (!there) throw std::invalid_argument("there is no such dossier or item");
}

struct OutLoan {
  DossierNumber dossier = 0;
  std::string due_on;
};

OutLoan loan_that_is_out(Database& database, std::int64_t loan) {
  Rows rows = database.query(
      "SELECT dossier, due_on FROM loans WHERE loan = $1 AND returned_at = ''", {loan});
  if (!rows.next()) throw std::invalid_argument("there is no loan of this number that is out");
  return {rows.integer(), rows.text()};
}

void note_loan(Records::Impl& impl, const LoanNote& note, DossierNumber dossier) {
  impl.database.execute(
      "INSERT INTO loan_notes (loan, kind, due_before, due_after, reason, noted_by, noted_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7)",
      {note.loan, note.kind, note.due_before, note.due_after, note.reason, note.noted_by,
       timestamp_now()});
  impl.note(note.kind == "extended" ? "loan_extended" : "loan_dunned", "dossier", dossier,
            json_object({{"loan", note.loan}, {"due_on", note.due_after}}));
}

std::vector<Places::Gap> gaps_from(Rows rows) {
  std::vector<Places::Gap> gaps;
  while (rows.next()) {
    gaps.push_back({rows.integer(), rows.text(), rows.small_integer(), rows.text()});
  }
  return gaps;
}

}  // namespace

void Places::put(const ShelfPlace& place) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  require_item(impl.database, place.dossier, place.item_sequence);
  if (place.room.empty() == place.missing_reason.empty()) {
    throw std::invalid_argument("say the room where it lies, or why it is missing");
  }
  impl.database.execute(
      "INSERT INTO shelf_places (dossier, item_sequence, room, shelf, cell, box, missing_reason, "
      "placed_by, placed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {place.dossier, std::int64_t{place.item_sequence}, place.room, place.shelf, place.cell,
       place.box, place.missing_reason, records_.writes_as(), timestamp_now()});
  impl.note(place.room.empty() ? "paper_missing" : "paper_placed", "dossier", place.dossier,
            json_object({{"item", std::int64_t{place.item_sequence}}}));
  transaction.commit();
}

std::vector<ShelfPlace> Places::of_dossier(DossierNumber dossier) const {
  std::vector<ShelfPlace> places;
  Rows rows = records_.inside().database.query(
      "SELECT s.dossier, s.item_sequence, s.room, s.shelf, s.cell, s.box, s.missing_reason, "
      "s.placed_by, s.placed_at FROM shelf_places s WHERE s.dossier = $1 AND s.shelf_place = "
      "(SELECT MAX(t.shelf_place) FROM shelf_places t WHERE t.dossier = s.dossier "
      "AND t.item_sequence = s.item_sequence) ORDER BY s.item_sequence",
      {dossier});
  while (rows.next()) {
    places.push_back({rows.integer(), rows.small_integer(), rows.text(), rows.text(), rows.text(),
                      rows.text(), rows.text(), rows.text(), rows.text()});
  }
  return places;
}

std::int64_t Places::lend(const Loan& loan) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  require_item(impl.database, loan.dossier, loan.item_sequence);
  if (loan.borrower.empty() || loan.reason.empty()) {
    throw std::invalid_argument("a loan says who borrows, and what for");
  }
  if (loan.due_on < timestamp_now().substr(0, 10)) {
    throw std::invalid_argument("the day on which it is due has passed");
  }
  // A dossier that is out takes its items with it, and an item leaves no whole dossier behind.
  if (impl.database.number(
          "SELECT COUNT(*) FROM loans WHERE dossier = $1 AND returned_at = '' "
          "AND (item_sequence = $2 OR item_sequence = 0 OR $2 = 0)",
          {loan.dossier, std::int64_t{loan.item_sequence}}) > 0) {
    throw std::invalid_argument("it is out already");
  }
  const std::int64_t number = impl.database.number(
      "INSERT INTO loans (dossier, item_sequence, borrower, unit, reason, due_on, lent_by, "
      "lent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING loan",
      {loan.dossier, std::int64_t{loan.item_sequence}, loan.borrower, loan.unit, loan.reason,
       loan.due_on, records_.writes_as(), timestamp_now()});
  impl.note("lent", "dossier", loan.dossier,
            json_object({{"item", std::int64_t{loan.item_sequence}}, {"loan", number}}));
  transaction.commit();
  return number;
}

void Places::take_back(std::int64_t loan) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  const std::int64_t dossier = impl.database.number(
      "UPDATE loans SET returned_at = $2, returned_to = $3 WHERE loan = $1 AND returned_at = '' "
      "RETURNING dossier",
      {loan, timestamp_now(), records_.writes_as()});
  if (dossier == 0) throw std::invalid_argument("there is no loan of this number that is out");
  impl.note("returned", "dossier", dossier, json_object({{"loan", loan}}));
  transaction.commit();
}

void Places::extend(std::int64_t loan, const std::string& due_on, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  const OutLoan out = loan_that_is_out(impl.database, loan);
  if (reason.empty()) throw std::invalid_argument("a loan is made longer for a reason");
  if (!Date::parse(due_on)) throw std::invalid_argument("the new day is none; write it YYYY-MM-DD");
  if (due_on <= out.due_on) throw std::invalid_argument("the new day is no later: " + out.due_on);
  if (due_on < timestamp_now().substr(0, 10)) {
    throw std::invalid_argument("the day on which it is due has passed");
  }
  impl.database.execute("UPDATE loans SET due_on = $2 WHERE loan = $1", {loan, due_on});
  note_loan(impl, {loan, "extended", out.due_on, due_on, reason, records_.writes_as(), ""},
            out.dossier);
  transaction.commit();
}

void Places::dun(std::int64_t loan, const std::string& how) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  const OutLoan out = loan_that_is_out(impl.database, loan);
  if (how.empty()) throw std::invalid_argument("say by what means it was asked for");
  if (out.due_on >= timestamp_now().substr(0, 10)) {
    throw std::invalid_argument("it is not overdue: it is due on " + out.due_on);
  }
  note_loan(impl, {loan, "dunned", out.due_on, out.due_on, how, records_.writes_as(), ""},
            out.dossier);
  transaction.commit();
}

std::vector<LoanNote> Places::notes_of(std::int64_t loan) const {
  Rows rows = records_.inside().database.query(
      "SELECT loan, kind, due_before, due_after, reason, noted_by, noted_at FROM loan_notes "
      "WHERE loan = $1 ORDER BY loan_note",
      {loan});
  std::vector<LoanNote> notes;
  while (rows.next()) {
    notes.push_back({rows.integer(), rows.text(), rows.text(), rows.text(), rows.text(),
                     rows.text(), rows.text()});
  }
  return notes;
}

std::vector<Loan> Places::loans(bool out_only) const {
  Database& database = records_.inside().database;
  Rows rows = out_only ? database.query(joined<kLoans, "WHERE returned_at = '' ORDER BY due_on">())
                       : database.query(joined<kLoans, "ORDER BY loan">());
  std::vector<Loan> found;
  while (rows.next()) {
    found.push_back({rows.integer(), rows.integer(), rows.small_integer(), rows.text(),
                     rows.text(), rows.text(), rows.text(), rows.text(), rows.text(), rows.text(),
                     rows.text(), rows.integer(), rows.integer(), rows.text()});
  }
  return found;
}

std::vector<Places::Gap> Places::digital_without_paper() const {
  return gaps_from(records_.inside().database.query(
      "SELECT i.dossier, d.dossier_no, i.item_sequence, COALESCE(s.missing_reason, '') "
      "FROM items i JOIN dossiers d ON d.dossier = i.dossier LEFT JOIN shelf_places s ON "
      "s.shelf_place = (SELECT MAX(t.shelf_place) FROM shelf_places t WHERE t.dossier = i.dossier "
      "AND t.item_sequence IN (0, i.item_sequence)) "
      "WHERE EXISTS (SELECT 1 FROM pages p WHERE p.item = i.item) "
      "AND (s.shelf_place IS NULL OR s.room = '') ORDER BY i.dossier, i.item_sequence"));
}

std::vector<Places::Gap> Places::paper_without_digital() const {
  return gaps_from(records_.inside().database.query(
      "SELECT COALESCE(d.dossier, 0), c.dossier_no, c.item_sequence, '' FROM catalogue_entries c "
      "LEFT JOIN dossiers d ON d.dossier_no = c.dossier_no "
      "LEFT JOIN items i ON i.dossier = d.dossier AND i.item_sequence = c.item_sequence "
      "WHERE NOT EXISTS (SELECT 1 FROM pages p WHERE p.item = i.item) "
      "ORDER BY c.dossier_no, c.item_sequence"));
}

}  // namespace archive
