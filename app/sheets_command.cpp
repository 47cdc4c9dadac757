#include <fmt/format.h>

#include "app/commands.h"
#include "ingest/sheets.h"

namespace archive {

int run_sheets(const SheetsOptions& options, const Console& say) {
  std::vector<SheetLabel> labels;
  for (std::size_t i = 0; i < options.dossier_numbers.size(); ++i) {
    labels.push_back({options.dossier_numbers[i], fmt::format("JZ{:06}", i + 1)});
  }
  write_separator_sheets(labels, options.output);
  say.result(fmt::format("{}: {} ({} {})", say("已写出分隔页", "separator sheets written"),
                         options.output.string(), labels.size(), say("页", "pages")));
  return 0;
}

}  // namespace archive
