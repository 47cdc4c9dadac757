#include <fmt/format.h>

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

}  // namespace

int run_catalogue_export(const CatalogueOptions& options, const Console& say) {
  const Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  const std::string csv = catalogue_csv(catalogue_of(records));
  if (options.file.empty() || options.file == "-") {
    say.result(std::string_view(csv).substr(0, csv.size() - 1));
    return 0;
  }
  OutputFile out(options.file, options.overwrite);
  out.write(csv);
  out.finish();
  return 0;
}

int run_catalogue_import(const CatalogueOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const CheckTables tables = CheckTables::load(find_config_folder(settings));
  const std::string name = options.file.filename().string();
  const std::vector<CatalogueEntry> entries = read_catalogue(name, foreign_bytes(options.file));
  Records records = Records::open_writer(folder.path(), writing_by(settings, "catalogue import"));
  refuse_taken_numbers(records, entries, name);
  records.put_catalogue(entries, options.who);
  assemble_what_changed(records, tables.forms);
  const CheckingOutcome outcome =
      bring_checks_up_to_date(records, tables, 0, 0, nullptr, stop_on_signals());
  say.result(fmt::format("{} {}, {} {}", say("已导入条目", "items taken in"), entries.size(),
                         say("重查卷宗", "dossiers checked again"), outcome.dossiers));
  return outcome.interrupted ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
