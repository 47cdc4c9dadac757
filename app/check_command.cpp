#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/chosen_dossiers.h"
#include "app/commands.h"
#include "app/finding_text.h"
#include "app/interrupt.h"
#include "app/named_batch.h"
#include "app/output_file.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "store/archive_folder.h"
#include "viewer/dossier_report.h"

namespace archive {
namespace {

/// Gives the reports to the terminal and to the files that were asked for.
class Reports {
 public:
  Reports(const CheckOptions& options, const CheckTables& tables, const Console& say)
      : options_(options), tables_(tables), say_(say) {
    if (!options.html.empty()) {
      html_.emplace(options.html, options.overwrite);
      html_->write(report_html_begin(say.chinese(), timestamp_now()));
    }
    if (!options.csv.empty()) {
      csv_.emplace(options.csv, options.overwrite);
      csv_->write(findings_csv_header());
    }
  }

  void add(const DossierReport& report) {
    ++dossiers_;
    if (report.clean()) ++clean_;
    for (const ReportedFinding& told : report.findings) {
      if (told.record.state == FindingState::open) ++open_[told.record.finding.severity];
    }
    if (html_) html_->write(report_html(report, tables_, say_.chinese()));
    if (csv_) csv_->write(findings_csv(report));
    if (say_.json()) {
      say_.result_json(report_json(report));
    } else if (options_.all || !report.findings.empty()) {
      for (const std::string& line : report_lines(report, say_)) say_.result(line);
    }
  }

  int finish(const CheckingOutcome& outcome) {
    if (html_) {
      html_->write(report_html_end());
      html_->finish();
    }
    if (csv_) csv_->finish();
    const std::string summary = fmt::format(
        "{} {} ({} {}): {} {}; {} {}, {} {}, {} {}", say_("卷宗", "dossiers"), dossiers_,
        say_("本次检查", "checked now"), outcome.dossiers, say_("无问题", "in order"), clean_,
        say_("错误", "errors"), open_[Severity::error], say_("警告", "warnings"),
        open_[Severity::warn], say_("提示", "notes"), open_[Severity::info]);
    if (say_.json()) {
      say_.note(summary);
    } else {
      say_.result(summary);
    }
    return open_[Severity::error] > 0 ? static_cast<int>(ErrorKind::findings) : 0;
  }

 private:
  const CheckOptions& options_;
  const CheckTables& tables_;
  const Console& say_;
  std::optional<OutputFile> html_;
  std::optional<OutputFile> csv_;
  std::int64_t dossiers_ = 0;
  std::int64_t clean_ = 0;
  std::map<Severity, std::int64_t> open_;
};

}  // namespace

int run_check(const CheckOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const CheckTables tables = CheckTables::load(find_config_folder(settings));
  Records records = Records::open_writer(folder.path(), writing_by(settings, "check"));
  const BatchNumber batch = options.batch.empty() ? 0 : named_batch(records, options.batch).number;
  const std::atomic<bool>& stop = stop_on_signals();

  assemble_what_changed(records, tables.forms);
  const auto progress = [&say](std::int64_t done) {
    if (say.live()) say.progress(fmt::format("{} {}", say("已检查卷宗", "dossiers checked"), done));
  };
  const CheckingOutcome outcome =
      bring_checks_up_to_date(records, tables, batch, options.threads, progress, stop);
  say.end_progress();

  Reports reports(options, tables, say);
  for (const DossierNumber number : chosen_dossiers(records, options.dossier, batch)) {
    if (stop) break;
    reports.add(dossier_report(records, tables, number));
  }
  const int code = reports.finish(outcome);
  return stop ? static_cast<int>(ErrorKind::interrupted) : code;
}

}  // namespace archive
