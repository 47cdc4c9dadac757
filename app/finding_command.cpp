#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/finding_text.h"
#include "app/writing.h"
#include "store/archive_folder.h"
#include "viewer/dossier_report.h"

namespace archive {
namespace {

FindingState state_of(const FindingOptions& options) {
  if (options.accepted) return FindingState::accepted;
  if (options.corrected) return FindingState::corrected;
  return FindingState::open;
}

FindingRecord record_of(const Records& records, FindingNumber number) {
  if (auto record = records.finding(number)) return std::move(*record);
  throw ArchiveError(ErrorKind::not_found, std::to_string(number),
                     "there is no finding of this number", "`juanzong check` lists them");
}

void show(const Records& records, const CheckTables& tables, FindingNumber number,
          const Console& say) {
  const ReportedFinding told = reported_finding(records, tables, record_of(records, number));
  if (say.json()) {
    say.result_json(finding_json(told));
    return;
  }
  for (const std::string& line : finding_lines(told, say)) say.result(line);
}

}  // namespace

int run_finding(const FindingOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const CheckTables tables =
      CheckTables::load(find_config_folder(read_settings(folder.settings_file())));
  if (!options.accepted && !options.corrected && !options.reopened) {
    show(Records::open_reader(folder.path()), tables, options.finding, say);
    return 0;
  }
  if (options.reason.empty()) {
    throw ArchiveError(ErrorKind::usage, "finding", "a decision needs a reason",
                       "add --reason \"...\"");
  }
  Records records = Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), "finding", options.reason));
  record_of(records, options.finding);
  records.decide_finding(options.finding, state_of(options), options.reason, records.writes_as());
  show(records, tables, options.finding, say);
  return 0;
}

}  // namespace archive
