#include "store/lifecycle/retention.h"

#include <stdexcept>

#include "core/retention.h"
#include "core/timestamp.h"
#include "store/lifecycle/item_contents.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

// What persons made of the period, the last first; else what its class says.
constexpr SqlPart kKept =
    "SELECT i.dossier, i.item_sequence, i.doc_type, i.item_date, i.retention, "
    "COALESCE((SELECT c.after FROM retention_changes c WHERE c.dossier = i.dossier "
    "AND c.item_sequence = i.item_sequence ORDER BY c.retention_change DESC LIMIT 1), '') "
    "FROM items i ";

constexpr SqlPart kAppraisals =
    "SELECT appraisal, dossier, item_sequence, retention, due_on, opened_at, outcome, reason, "
    "closed_by, closed_at FROM appraisals ";

std::vector<Appraisal> appraisals_from(Rows rows) {
  std::vector<Appraisal> found;
  while (rows.next()) {
    found.push_back({rows.integer(), rows.integer(), rows.small_integer(), rows.text(),
                     rows.text(), rows.text(), rows.text(), rows.text(), rows.text(),
                     rows.text()});
  }
  return found;
}

std::optional<Appraisal> appraisal(Database& database, std::int64_t number) {
  auto found = appraisals_from(
      database.query(joined<kAppraisals, "WHERE appraisal = $1">(), {number}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

/// An item that was to go and has become another one since is appraised anew, unless it is on a
/// list: who made that withdraws it first. Says whether it did.
bool reopened(Database& database, const KeptItem& item) {
  const std::int64_t number = database.number(
      "SELECT a.appraisal FROM appraisals a WHERE a.dossier = $1 AND a.item_sequence = $2 "
      "AND a.due_on = $3 AND a.outcome = 'disposal' AND NOT EXISTS (SELECT 1 FROM disposal_items d "
      "JOIN disposal_lists l ON l.disposal_list = d.disposal_list "
      "WHERE d.appraisal = a.appraisal AND l.withdrawn_at = '')",
      {item.dossier, std::int64_t{item.item_sequence}, item.due->text()});
  if (number == 0 || as_appraised(database, number)) return false;
  database.execute(
      "UPDATE appraisals SET outcome = '', reason = '', closed_by = '', closed_at = '', "
      "contents = '', retention = $2, opened_at = $3 WHERE appraisal = $1",
      {number, item.retention, timestamp_now()});
  return true;
}

}  // namespace

bool Retention::longer(const std::string& one, const std::string& other) const {
  return tables_.years_of(one).value_or(0) > tables_.years_of(other).value_or(0);
}

void Retention::for_each(const std::function<void(const KeptItem&)>& visit) const {
  Rows rows = records_.inside().database.query(
      joined<kKept, "ORDER BY i.dossier, i.item_sequence">());
  while (rows.next()) {
    KeptItem item{rows.integer(), rows.small_integer(), rows.text(), rows.text(),
                  rows.text(),    std::nullopt};
    const std::string made = rows.text();
    // The longer one wins: a class that is found later to be kept longer is.
    if (!made.empty() && !longer(item.retention, made)) item.retention = made;
    const auto years = tables_.years_of(item.retention);
    const auto formed = Date::parse(item.formed_on);
    if (years && *years < VolumeTables::kForEver && formed) {
      item.due = appraisal_day(*formed, *years);
    }
    visit(item);
  }
}

KeptItem Retention::item(DossierNumber dossier, int item_sequence) const {
  std::optional<KeptItem> found;
  for_each([&](const KeptItem& item) {
    if (item.dossier == dossier && item.item_sequence == item_sequence) found = item;
  });
  if (!found) throw std::invalid_argument("the dossier has no item with this number");
  return *found;
}

void Retention::extend(DossierNumber dossier, int item_sequence, const std::string& to,
                       const std::string& reason, const std::string& report_no) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::approve});
  const KeptItem before = item(dossier, item_sequence);
  if (!tables_.years_of(to)) throw std::invalid_argument("'" + to + "' is no period");
  if (!longer(to, before.retention)) {
    throw std::invalid_argument("a period is only ever made longer: it is " + before.retention);
  }
  if (reason.empty() || report_no.empty()) {
    throw std::invalid_argument("a longer period needs a reason and the appraisal's report number");
  }
  impl.database.execute(
      "INSERT INTO retention_changes (dossier, item_sequence, before, after, reason, report_no, "
      "changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {dossier, std::int64_t{item_sequence}, before.retention, to, reason, report_no,
       records_.writes_as(), timestamp_now()});
  // What was to be appraised is so no more, until the new period ends.
  impl.database.execute(
      "UPDATE appraisals SET outcome = 'extended', reason = $3, closed_by = $4, closed_at = $5 "
      "WHERE dossier = $1 AND item_sequence = $2 AND outcome = ''",
      {dossier, std::int64_t{item_sequence}, reason, records_.writes_as(), timestamp_now()});
  impl.note("retention_extended", "dossier", dossier,
            json_object({{"item", std::int64_t{item_sequence}},
                         {"before", before.retention},
                         {"after", to},
                         {"report", report_no}}));
  transaction.commit();
}

std::int64_t Retention::open_appraisals(Date by) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  std::int64_t opened = 0;
  for_each([&](const KeptItem& item) {
    if (!item.due || *item.due > by) return;
    const auto made = impl.database.execute(
        "INSERT INTO appraisals (dossier, item_sequence, retention, due_on, opened_at) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (dossier, item_sequence, due_on) DO NOTHING",
        {item.dossier, std::int64_t{item.item_sequence}, item.retention, item.due->text(),
         timestamp_now()});
    opened += made > 0 || reopened(impl.database, item) ? 1 : 0;
  });
  if (opened > 0) impl.note("appraisals_opened", "archive", 0, json_object({{"tasks", opened}}));
  transaction.commit();
  return opened;
}

std::vector<Appraisal> Retention::appraisals(bool open_only) const {
  Database& database = records_.inside().database;
  return appraisals_from(
      open_only ? database.query(joined<kAppraisals, "WHERE outcome = '' ORDER BY appraisal">())
                : database.query(joined<kAppraisals, "ORDER BY appraisal">()));
}

void Retention::close_appraisal(std::int64_t number, const std::string& outcome,
                                const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage});
  const auto task = appraisal(impl.database, number);
  if (!task) throw std::invalid_argument("there is no appraisal of this number");
  if (!task->outcome.empty()) throw std::invalid_argument("it was closed already");
  if (outcome != "kept" && outcome != "disposal") {
    throw std::invalid_argument("an appraisal ends with 'kept' or 'disposal'");
  }
  if (reason.empty()) throw std::invalid_argument("an appraisal needs a reason");
  if (outcome == "disposal") {
    const auto due = item(task->dossier, task->item_sequence).due;
    if (!due || due->text() > task->due_on) {
      throw std::invalid_argument(
          "the item's period does not end on " + task->due_on +
          " any more: end this with 'kept'; what falls due later is appraised then");
    }
  }
  impl.database.execute(
      "UPDATE appraisals SET outcome = $2, reason = $3, closed_by = $4, closed_at = $5, "
      "contents = $6 WHERE appraisal = $1",
      {number, outcome, reason, records_.writes_as(), timestamp_now(),
       appraised_contents(impl.database, task->dossier, task->item_sequence).value_or("")});
  impl.note("appraisal_closed", "dossier", task->dossier,
            json_object({{"item", std::int64_t{task->item_sequence}},
                         {"appraisal", number},
                         {"outcome", outcome}}));
  transaction.commit();
}

}  // namespace archive
