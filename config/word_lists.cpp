#include "config/word_lists.h"

#include <algorithm>

#include "config/csv_table.h"
#include "config/toml_tree.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive {
namespace {

const std::vector<std::string_view>& list_names() {
  static const std::vector<std::string_view> names = {
      "insurance",   "insurance_of_type", "person_kind",      "sex",
      "exemption",   "policy_reference",  "legal_instrument", "voluntary",
      "change_item", "nothing",           "pay_channel"};
  return names;
}

/// Signs that printers put into names and texts at will.
bool is_filler(char32_t c) {
  constexpr std::u32string_view kFillers = U" \t·•・.,:;()-—–_";
  return kFillers.find(c) != std::u32string_view::npos;
}

}  // namespace

WordLists WordLists::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "words.csv");
  WordLists words;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& list = table.cell(row, "list");
    const auto& known = list_names();
    if (std::ranges::find(known, list) == known.end()) {
      const std::string_view near = nearest(list, known);
      table.refuse(row, "there is no list '" + list + "'" +
                            (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
    }
    const std::string& word = table.cell(row, "word");
    const std::string& means = table.cell(row, "means");
    if (word.empty() || means.empty()) table.refuse(row, "the word or its meaning is empty");
    words.lists_[list].emplace_back(word, means);
  }
  const CsvTable variants = CsvTable::read(config_folder / "checks" / "variants.csv");
  for (const CsvTable::Row& row : variants.rows()) {
    const std::u32string base = code_points(variants.cell(row, "means"));
    if (base.size() != 1) variants.refuse(row, "variants mean one character");
    for (const char32_t c : code_points(variants.cell(row, "variants"))) {
      words.variants_[c] = base.front();
    }
  }
  return words;
}

std::string_view WordLists::meaning(std::string_view list, std::string_view text) const {
  const auto found = lists_.find(list);
  if (found == lists_.end()) return {};
  for (const auto& [word, means] : found->second) {
    if (text.find(word) != std::string_view::npos) return means;
  }
  return {};
}

bool WordLists::begins(std::string_view list, std::string_view text) const {
  const auto found = lists_.find(list);
  return found != lists_.end() && std::ranges::any_of(found->second, [text](const auto& entry) {
           return text.starts_with(entry.first);
         });
}

std::string WordLists::folded(std::string_view text) const {
  std::u32string folded;
  for (const char32_t read : code_points(text)) {
    const char32_t c = half_width(read);
    if (is_filler(c)) continue;
    const auto variant = variants_.find(c);
    folded += variant == variants_.end() ? c : variant->second;
  }
  return utf8(folded);
}

}  // namespace archive
