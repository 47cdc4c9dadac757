#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <random>

#include "app/commands.h"
#include "app/named_batch.h"
#include "app/writing.h"
#include "ingest/acceptance.h"
#include "store/archive_folder.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

std::string place_of(const Records& records, PageNumber number) {
  const auto page = records.page(number);
  if (!page) return {};
  return fmt::format("{} #{}", page->source_name, page->occurrence.page_in_file + 1);
}

std::string_view verdict_text(const AcceptanceRecord& acceptance, const Console& say) {
  if (acceptance.closed_at.empty()) return say("抽检中", "open");
  return acceptance.passed ? say("合格", "passed") : say("不合格", "failed");
}

void print(const AcceptanceRecord& acceptance, const Records& records, const Console& say) {
  say.result(fmt::format("{} {}  [{}]  {} {}/{}, {} {}, {} {}  {}", say("抽检", "sample"),
                         acceptance.number, verdict_text(acceptance, say), say("抽取", "drawn"),
                         acceptance.sample.size(), acceptance.pages, say("有错", "faulty"),
                         acceptance.faulty(), say("种子", "seed"), acceptance.seed,
                         acceptance.drawn_by));
  for (const SampledPage& page : acceptance.sample) {
    std::string line =
        fmt::format("    {} {}  {}", say("页", "page"), page.page, place_of(records, page.page));
    if (page.forced) line += fmt::format("  ({})", say("上次不合格", "failed before"));
    if (!page.fault.empty()) line += fmt::format("  {} ({})", page.fault, page.fault_by);
    if (!page.machine_fault.empty()) line += fmt::format("  [{}]", page.machine_fault);
    say.result(line);
  }
}

/// Throws ArchiveError{usage} when the page is not in a sample that is open.
void note(Records& records, const BatchRecord& batch, const AcceptOptions& options) {
  const AcceptanceRecord open = latest_acceptance(records, batch);
  try {
    records.note_fault(open.number, options.page, options.fault, records.writes_as());
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(ErrorKind::usage, fmt::format("page {}", options.page), problem.what(),
                       "`juanzong accept BATCH` lists the pages that were drawn");
  }
}

}  // namespace

int run_accept(const AcceptOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const bool writes = options.draw || options.close || options.page != 0;
  Records records = writes ? Records::open_writer(folder.path(), writing_by(settings, "accept"))
                           : Records::open_reader(folder.path());
  const BatchRecord batch = named_batch(records, options.batch);
  AcceptanceRecord acceptance;
  if (options.draw) {
    const std::uint64_t seed =
        options.seed != 0 ? options.seed : std::random_device{}() & 0x7FFFFFFFU;
    acceptance = draw_acceptance(records, batch, SamplingPlan::load(find_config_folder(settings)),
                                 seed, records.writes_as());
  } else if (options.close) {
    ObjectStore objects(folder.objects(), settings.store.fsync);
    acceptance = close_acceptance(records, objects, batch, records.writes_as());
  } else {
    if (options.page != 0) note(records, batch, options);
    acceptance = latest_acceptance(records, batch);
  }
  if (say.json()) {
    say.result_json(acceptance_json(acceptance, records));
  } else {
    print(acceptance, records, say);
  }
  const bool failed = options.close && !acceptance.passed;
  return failed ? static_cast<int>(ErrorKind::findings) : 0;
}

}  // namespace archive
