#include "config/purposes.h"

#include <algorithm>

#include "config/csv_table.h"

namespace archive {

bool Purpose::goes_with(std::string_view kind) const {
  return std::ranges::find(kinds, kind) != kinds.end();
}

Purposes Purposes::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "domain" / "purposes.csv");
  Purposes purposes;
  for (const CsvTable::Row& row : table.rows()) {
    Purpose purpose{table.cell(row, "id"), table.cell(row, "name_zh"), table.cell(row, "name_en"),
                    list_of(table.cell(row, "kinds"))};
    if (purpose.id.empty() || purpose.name_zh.empty() || purpose.name_en.empty()) {
      table.refuse(row, "a purpose has an id and two names");
    }
    for (const std::string& kind : purpose.kinds) {
      if (kind != "export" && kind != "hand_over" && kind != "transfer" && kind != "query") {
        table.refuse(row, "'" + kind + "' is none of export, hand_over, transfer, query");
      }
    }
    if (purpose.kinds.empty()) table.refuse(row, "the purpose goes with no kind of use");
    if (purposes.named(purpose.id) != nullptr) {
      table.refuse(row, "'" + purpose.id + "' stands twice");
    }
    purposes.all_.push_back(std::move(purpose));
  }
  return purposes;
}

const Purpose* Purposes::named(std::string_view id) const {
  const auto found = std::ranges::find(all_, id, &Purpose::id);
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace archive
