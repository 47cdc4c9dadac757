#include "ingest/dossier_checking.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "checks/dossier_checks.h"
#include "checks/vouchers.h"
#include "store/records/facts_bytes.h"

namespace archive {
namespace {

// Few enough to hold in memory, enough that a commit does not count.
constexpr std::size_t kDossiersAtOnce = 1'000;

using Unchecked = std::vector<Records::UncheckedDossier>;
using Checked = std::vector<Records::CheckedDossier>;

// Enough to show a person that a number is used again; a number that thousands bear is no
// voucher's.
constexpr int kVouchersOfANumber = 20;

/// What is known outside a dossier: comparison lists, vouchers of other dossiers. The records
/// belong to one thread at a time.
class Outside {
 public:
  explicit Outside(const Records& records)
      : records_(records), any_list_(!records.lists().empty()) {}

  std::vector<ListedRecord> listed(const DossierFacts& facts) const {
    std::vector<ListedRecord> listed;
    if (!any_list_) return listed;
    const std::set<std::string> keys = list_keys(facts);
    const std::lock_guard lock(mutex_);
    for (const std::string& key : keys) {
      for (ListedRecord& record : records_.listed(key)) listed.push_back(std::move(record));
    }
    return listed;
  }

  std::vector<VoucherFact> vouchers(DossierNumber dossier, const DossierFacts& facts) const {
    if (vouchers_of(facts).empty()) return {};
    const std::lock_guard lock(mutex_);
    return records_.vouchers_elsewhere(dossier, kVouchersOfANumber);
  }

 private:
  const Records& records_;
  bool any_list_;
  mutable std::mutex mutex_;
};

/// Shares the dossiers out to threads, one after the other; the answer is in their order.
Checked check_all(const Unchecked& dossiers, const Outside& outside, const CheckTables& tables,
                  int threads) {
  Checked checked(dossiers.size());
  std::atomic<std::size_t> next = 0;
  std::mutex failed;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < dossiers.size(); i = next++) {
        const DossierFacts facts = parse_facts(dossiers[i].facts);
        checked[i] = {dossiers[i].number, dossiers[i].revision,
                      check_dossier(facts, tables, outside.listed(facts),
                                    outside.vouchers(dossiers[i].number, facts))};
      }
    } catch (...) {
      const std::lock_guard lock(failed);
      failure = std::current_exception();
      next = dossiers.size();
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  return checked;
}

}  // namespace

CheckingOutcome bring_checks_up_to_date(Records& records, const CheckTables& tables,
                                        BatchNumber batch, int threads,
                                        const std::function<void(std::int64_t)>& progress,
                                        const std::atomic<bool>& stop) {
  if (threads <= 0) {
    threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  }
  CheckingOutcome outcome;
  const Outside outside(records);
  const std::string version = tables.version + "-" + std::to_string(kRulesRevision);
  DossierNumber last = 0;
  while (!stop) {
    const Unchecked dossiers = records.dossiers_to_check(version, batch, last, kDossiersAtOnce);
    if (dossiers.empty()) return outcome;
    const Checked checked = check_all(dossiers, outside, tables, threads);
    records.put_findings(checked, version);
    last = dossiers.back().number;
    outcome.dossiers += static_cast<std::int64_t>(checked.size());
    for (const Records::CheckedDossier& dossier : checked) {
      outcome.findings += static_cast<std::int64_t>(dossier.findings.size());
    }
    if (progress) progress(outcome.dossiers);
  }
  outcome.interrupted = true;
  return outcome;
}

}  // namespace archive
