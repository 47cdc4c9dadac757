// juanzong_check_figures ARCHIVE [DOSSIERS]
//
// Multiplies the dossiers of an archive to so many (100,000 when not said), each with numbers of
// its own, checks them all, changes the version of the tables as a changed parameter does, and
// checks them all again from what is kept: no picture and no text is read. One line a figure:
// name<TAB>value<TAB>unit.

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "checks/vouchers.h"
#include "config/check_tables.h"
#include "core/error.h"
#include "ingest/dossier_checking.h"
#include "store/archive_folder.h"
#include "store/records/records.h"

namespace archive {
namespace {

using Clock = std::chrono::steady_clock;

void figure(const char* name, double value, const char* unit) {
  std::printf("%s\t%.4g\t%s\n", name, value, unit);
}

std::vector<DossierFacts> facts_of_archive(const std::filesystem::path& folder) {
  const Records records = Records::open_reader(folder);
  std::vector<DossierFacts> facts;
  for (const BatchRecord& batch : records.batches()) {
    for (const DossierRecord& dossier : records.dossiers(batch.number)) {
      if (auto found = records.facts(dossier.number)) facts.push_back(std::move(*found));
    }
  }
  return facts;
}

/// The vouchers of a copy: numbers of its own, but for one copy in a hundred, which has those of
/// many others.
std::vector<VoucherFact> vouchers_of_copy(const DossierFacts& facts, std::int64_t copy) {
  std::vector<VoucherFact> vouchers = vouchers_of(facts);
  if (copy % 100 == 0) return vouchers;
  for (VoucherFact& voucher : vouchers) voucher.number += std::to_string(copy);
  return vouchers;
}

/// Fills new records with copies, so many a batch.
void multiply(const std::vector<DossierFacts>& originals, std::int64_t dossiers, Records& records) {
  constexpr std::int64_t kBatch = 10'000;
  for (std::int64_t done = 0; done < dossiers;) {
    const BatchNumber batch = records.open_batch("b" + std::to_string(done), "copies", {}).number;
    std::vector<Records::AssembledDossier> copies;
    for (std::int64_t i = 0; i < kBatch && done < dossiers; ++i, ++done) {
      Records::AssembledDossier copy;
      copy.dossier.key = std::to_string(done);
      copy.facts = originals[static_cast<std::size_t>(done) % originals.size()];
      copy.facts.batch = batch;
      copy.facts.dossier_no += "-" + std::to_string(done);
      copy.vouchers = vouchers_of_copy(copy.facts, done);
      copies.push_back(std::move(copy));
    }
    records.assemble(batch, copies);
  }
}

double seconds_to_check(Records& records, const CheckTables& tables, std::int64_t& findings) {
  const std::atomic<bool> stop = false;
  const auto began = Clock::now();
  findings = bring_checks_up_to_date(records, tables, 0, 0, nullptr, stop).findings;
  return std::chrono::duration<double>(Clock::now() - began).count();
}

void run(const std::filesystem::path& source, std::int64_t dossiers) {
  const std::vector<DossierFacts> originals = facts_of_archive(source);
  if (originals.empty()) {
    throw ArchiveError(ErrorKind::not_found, source.string(), "no dossier has facts",
                       "ingest dossiers and give their archive");
  }
  std::string folder = (std::filesystem::temp_directory_path() / "check_figures.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  CheckTables tables = CheckTables::load(std::filesystem::path(SOURCE_ROOT) / "config");
  {
    ArchiveFolder::create(folder, "");
    Records records = Records::open_writer(folder);
    multiply(originals, dossiers, records);
    std::int64_t findings = 0;
    const double first = seconds_to_check(records, tables, findings);
    tables.version += "-changed";
    const double again = seconds_to_check(records, tables, findings);
    figure("dossiers", static_cast<double>(dossiers), "dossiers");
    figure("findings", static_cast<double>(findings), "findings");
    figure("first_check_s", first, "s");
    figure("recheck_s", again, "s");
    figure("recheck_dossiers_per_s", static_cast<double>(dossiers) / again, "1/s");
    figure("records_mb",
           static_cast<double>(std::filesystem::file_size(folder + "/records.sqlite")) / 1e6, "MB");
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  figure("peak_mb", static_cast<double>(usage.ru_maxrss) / 1024, "MB");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("juanzong_check_figures ARCHIVE [DOSSIERS]\n", stderr);
    return 2;
  }
  try {
    archive::run(argv[1], argc > 2 ? std::atoll(argv[2]) : 100'000);
  } catch (const archive::ArchiveError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.kind());
  }
  return 0;
}
