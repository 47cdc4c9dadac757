#include "store/lifecycle/office_metrics.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/timestamp.h"
#include "store/lifecycle/security.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

double at_share(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void count_days(Database& database, OfficeMetrics& metrics) {
  // Of several approvals of an item the last one counts: what was changed since was returned.
  Rows rows = database.query(
      "SELECT b.opened_at, MAX(s.taken_at) FROM review_steps AS s "
      "JOIN dossiers AS d ON d.dossier = s.dossier JOIN batches AS b ON b.batch = d.batch "
      "WHERE s.step = 'approve' GROUP BY s.dossier, s.item_sequence, b.opened_at");
  std::vector<double> days;
  while (rows.next()) {
    const auto from = parse_iso8601(rows.text());
    const auto to = parse_iso8601(rows.text());
    if (!from || !to) continue;
    days.push_back(std::chrono::duration<double, std::ratio<86'400>>(*to - *from).count());
  }
  std::ranges::sort(days);
  metrics.approved = static_cast<std::int64_t>(days.size());
  metrics.days_median = at_share(days, 0.5);
  metrics.days_p90 = at_share(days, 0.9);
  metrics.waiting = database.number("SELECT COUNT(*) FROM items") - metrics.approved;
}

void count_samples(const Records& records, OfficeMetrics& metrics) {
  for (const BatchRecord& batch : records.batches()) {
    for (const AcceptanceRecord& acceptance : records.acceptances(batch.number)) {
      if (acceptance.closed_at.empty()) continue;
      const auto pages = static_cast<std::int64_t>(acceptance.sample.size());
      metrics.sampled_pages += pages;
      metrics.sampled_right += pages - acceptance.faulty();
    }
  }
}

void count_values(const Records& records, Database& database, OfficeMetrics& metrics) {
  std::vector<PageNumber> pages;
  Rows rows = database.query("SELECT DISTINCT page FROM typed_values WHERE ended_at = ''");
  while (rows.next()) pages.push_back(rows.integer());
  for (const PageNumber number : pages) {
    const auto page = records.page(number);
    if (!page) continue;
    for (const FieldRecord& field : page->fields) {
      if (field.typed != TypedState::settled || !field.machine) continue;
      ++metrics.values_seen;
      if (field.machine->value == field.value) ++metrics.values_right;
    }
  }
}

}  // namespace

OfficeMetrics office_metrics(Records& records, const std::string& since) {
  Database& database = records.inside().database;
  const Transaction moment(database, Transaction::Kind::read);
  OfficeMetrics metrics;
  count_days(database, metrics);
  metrics.dossiers = database.number("SELECT COUNT(*) FROM dossiers WHERE merged_into IS NULL");
  // Findings that something is not there, whatever else may be wrong (config/checks/rules.csv).
  metrics.complete = metrics.dossiers -
                     database.number(
                         "SELECT COUNT(DISTINCT dossier) FROM findings WHERE state = 'open' "
                         "AND severity = 'error' AND rule IN ('must_have', 'X41')");
  count_samples(records, metrics);
  count_values(records, database, metrics);
  for (const auto& [who, count] : Security(records).refusals_since(since)) {
    metrics.refusals += count;
  }
  return metrics;
}

}  // namespace archive
