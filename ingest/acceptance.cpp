#include "ingest/acceptance.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "checks/sampling.h"
#include "core/error.h"
#include "core/timestamp.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const BatchRecord& batch, const std::string& what,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::usage, "batch " + std::to_string(batch.number), what, what_to_do);
}

std::vector<PageNumber> failed_before(const std::vector<AcceptanceRecord>& acceptances) {
  std::vector<PageNumber> failed;
  for (const AcceptanceRecord& acceptance : acceptances) {
    for (const SampledPage& page : acceptance.sample) {
      if (page.faulty()) failed.push_back(page.page);
    }
  }
  return failed;
}

/// What persons found wrong with pages and nobody has taken back since: to draw again is no remedy.
std::map<PageNumber, SampledPage> faults_that_stand(
    const std::vector<AcceptanceRecord>& acceptances) {
  std::map<PageNumber, SampledPage> faults;
  for (const AcceptanceRecord& acceptance : acceptances) {
    for (const SampledPage& page : acceptance.sample) faults[page.page] = page;
  }
  std::erase_if(faults, [](const auto& page) { return page.second.fault.empty(); });
  return faults;
}

/// What the program itself finds wrong with pages of a batch.
class MachineFaults {
 public:
  MachineFaults(const Records& records, BatchNumber batch) {
    for (const DossierRecord& dossier : records.dossiers(batch)) {
      for (const FindingRecord& record : records.findings(dossier.number)) add(record);
    }
  }

  std::string of(const PageRecord& page) const {
    if (page.fault) return "set_aside: " + std::string(name_of(page.fault->reason));
    if (page.quality && page.quality->verdict == Verdict::rescan) return "picture: rescan";
    const auto rules = rules_.find(page.number);
    if (rules == rules_.end()) return {};
    std::string fault = "findings:";
    for (const std::string& rule : rules->second) fault += ' ' + rule;
    return fault;
  }

 private:
  void add(const FindingRecord& record) {
    const bool counts =
        record.state == FindingState::open && record.finding.severity == Severity::error;
    if (!counts) return;
    for (const FindingPlace& place : record.finding.places) {
      rules_[place.page].insert(record.finding.rule);
    }
  }

  std::map<PageNumber, std::set<std::string>> rules_;
};

Json report_of(const AcceptanceRecord& acceptance, const BatchRecord& batch) {
  Json sample = Json::array();
  for (const SampledPage& page : acceptance.sample) {
    sample.push_back({{"page", page.page},
                      {"forced", page.forced},
                      {"fault", page.fault},
                      {"fault_by", page.fault_by},
                      {"machine_fault", page.machine_fault}});
  }
  return {{"acceptance", acceptance.number},
          {"batch", batch.number},
          {"batch_name", batch.name},
          {"seed", acceptance.seed},
          {"plan",
           {{"share", acceptance.share},
            {"pages_min", acceptance.pages_min},
            {"pass_share", acceptance.pass_share}}},
          {"pages", acceptance.pages},
          {"drawn", acceptance.sample.size()},
          {"drawn_by", acceptance.drawn_by},
          {"drawn_at", acceptance.drawn_at},
          {"closed_by", acceptance.closed_by},
          {"faulty", acceptance.faulty()},
          {"passed", acceptance.passed},
          {"sample", std::move(sample)}};
}

}  // namespace

AcceptanceRecord draw_acceptance(Records& records, const BatchRecord& batch,
                                 const SamplingPlan& plan, std::uint64_t seed,
                                 const std::string& who) {
  if (batch.state != BatchState::complete) {
    refuse(batch, "a batch that is not complete cannot be accepted",
           "finish it or release it, see `juanzong status`");
  }
  const std::vector<AcceptanceRecord> before = records.acceptances(batch.number);
  if (!before.empty() && before.back().closed_at.empty()) {
    refuse(batch, "a sample of it is still open", "close it: `juanzong accept BATCH --close`");
  }
  std::vector<PageNumber> pages;
  std::map<PageNumber, PageNumber> replaced;
  for (const PageRecord& page : records.pages(batch.number)) {
    if (page.replaced_by == 0) {
      pages.push_back(page.number);
    } else {
      replaced[page.number] = page.replaced_by;
    }
  }
  if (pages.empty()) refuse(batch, "it has no page", "check the name of the batch");

  std::vector<PageNumber> forced = failed_before(before);
  // What stands in the place of a page that failed is to be looked at instead.
  for (PageNumber& page : forced) {
    for (auto by = replaced.find(page); by != replaced.end(); by = replaced.find(page)) {
      page = by->second;
    }
  }
  const std::set<PageNumber> forced_set(forced.begin(), forced.end());
  AcceptanceRecord drawn;
  drawn.batch = batch.number;
  drawn.seed = seed;
  drawn.share = plan.share;
  drawn.pages_min = plan.pages_min;
  drawn.pass_share = plan.pass_share;
  drawn.pages = static_cast<std::int64_t>(pages.size());
  drawn.drawn_by = who;
  const std::map<PageNumber, SampledPage> faults = faults_that_stand(before);
  for (const PageNumber page : draw_sample(pages, forced, plan, seed)) {
    const auto fault = faults.find(page);
    const SampledPage known = fault == faults.end() ? SampledPage{} : fault->second;
    drawn.sample.push_back({page, forced_set.contains(page), known.fault, known.fault_by, ""});
  }
  records.put_acceptance(drawn);
  return records.acceptances(batch.number).back();
}

AcceptanceRecord close_acceptance(Records& records, ObjectStore& objects, const BatchRecord& batch,
                                  const std::string& who) {
  const std::vector<AcceptanceRecord> all = records.acceptances(batch.number);
  if (all.empty() || !all.back().closed_at.empty()) {
    refuse(batch, "no sample of it is open", "draw one: `juanzong accept BATCH --draw`");
  }
  AcceptanceRecord closing = all.back();
  const MachineFaults machine(records, batch.number);
  for (SampledPage& page : closing.sample) {
    if (const auto record = records.page(page.page)) page.machine_fault = machine.of(*record);
  }
  const SamplingPlan plan{closing.share, closing.pages_min, closing.pass_share};
  closing.closed_by = who;
  closing.passed =
      sample_passes(closing.sample.size(), static_cast<std::size_t>(closing.faulty()), plan);
  closing.report_blob = objects.put(
      report_of(closing, batch).dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  records.close_acceptance(closing);
  return records.acceptances(batch.number).back();
}

AcceptanceRecord latest_acceptance(const Records& records, const BatchRecord& batch) {
  std::vector<AcceptanceRecord> all = records.acceptances(batch.number);
  if (all.empty()) {
    throw ArchiveError(ErrorKind::not_found, "batch " + std::to_string(batch.number),
                       "no sample was drawn of it", "draw one: `juanzong accept BATCH --draw`");
  }
  return std::move(all.back());
}

}  // namespace archive
