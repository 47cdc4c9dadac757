#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "app/chosen_dossiers.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/named_batch.h"
#include "app/output_file.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "ingest/property_evidence.h"
#include "store/archive_folder.h"
#include "viewer/html.h"
#include "viewer/property_report.h"

namespace archive {
namespace {

std::string_view said(TwoWords words, const Console& say) { return say(words.zh, words.en); }

std::string remark_line(const PropertyRemark& remark, const Console& say) {
  std::string line = "        ";
  if (remark.page != 0) line += fmt::format("{} {}  ", say("页", "page"), remark.page);
  if (!remark.file.empty()) line += remark.file + "  ";
  if (remark.finding != 0) line += fmt::format("[{}] ", remark.finding);
  return line + std::string(say(remark.zh, remark.en));
}

void print(const PropertyReport& report, bool all, const Console& say) {
  const DossierRecord& dossier = report.dossier;
  say.result(fmt::format("{} {}  {}  {}", say("卷宗", "dossier"), dossier.number,
                         dossier.dossier_no, dossier.title));
  for (const PropertyResult& result : report.results) {
    const bool plain = result.verdict == PropertyVerdict::passed ||
                       result.verdict == PropertyVerdict::not_applicable;
    if (plain && !all) continue;
    say.result(fmt::format("    {} {}  {}: {}", fit_columns(result.row.code, 9),
                           said(words_for(result.row.property), say),
                           say(result.row.name_zh, result.row.name_en),
                           said(words_for(result.verdict), say)));
    for (const PropertyRemark& remark : result.remarks) say.result(remark_line(remark, say));
    if (result.remarks_left > 0) {
      say.result(fmt::format("        {} {}", say("另有条数", "and more:"), result.remarks_left));
    }
  }
  say.result(fmt::format(
      "    {} {}, {} {}, {} {}, {} {}", said(words_for(PropertyVerdict::passed), say),
      report.count(PropertyVerdict::passed), said(words_for(PropertyVerdict::failed), say),
      report.count(PropertyVerdict::failed), said(words_for(PropertyVerdict::by_person), say),
      report.count(PropertyVerdict::by_person),
      said(words_for(PropertyVerdict::not_applicable), say),
      report.count(PropertyVerdict::not_applicable)));
}

/// Gives the reports to the terminal and to the files that were asked for.
class Reports {
 public:
  Reports(const PropertiesOptions& options, const Console& say) : options_(options), say_(say) {
    if (!options.html.empty()) {
      html_.emplace(options.html, options.overwrite);
      html_->write(html_begin(ReportLanguage(say.chinese()), property_title(say.chinese()),
                              timestamp_now()));
    }
    if (!options.csv.empty()) {
      csv_.emplace(options.csv, options.overwrite);
      csv_->write(property_csv_header());
    }
  }

  void add(const PropertyReport& report) {
    totals_.add(report);
    if (html_) html_->write(property_html(report, say_.chinese()));
    if (csv_) csv_->write(property_csv(report));
    if (say_.json()) {
      say_.result_json(property_json(report));
    } else {
      print(report, options_.all, say_);
    }
  }

  /// The exit code.
  int finish() {
    if (html_) {
      html_->write(property_totals_html(totals_, say_.chinese()) + html_end());
      html_->finish();
    }
    if (csv_) csv_->finish();
    if (say_.json()) {
      say_.result_json({{"totals", property_totals_json(totals_)}});
    } else {
      say_.result(fmt::format("{} {}: {} {}", say_("四性检测卷宗", "dossiers examined"),
                              totals_.dossiers(), say_("未通过", "failed"), totals_.failed()));
    }
    return totals_.failed() > 0 ? static_cast<int>(ErrorKind::findings) : 0;
  }

 private:
  const PropertiesOptions& options_;
  const Console& say_;
  std::optional<OutputFile> html_;
  std::optional<OutputFile> csv_;
  PropertyTotals totals_;
};

}  // namespace

int run_properties(const PropertiesOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const CheckTables tables = CheckTables::load(find_config_folder(settings));
  Records records = Records::open_writer(folder.path(), writing_by(settings, "properties"));
  const BatchNumber batch = options.batch.empty() ? 0 : named_batch(records, options.batch).number;
  const std::atomic<bool>& stop = stop_on_signals();
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));

  // Rows that rest on findings need those of today.
  assemble_what_changed(records, tables.forms);
  bring_checks_up_to_date(records, tables, batch, threads, nullptr, stop);

  const ObjectStore objects(folder.objects(), settings.store.fsync);
  DecoderPool decoder(settings.ingest.decode, threads);
  PropertyInspector inspector(records, objects, decoder, settings.security, threads);
  Reports reports(options, say);
  std::int64_t done = 0;
  for (const DossierNumber number : chosen_dossiers(records, options.dossier, batch)) {
    if (stop) break;
    const PropertyEvidence evidence = inspector.evidence(number, stop);
    if (stop) break;
    say.end_progress();
    reports.add({evidence.dossier, four_properties_of(evidence, tables)});
    if (say.live()) {
      say.progress(fmt::format("{} {}", say("已检测卷宗", "dossiers examined"), ++done));
    }
  }
  say.end_progress();
  const int code = reports.finish();
  return stop ? static_cast<int>(ErrorKind::interrupted) : code;
}

}  // namespace archive
