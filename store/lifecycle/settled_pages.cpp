#include "store/lifecycle/settled_pages.h"

#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {

void SettledPages::settle(PageNumber number, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage, Right::recheck});
  const auto page = records_.page(number);
  if (!page || !page->fault || page->replaced_by != 0) {
    throw std::invalid_argument("there is no page of this number that is set aside");
  }
  if (reason.empty()) throw std::invalid_argument("say why nothing is to be done about it");
  const std::string fault(name_of(page->fault->reason));
  if (impl.database.number(
          "SELECT COUNT(*) FROM settled_pages WHERE page = $1 AND fault_reason = $2",
          {number, fault}) > 0) {
    throw std::invalid_argument("somebody decided about this page before");
  }
  impl.database.execute(
      "INSERT INTO settled_pages (page, fault_reason, reason, settled_by, settled_at) "
      "VALUES ($1, $2, $3, $4, $5)",
      {number, fault, reason, records_.writes_as(), timestamp_now()});
  impl.note("page_settled", "page", number, json_object({{"fault", fault}}));
  transaction.commit();
}

std::map<PageNumber, SettledPage> SettledPages::of_batch(BatchNumber batch) const {
  Rows rows = records_.inside().database.query(
      "SELECT s.page, s.reason, s.settled_by, s.settled_at FROM settled_pages s "
      "JOIN pages p ON p.page = s.page WHERE p.batch = $1 AND p.state = 'set_aside' "
      "AND p.fault_reason = s.fault_reason",
      {batch});
  std::map<PageNumber, SettledPage> settled;
  while (rows.next()) {
    const PageNumber page = rows.integer();
    settled[page] = {rows.text(), rows.text(), rows.text()};
  }
  return settled;
}

void release_batch(Records& records, BatchNumber number, const std::string& reason) {
  const auto batch = records.batch(number);
  if (!batch || batch->state != BatchState::held) {
    throw std::invalid_argument("there is no held batch of this number");
  }
  if (reason.empty()) throw std::invalid_argument("a batch is released for a reason");
  records.close_batch(number, BatchState::complete, batch->held_reason + "; released: " + reason,
                      batch->report_blob);
}

}  // namespace archive
