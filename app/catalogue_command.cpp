#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/output_file.h"
#include "app/writing.h"
#include "ingest/assembly.h"
#include "ingest/catalogue.h"
#include "ingest/dossier_checking.h"
#include "ingest/foreign_text.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

constexpr const char* kSheet = "著录目录";

/// A number of an item belongs to one volume for ever (R2).
void refuse_taken_numbers(const Records& records, const std::vector<CatalogueEntry>& entries,
                          const std::string& file) {
  for (const CatalogueEntry& entry : entries) {
    const std::string volume = records.volume_with_item(entry.item_no);
    if (volume.empty() || volume == entry.dossier_no) continue;
    throw ArchiveError(ErrorKind::input_missing, file,
                       "the number " + entry.item_no + " belongs to the volume " + volume,
                       "give the item a number of its own");
  }
}

/// By what was asked for, else by the name of the file.
bool is_workbook(const CatalogueOptions& options) {
  if (!options.form.empty()) return options.form == "xlsx";
  std::string ending = options.file.extension().string();
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return ending == ".xlsx";
}

}  // namespace

int run_catalogue_export(const CatalogueOptions& options, const Console&) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Records records = Records::open_reader(folder.path());
  const OutTable table = catalogue_table(catalogue_of(records, settings.catalogue.item_number));
  const std::string bytes = is_workbook(options) ? xlsx_bytes(table, kSheet) : csv_text(table);
  Output out(options.file, options.overwrite);
  out.write(bytes);
  out.finish();
  return 0;
}

int run_catalogue_import(const CatalogueOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const CheckTables tables = CheckTables::load(find_config_folder(settings));
  const std::string name = options.file.filename().string();
  const std::vector<CatalogueEntry> entries =
      read_catalogue(name, foreign_bytes(options.file), options.sheet);
  Records records = Records::open_writer(folder.path(), writing_by(settings, "catalogue import"));
  refuse_taken_numbers(records, entries, name);
  records.put_catalogue(entries, records.writes_as());
  assemble_what_changed(records, tables.forms);
  const CheckingOutcome outcome =
      bring_checks_up_to_date(records, tables, 0, 0, nullptr, stop_on_signals());
  say.result(fmt::format("{} {}, {} {}", say("已导入条目", "items taken in"), entries.size(),
                         say("重查卷宗", "dossiers checked again"), outcome.dossiers));
  return outcome.interrupted ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
