#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

std::vector<SampledPage> sample_of(Database& database, AcceptanceNumber number) {
  Rows row = database.query(
      "SELECT page, forced, fault, fault_by, machine_fault FROM accepted_pages "
      "WHERE acceptance = $1 ORDER BY page",
      {number});
  std::vector<SampledPage> sample;
  while (row.next()) {
    sample.push_back({row.integer(), row.flag(), row.text(), row.text(), row.text()});
  }
  return sample;
}

}  // namespace

AcceptanceNumber Records::put_acceptance(const AcceptanceRecord& drawn) {
  if (drawn.drawn_by.empty()) throw std::invalid_argument("a sample is drawn by somebody");
  RecordedTransaction transaction(*impl_, {Right::recheck});
  Database& database = impl_->database;
  if (database.number("SELECT COUNT(*) FROM acceptances WHERE batch = $1 AND verdict = ''",
                      {drawn.batch}) > 0) {
    throw std::invalid_argument("a sample of this batch is still open");
  }
  const AcceptanceNumber number = database.number(
      "INSERT INTO acceptances (batch, seed, share, pages_min, pass_share, pages, drawn_by, "
      "drawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING acceptance",
      {drawn.batch, static_cast<std::int64_t>(drawn.seed), drawn.share,
       std::int64_t{drawn.pages_min}, drawn.pass_share, drawn.pages, drawn.drawn_by,
       timestamp_now()});
  for (const SampledPage& page : drawn.sample) {
    database.execute(
        "INSERT INTO accepted_pages (acceptance, page, forced, fault, fault_by) "
        "VALUES ($1, $2, $3, $4, $5)",
        {number, page.page, page.forced, page.fault, page.fault_by});
  }
  impl_->note("sample_drawn", "batch", drawn.batch,
              json_object({{"acceptance", number},
                           {"seed", static_cast<std::int64_t>(drawn.seed)},
                           {"drawn", static_cast<std::int64_t>(drawn.sample.size())}}));
  transaction.commit();
  return number;
}

void Records::note_fault(AcceptanceNumber number, PageNumber page, const std::string& fault,
                         const std::string& who) {
  if (who.empty()) throw std::invalid_argument("a fault is noted by somebody");
  RecordedTransaction transaction(*impl_, {Right::recheck});
  const std::int64_t changed = impl_->database.execute(
      "UPDATE accepted_pages SET fault = $3, fault_by = $4 WHERE acceptance = $1 AND page = $2 "
      "AND EXISTS (SELECT 1 FROM acceptances a WHERE a.acceptance = $1 AND a.verdict = '')",
      {number, page, fault, fault.empty() ? "" : std::string_view(who)});
  if (changed == 0) throw std::invalid_argument("no open sample has this page");
  impl_->note("fault_noted", "page", page, json_object({{"acceptance", number}}));
  transaction.commit();
}

void Records::close_acceptance(const AcceptanceRecord& closed) {
  if (closed.closed_by.empty()) throw std::invalid_argument("a sample is closed by somebody");
  RecordedTransaction transaction(*impl_, {Right::recheck});
  for (const SampledPage& page : closed.sample) {
    impl_->database.execute(
        "UPDATE accepted_pages SET machine_fault = $3 WHERE acceptance = $1 AND page = $2",
        {closed.number, page.page, page.machine_fault});
  }
  const std::int64_t changed = impl_->database.execute(
      "UPDATE acceptances SET verdict = $2, closed_by = $3, closed_at = $4, report_blob = $5 "
      "WHERE acceptance = $1 AND verdict = ''",
      {closed.number, closed.passed ? "passed" : "failed", closed.closed_by, timestamp_now(),
       text_of(closed.report_blob)});
  if (changed == 0) throw std::invalid_argument("there is no open sample of this number");
  impl_->note(closed.passed ? "batch_accepted" : "batch_refused", "batch", closed.batch,
              json_object({{"acceptance", closed.number}, {"faulty", closed.faulty()}}));
  transaction.commit();
}

std::vector<AcceptanceRecord> Records::acceptances(BatchNumber batch) const {
  Rows row = impl_->database.query(
      "SELECT acceptance, batch, seed, share, pages_min, pass_share, pages, drawn_by, drawn_at, "
      "closed_by, closed_at, verdict = 'passed', report_blob FROM acceptances WHERE batch = $1 "
      "ORDER BY acceptance",
      {batch});
  std::vector<AcceptanceRecord> acceptances;
  while (row.next()) {
    acceptances.push_back({row.integer(),
                           row.integer(),
                           static_cast<std::uint64_t>(row.integer()),
                           row.real(),
                           row.small_integer(),
                           row.real(),
                           row.integer(),
                           row.text(),
                           row.text(),
                           row.text(),
                           row.text(),
                           row.flag(),
                           BlobId::parse(row.text()),
                           {}});
  }
  for (AcceptanceRecord& acceptance : acceptances) {
    acceptance.sample = sample_of(impl_->database, acceptance.number);
  }
  return acceptances;
}

}  // namespace archive
