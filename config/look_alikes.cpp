#include "config/look_alikes.h"

#include "config/csv_table.h"
#include "core/utf8.h"

namespace archive {

LookAlikes LookAlikes::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "look_alikes.csv");
  LookAlikes loaded;
  for (const CsvTable::Row& row : table.rows()) {
    const std::u32string group = code_points(table.cell(row, "characters"));
    if (group.size() < 2) table.refuse(row, "a group has at least two characters");
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (group.find(group[i], i + 1) != std::u32string::npos) {
        table.refuse(row, "the group names a character twice");
      }
      std::u32string& others = loaded.others_[group[i]];
      for (const char32_t other : group) {
        const bool known = other == group[i] || others.find(other) != std::u32string::npos;
        if (!known) others += other;
      }
    }
  }
  return loaded;
}

std::u32string_view LookAlikes::of(char32_t folded) const {
  const auto found = others_.find(folded);
  return found == others_.end() ? std::u32string_view() : found->second;
}

}  // namespace archive
