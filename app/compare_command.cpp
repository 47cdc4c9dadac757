#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/writing.h"
#include "ingest/assembly.h"
#include "ingest/comparison_list.h"
#include "ingest/dossier_checking.h"
#include "ingest/foreign_text.h"
#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::string kind_text(ListKind kind, const Console& say) {
  switch (kind) {
    case ListKind::person:
      return std::string(say("人员", "persons"));
    case ListKind::payment:
      return std::string(say("缴费", "payments"));
    case ListKind::employer:
      break;
  }
  return std::string(say("单位", "employers"));
}

int show_lists(const Records& records, const Console& say) {
  for (const ComparisonListRecord& list : records.lists()) {
    if (say.json()) {
      const Json json = {{"name", list.name},         {"kind", name_of(list.kind)},
                         {"records", list.records},   {"blob", list.blob ? list.blob->text() : ""},
                         {"given_by", list.given_by}, {"given_at", list.given_at}};
      say.result_json(json);
    } else {
      say.result(fmt::format("{}  {}  {} {}  {} {}", list.name, kind_text(list.kind, say),
                             list.records, say("行", "rows"), list.given_at, list.given_by));
    }
  }
  return 0;
}

void tell(const ComparisonList& list, const Console& say) {
  say.note(fmt::format("{}: {}, {} {}, {}", say("清单", "list"), kind_text(list.kind, say),
                       list.records.size(), say("行", "rows"), list.encoding));
  for (const std::string& heading : list.columns_unread) {
    say.note(fmt::format("  {}: {}", say("不比对的列", "a column that is not compared"), heading));
  }
  for (const int line : list.lines_unread) {
    say.note(fmt::format("  {} {}: {}", say("行", "line"), line,
                         say("号码或月份无法识别，不比对",
                             "its number or month cannot be read; it is not compared")));
  }
}

}  // namespace

int run_compare(const CompareOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  if (options.file.empty() && options.drop.empty()) {
    return show_lists(Records::open_reader(folder.path()), say);
  }
  const Settings settings = read_settings(folder.settings_file());
  const CheckTables tables = CheckTables::load(find_config_folder(settings));
  Records records = Records::open_writer(folder.path(), writing_by(settings, "compare"));
  if (!options.drop.empty()) {
    if (!records.drop_list(options.drop)) {
      throw ArchiveError(ErrorKind::not_found, options.drop, "there is no list of this name",
                         "`juanzong compare` shows all lists");
    }
  } else {
    const std::string name = options.name.empty() ? options.file.filename().string() : options.name;
    const std::string bytes = foreign_bytes(options.file);
    const ComparisonList list = read_comparison_list(
        name, bytes, ListColumns::load(find_config_folder(settings), tables.forms));
    ObjectStore objects(folder.objects(), settings.store.fsync);
    ComparisonListRecord record;
    record.name = name;
    record.kind = list.kind;
    record.blob = objects.put(bytes);
    record.given_by = records.writes_as();
    records.put_list(record, list.records);
    tell(list, say);
  }
  const std::atomic<bool>& stop = stop_on_signals();
  assemble_what_changed(records, tables.forms);
  const CheckingOutcome outcome =
      bring_checks_up_to_date(records, tables, 0, options.threads, nullptr, stop);
  std::int64_t differences = 0;
  for (const auto& count : records.finding_counts(0)) {
    if (count.rule == "list") differences += count.findings;
  }
  say.result(fmt::format("{} {}: {} {}", say("已重查卷宗", "dossiers checked again"),
                         outcome.dossiers, differences,
                         say("处与清单不符（juanzong check 列出）",
                             "differences from lists (juanzong check shows them)")));
  return outcome.interrupted ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
