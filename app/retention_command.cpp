#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/disposal_execution.h"
#include "app/keeping_commands.h"
#include "app/writing.h"
#include "config/check_tables.h"
#include "core/timestamp.h"
#include "store/archive_folder.h"
#include "store/lifecycle/disposal.h"
#include "store/lifecycle/retention.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

Date day_of(const std::string& text) {
  const std::string& day = text.empty() ? timestamp_now().substr(0, 10) : text;
  if (auto parsed = Date::parse(day)) return *parsed;
  throw ArchiveError(ErrorKind::usage, "--on", "'" + day + "' is no day", "write it YYYY-MM-DD");
}

void tell_item(const KeptItem& item, const Console& say) {
  if (say.json()) return say.result_json(kept_item_json(item));
  say.result(fmt::format(
      "{} {} {} {}  {}  {}  {}", say("卷宗", "dossier"), item.dossier, say("件", "item"),
      item.item_sequence, item.doc_type, item.retention,
      item.due ? fmt::format("{} {}", say("鉴定", "appraisal"), item.due->text())
               : std::string(say("无到期日", "never falls due"))));
}

void tell_appraisal(const Appraisal& task, const Console& say) {
  if (say.json()) {
    return say.result_json(appraisal_json(task));
  }
  say.result(fmt::format("{} {}  {} {} {} {}  {} {}  {} {}", say("鉴定任务", "appraisal"),
                         task.number, say("卷宗", "dossier"), task.dossier, say("件", "item"),
                         task.item_sequence, task.retention, task.due_on, task.outcome,
                         task.reason));
}

void tell_list(const Disposal& disposal, const DisposalList& list, const Console& say) {
  const std::string hindrance = disposal.hindrance(list, day_of(""));
  if (say.json()) {
    return say.result_json(disposal_list_json(list, hindrance));
  }
  say.result(fmt::format("{} {}  {} {}  {} {} {}  {}", say("销毁清册", "disposal list"),
                         list.number, list.appraisals.size(), say("件", "items"), list.reason,
                         list.made_by, list.approved_by, hindrance));
}

/// Runs what changes something, and turns what it refuses into an error.
template <class Change>
auto changing(const RetentionOptions& options, std::string_view command, Change change) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records records =
      Records::open_writer(folder.path(), writing_by(settings, command, options.reason));
  try {
    return change(records, settings);
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(ErrorKind::usage, std::string(command), problem.what(),
                       "juanzong " + std::string(command) + " --help shows how");
  }
}

VolumeTables volume_tables(const Settings& settings) {
  return CheckTables::load(find_config_folder(settings)).volume;
}

}  // namespace

int run_retention_list(const RetentionOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const VolumeTables tables = volume_tables(read_settings(folder.settings_file()));
  Records records = Records::open_reader(folder.path());
  const Retention retention(records, tables);
  if (options.tasks) {
    for (const Appraisal& task : retention.appraisals(!options.all)) tell_appraisal(task, say);
    return 0;
  }
  const std::optional<Date> by =
      options.on.empty() ? std::nullopt : std::optional(day_of(options.on));
  retention.for_each([&](const KeptItem& item) {
    if (options.dossier != 0 && item.dossier != options.dossier) return;
    if (by && (!item.due || *item.due > *by)) return;
    tell_item(item, say);
  });
  return 0;
}

int run_retention_change(const RetentionOptions& options, const Console& say) {
  changing(options, "retention change", [&](Records& records, const Settings& settings) {
    const VolumeTables tables = volume_tables(settings);
    Retention retention(records, tables);
    retention.extend(options.dossier, options.item, options.to, options.reason, options.report);
    tell_item(retention.item(options.dossier, options.item), say);
  });
  return 0;
}

int run_retention_appraise(const RetentionOptions& options, const Console& say) {
  changing(options, "retention appraise", [&](Records& records, const Settings& settings) {
    const VolumeTables tables = volume_tables(settings);
    Retention retention(records, tables);
    if (options.number != 0) {
      retention.close_appraisal(options.number, options.outcome, options.reason);
    } else {
      const std::int64_t opened = retention.open_appraisals(day_of(options.on));
      say.note(fmt::format("{}: {}", say("新开鉴定任务", "tasks opened"), opened));
    }
    for (const Appraisal& task : retention.appraisals(true)) tell_appraisal(task, say);
  });
  return 0;
}

int run_hold(const RetentionOptions& options, const Console& say) {
  if (options.dossier != 0 || options.number != 0) {
    changing(options, "hold", [&](Records& records, const Settings&) {
      Disposal disposal(records);
      if (options.number != 0) {
        disposal.lift(options.number, options.reason);
      } else {
        disposal.hold(options.dossier, options.reason, options.basis);
      }
    });
  }
  Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  const std::vector<LegalHold> holds = Disposal(records).holds(!options.all);
  say.none_if(holds.empty());
  for (const LegalHold& hold : holds) {
    if (say.json()) {
      say.result_json(hold_json(hold));
      continue;
    }
    say.result(fmt::format("{} {}  {} {}  {}  {}  {} {}", say("保全", "hold"), hold.number,
                           say("卷宗", "dossier"), hold.dossier, hold.reason, hold.basis,
                           hold.set_by, hold.lifted_at));
  }
  return 0;
}

int run_disposal(const RetentionOptions& options, const Console& say) {
  if (options.proof) return show_disposal_proof(options, say);
  if (options.carry_out) {
    const int result = carry_out_disposal(options, say);
    if (result != 0) return result;
  } else if (!options.appraisals.empty() || options.number != 0) {
    changing(options, "disposal", [&](Records& records, const Settings& settings) {
      Disposal disposal(records);
      if (options.number == 0) {
        disposal.make_list(options.appraisals, options.reason);
      } else if (options.withdraw) {
        disposal.withdraw(options.number, options.reason);
      } else {
        disposal.approve(options.number, settings.lifecycle.disposal_waiting_days);
      }
    });
  }
  Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  const Disposal disposal(records);
  for (const DisposalList& list : disposal.lists()) tell_list(disposal, list, say);
  return 0;
}

}  // namespace archive
