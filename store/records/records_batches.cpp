#include <algorithm>
#include <limits>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/page_rows.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kBatches =
    "SELECT batch, batch_key, name, state, sheets, sides, operator_name, scanner, dpi, category, "
    "opened_at, closed_at, held_reason, report_blob FROM batches ";
constexpr SqlPart kSources =
    "SELECT source, batch, name, CASE WHEN disposed THEN '' ELSE blob END, size_bytes, kind, "
    "carrier, pages, warnings, "
    "received_at, first_order, repeat_of, handed_in_as FROM sources ";

// What a sheet leaves open stays as it was stated before: a scan that knows only its scanner
// must not wipe the count of the paper.
JobSheet completed(JobSheet sheet, const JobSheet& before) {
  if (sheet.sheets == 0) sheet.sheets = before.sheets;
  if (sheet.sides == 0) sheet.sides = before.sides;
  if (sheet.dpi == 0) sheet.dpi = before.dpi;
  if (sheet.operator_name.empty()) sheet.operator_name = before.operator_name;
  if (sheet.scanner.empty()) sheet.scanner = before.scanner;
  if (sheet.category.empty()) sheet.category = before.category;
  return sheet;
}

BatchRecord batch_from(Rows& row) {
  BatchRecord batch;
  batch.number = row.integer();
  batch.key = row.text();
  batch.name = row.text();
  batch.state = from_word<BatchState>(row.text());
  batch.job_sheet.sheets = row.small_integer();
  batch.job_sheet.sides = row.small_integer();
  batch.job_sheet.operator_name = row.text();
  batch.job_sheet.scanner = row.text();
  batch.job_sheet.dpi = row.small_integer();
  batch.job_sheet.category = row.text();
  batch.opened_at = row.text();
  batch.closed_at = row.text();
  batch.held_reason = row.text();
  batch.report_blob = BlobId::parse(row.text());
  return batch;
}

std::optional<BatchRecord> first_batch(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return batch_from(rows);
}

std::vector<BatchRecord> all_batches(Rows rows) {
  std::vector<BatchRecord> batches;
  while (rows.next()) batches.push_back(batch_from(rows));
  return batches;
}

SourceRecord source_from(Rows& row) {
  SourceRecord source;
  source.number = row.integer();
  source.batch = row.integer();
  source.name = row.text();
  source.blob = BlobId::parse(row.text());
  source.size_bytes = static_cast<std::uint64_t>(row.integer());
  source.kind = from_word<SourceKind>(row.text());
  source.carrier = from_word<Carrier>(row.text());
  source.pages = row.small_integer();
  source.warnings = parse_json_list(row.text());
  source.received_at = row.text();
  source.first_order = row.integer();
  source.repeat_of = row.integer();
  source.handed_in_as = row.text();
  return source;
}

std::optional<SourceRecord> first_source(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return source_from(rows);
}

/// The numbers of one batch, or of all.
struct BatchRange {
  BatchNumber first = 0;
  BatchNumber last = std::numeric_limits<BatchNumber>::max();
};

void count_sources(Database& database, BatchRange batches, BatchCounts& counts) {
  Rows rows = database.query(
      "SELECT COUNT(*), COALESCE(SUM(CASE WHEN s.carrier <> 'image' AND s.pages = 0 "
      "AND p.records IS NULL THEN 1 ELSE 0 END), 0), "
      "COALESCE(SUM(CASE WHEN s.pages > COALESCE(p.records, 0) THEN s.pages "
      "ELSE COALESCE(p.records, 0) END), 0) "
      "FROM sources s LEFT JOIN (SELECT source, COUNT(*) AS records FROM pages "
      "WHERE batch BETWEEN $1 AND $2 GROUP BY source) p ON p.source = s.source "
      "WHERE s.batch BETWEEN $1 AND $2",
      {batches.first, batches.last});
  rows.next();
  counts.sources = rows.integer();
  counts.carriers_kept = rows.integer();
  counts.occurrences = rows.integer();
}

void count_pages(Database& database, BatchRange batches, BatchCounts& counts) {
  Rows rows = database.query(
      "SELECT COUNT(*), p.state, p.kind, p.doc_type, p.fault_reason, p.review_reasons <> '[]', "
      "s.repeat_of IS NOT NULL, p.replaced_by IS NOT NULL FROM pages p "
      "JOIN sources s ON s.source = p.source "
      "WHERE p.batch BETWEEN $1 AND $2 GROUP BY 2, 3, 4, 5, 6, 7, 8",
      {batches.first, batches.last});
  while (rows.next()) {
    const std::int64_t count = rows.integer();
    const auto state = from_word<PageState>(rows.text());
    const auto kind = from_word<PageKind>(rows.text());
    const std::string doc_type = rows.text();
    const std::string reason = rows.text();
    const bool review = rows.flag();
    if (rows.flag()) counts.repeats += count;
    if (rows.flag()) {
      counts.replaced += count;
      continue;
    }
    if (state == PageState::set_aside) {
      counts.set_aside += count;
      counts.set_aside_by_reason[reason] += count;
      continue;
    }
    counts.filed += count;
    if (review) counts.review += count;
    if (kind == PageKind::blank) counts.blank += count;
    if (kind == PageKind::separator) counts.separators += count;
    if (!doc_type.empty()) counts.by_doc_type[doc_type] += count;
  }
}

void count_quality(Database& database, BatchRange batches, BatchCounts& counts) {
  Rows verdicts = database.query(
      "SELECT quality, COUNT(*) FROM pages WHERE batch BETWEEN $1 AND $2 AND quality <> '' "
      "AND replaced_by IS NULL "
      "GROUP BY quality",
      {batches.first, batches.last});
  while (verdicts.next()) {
    const std::string verdict = verdicts.text();
    counts.by_quality[verdict] = verdicts.integer();
  }
  Rows rules = database.query(
      "SELECT f.rule, COUNT(*) FROM quality_findings f JOIN pages p ON p.page = f.page "
      "WHERE p.batch BETWEEN $1 AND $2 AND p.replaced_by IS NULL GROUP BY f.rule",
      {batches.first, batches.last});
  while (rules.next()) {
    const std::string rule = rules.text();
    counts.by_quality_rule[rule] = rules.integer();
  }
}

void count_findings(Database& database, BatchRange batches, BatchCounts& counts) {
  Rows rows = database.query(
      "SELECT f.severity, COUNT(*) FROM findings f JOIN dossiers d ON d.dossier = f.dossier "
      "WHERE d.batch BETWEEN $1 AND $2 AND f.state = 'open' AND f.gone_at = '' "
      "GROUP BY f.severity",
      {batches.first, batches.last});
  while (rows.next()) {
    const std::string severity = rows.text();
    counts.open_findings[severity] = rows.integer();
  }
}

void count_conflicts(Database& database, BatchRange batches, BatchCounts& counts) {
  counts.conflicts = database.number(
      "SELECT COUNT(*) FROM arrangements WHERE batch BETWEEN $1 AND $2 AND ended_at = '' "
      "AND conflict <> ''",
      {batches.first, batches.last});
}

BatchCounts counts_of(Database& database, BatchRange batches) {
  Transaction one_moment(database, Transaction::Kind::read);
  BatchCounts counts;
  count_sources(database, batches, counts);
  count_pages(database, batches, counts);
  count_quality(database, batches, counts);
  count_findings(database, batches, counts);
  count_conflicts(database, batches, counts);
  one_moment.commit();
  return counts;
}

// Rows of older schemas are known by their name.
constexpr SqlPart kSameFile =
    "WHERE batch = $1 AND (handed_in_as = $2 OR (handed_in_as = '' AND name = $3)) AND blob = $4";

const std::string& handed_in_as(const SourceRecord& source) {
  return source.handed_in_as.empty() ? source.name : source.handed_in_as;
}

std::optional<SourceRecord> same_delivery(Database& database, const SourceRecord& source) {
  return first_source(
      database.query(joined<kSources, kSameFile>(),
                     {source.batch, handed_in_as(source), source.name, text_of(source.blob)}));
}

/// The same file as it was handed in before, when its bytes could not be read.
SourceNumber unread_delivery(Database& database, const SourceRecord& source) {
  if (!source.blob) return 0;
  return database.number(joined<"SELECT source FROM sources ", kSameFile>(),
                         {source.batch, handed_in_as(source), source.name, ""});
}

SourceNumber first_with_bytes(Database& database, const std::optional<BlobId>& blob) {
  if (!blob) return 0;
  return database.number("SELECT MIN(source) FROM sources WHERE blob = $1", {text_of(blob)});
}

std::string details_of(const SourceRecord& source, SourceNumber repeat_of) {
  return json_object({{"batch", source.batch},
                      {"blob", text_of(source.blob)},
                      {"bytes", static_cast<std::int64_t>(source.size_bytes)},
                      {"pages", source.pages},
                      {"repeat_of", repeat_of}});
}

SourceNumber insert_source(Records::Impl& impl, const SourceRecord& source) {
  const SourceNumber repeat_of = first_with_bytes(impl.database, source.blob);
  const SourceNumber number = impl.database.number(
      "INSERT INTO sources (batch, name, blob, size_bytes, kind, carrier, pages, warnings, "
      "received_at, first_order, repeat_of, handed_in_as) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
      "RETURNING source",
      {source.batch, source.name, text_of(source.blob),
       static_cast<std::int64_t>(source.size_bytes), word_for(source.kind),
       word_for(source.carrier), std::int64_t{source.pages}, json_list(source.warnings),
       source.received_at.empty() ? timestamp_now() : source.received_at, source.first_order,
       reference(repeat_of), handed_in_as(source)});
  impl.note("source_received", "source", number, details_of(source, repeat_of));
  return number;
}

// Its pages stay as they were: set_source_pages() makes room for more of them.
void give_bytes(Records::Impl& impl, SourceNumber number, const SourceRecord& source) {
  const SourceNumber repeat_of = first_with_bytes(impl.database, source.blob);
  impl.database.execute(
      "UPDATE sources SET blob = $2, size_bytes = $3, kind = $4, carrier = $5, warnings = $6, "
      "received_at = $7, repeat_of = $8 WHERE source = $1",
      {number, text_of(source.blob), static_cast<std::int64_t>(source.size_bytes),
       word_for(source.kind), word_for(source.carrier), json_list(source.warnings),
       source.received_at.empty() ? timestamp_now() : source.received_at, reference(repeat_of)});
  impl.note("source_received_again", "source", number, details_of(source, repeat_of));
}

void withdraw_pages(Records::Impl& impl, SourceNumber source) {
  Rows rows = impl.database.query("SELECT page FROM pages WHERE source = $1", {source});
  std::vector<PageNumber> pages;
  while (rows.next()) pages.push_back(rows.integer());
  for (const PageNumber page : pages) {
    remove_page(impl.database, page);
    impl.revisions.erase(page);
    impl.note("page_withdrawn", "page", page, json_object({{"source", source}}));
  }
}

// The bytes were in the archive before and are there again: nothing is missing.
void withdraw_source(Records::Impl& impl, SourceNumber number) {
  withdraw_pages(impl, number);
  impl.database.execute("DELETE FROM sources WHERE source = $1", {number});
  impl.note("source_withdrawn", "source", number);
}

/// No rule is asked of papers of another category (R30): what rules found in them is gone, what
/// persons decided of it stays.
void take_findings_back(Database& database, BatchNumber batch) {
  database.execute(
      "DELETE FROM findings WHERE state = 'open' AND dossier IN "
      "(SELECT dossier FROM dossiers WHERE batch = $1)",
      {batch});
  database.execute(
      "UPDATE findings SET gone_at = $2 WHERE gone_at = '' AND dossier IN "
      "(SELECT dossier FROM dossiers WHERE batch = $1)",
      {batch, timestamp_now()});
  database.execute(
      "UPDATE dossier_facts SET checked_with = '' WHERE dossier IN "
      "(SELECT dossier FROM dossiers WHERE batch = $1)",
      {batch});
}

/// Moves what comes after a source by as many places as it grew.
void make_room(Database& database, const SourceRecord& grown, int pages) {
  const std::int64_t places = std::max(1, pages) - std::max(1, grown.pages);
  if (places <= 0) return;
  database.execute(
      "UPDATE sources SET first_order = first_order + $3 WHERE batch = $1 AND first_order > $2",
      {grown.batch, grown.first_order, places});
  database.execute(
      "UPDATE pages SET page_order = page_order + $3 "
      "WHERE batch = $1 AND page_order > $2 AND source <> $4",
      {grown.batch, grown.first_order, places, grown.number});
}

}  // namespace

BatchRecord Records::open_batch(const std::string& key, const std::string& name,
                                const JobSheet& stated) {
  RecordedTransaction transaction(*impl_, {Right::take_in, Right::operate, Right::manage});
  auto known =
      first_batch(impl_->database.query(joined<kBatches, "WHERE batch_key = $1">(), {key}));
  BatchNumber number = known ? known->number : 0;
  if (!known) {
    number = impl_->database.number(
        "INSERT INTO batches (batch_key, name, state, sheets, sides, operator_name, scanner, dpi, "
        "opened_at, closed_at, held_reason, report_blob) "
        "VALUES ($1, $2, 'open', 0, 0, '', '', 0, $3, '', '', '') RETURNING batch",
        {key, name, timestamp_now()});
    impl_->note("batch_opened", "batch", number);
  }
  const JobSheet before = known ? known->job_sheet : JobSheet{};
  const JobSheet sheet = completed(stated, before);
  if (sheet != before) {
    impl_->database.execute(
        "UPDATE batches SET sheets = $2, sides = $3, operator_name = $4, scanner = $5, dpi = $6, "
        "category = $7 WHERE batch = $1",
        {number, std::int64_t{sheet.sheets}, std::int64_t{sheet.sides}, sheet.operator_name,
         sheet.scanner, std::int64_t{sheet.dpi}, sheet.category});
    if (before.category.empty() && !sheet.category.empty()) {
      take_findings_back(impl_->database, number);
    }
    impl_->note("job_sheet_set", "batch", number,
                json_object({{"sheets", sheet.sheets}, {"sides", sheet.sides}}));
    impl_->reopen(number);
  }
  transaction.commit();
  return *batch(number);
}

void Records::close_batch(BatchNumber number, BatchState state, const std::string& held_reason,
                          const std::optional<BlobId>& report) {
  RecordedTransaction transaction(*impl_, {Right::take_in, Right::operate, Right::manage});
  const std::string closed_at = state == BatchState::open ? "" : timestamp_now();
  impl_->database.execute(
      "UPDATE batches SET state = $2, closed_at = $3, held_reason = $4, report_blob = $5 "
      "WHERE batch = $1",
      {number, word_for(state), closed_at, held_reason, text_of(report)});
  impl_->note("batch_closed", "batch", number,
              json_object({{"state", word_for(state)}, {"report", text_of(report)}}));
  transaction.commit();
}

std::optional<BatchRecord> Records::batch(BatchNumber number) const {
  return first_batch(impl_->database.query(joined<kBatches, "WHERE batch = $1">(), {number}));
}

std::optional<BatchRecord> Records::batch_named(std::string_view name_or_key) const {
  return first_batch(impl_->database.query(
      joined<kBatches,
             "WHERE batch_key = $1 OR name = $1 OR CAST(batch AS TEXT) = $1 "
             "ORDER BY batch_key = $1 DESC, name = $1 DESC, batch DESC LIMIT 1">(),
      {name_or_key}));
}

std::vector<BatchRecord> Records::batches() const {
  return all_batches(impl_->database.query(joined<kBatches, "ORDER BY batch">()));
}

BatchCounts Records::counts(BatchNumber batch) const {
  return counts_of(impl_->database, {batch, batch});
}

BatchCounts Records::counts() const { return counts_of(impl_->database, {}); }

std::vector<Records::SourceGap> Records::gaps(BatchNumber batch) const {
  Rows rows = impl_->database.query(
      "SELECT s.source, s.pages, COUNT(p.page) FROM sources s "
      "LEFT JOIN pages p ON p.source = s.source WHERE s.batch = $1 "
      "GROUP BY s.source, s.pages, s.carrier "
      "HAVING s.pages <> COUNT(p.page) OR (s.pages = 0 AND s.carrier = 'image') "
      "ORDER BY s.source",
      {batch});
  std::vector<SourceGap> found;
  while (rows.next()) {
    found.push_back({rows.integer(), rows.small_integer(), rows.small_integer()});
  }
  return found;
}

SourceRecord Records::add_source(const SourceRecord& source) {
  RecordedTransaction transaction(*impl_, {Right::take_in, Right::operate, Right::manage});
  const auto known = same_delivery(impl_->database, source);
  const SourceNumber unread = unread_delivery(impl_->database, source);
  SourceNumber number = unread;
  if (known) {
    number = known->number;
    if (unread != 0) withdraw_source(*impl_, unread);
  } else if (unread != 0) {
    give_bytes(*impl_, unread, source);
  } else {
    number = insert_source(*impl_, source);
  }
  if (!known || unread != 0) impl_->reopen(source.batch);
  transaction.commit();
  return *this->source(number);
}

void Records::set_source_pages(SourceNumber number, int pages,
                               const std::vector<std::string>& warnings) {
  RecordedTransaction transaction(*impl_, {Right::take_in, Right::operate, Right::manage});
  const auto before = source(number);
  if (!before) {
    throw ArchiveError(ErrorKind::not_found, impl_->where, "there is no such source",
                       "report this with the version of the program");
  }
  if (before->pages != pages || before->warnings != warnings) {
    impl_->database.execute("UPDATE sources SET pages = $2, warnings = $3 WHERE source = $1",
                            {number, std::int64_t{pages}, json_list(warnings)});
    impl_->note(
        "source_examined", "source", number,
        json_object({{"pages", pages}, {"warnings", static_cast<std::int64_t>(warnings.size())}}));
  }
  if (before->pages != pages) {
    make_room(impl_->database, *before, pages);
    if (pages == 0 && pages_done(number).empty()) withdraw_pages(*impl_, number);
    impl_->reopen(before->batch);
  }
  transaction.commit();
}

std::vector<SourceRecord> Records::sources(BatchNumber batch) const {
  Rows rows = impl_->database.query(
      joined<kSources, "WHERE batch = $1 ORDER BY first_order, source">(), {batch});
  std::vector<SourceRecord> sources;
  while (rows.next()) sources.push_back(source_from(rows));
  return sources;
}

std::optional<SourceRecord> Records::source(SourceNumber number) const {
  return first_source(impl_->database.query(joined<kSources, "WHERE source = $1">(), {number}));
}

std::int64_t Records::next_order(BatchNumber batch) const {
  const std::int64_t after_sources = impl_->database.number(
      "SELECT MAX(first_order + CASE WHEN pages > 1 THEN pages ELSE 1 END) FROM sources "
      "WHERE batch = $1",
      {batch});
  const std::int64_t after_pages =
      impl_->database.number("SELECT MAX(page_order) + 1 FROM pages WHERE batch = $1", {batch});
  return std::max(after_sources, after_pages);
}

}  // namespace archive
