#include "config/protected_fields.h"

#include <string>
#include <vector>

#include "config/csv_table.h"
#include "core/digits.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kHead = 4;
constexpr std::size_t kTail = 4;
constexpr std::size_t kNumberLeast = 12;
constexpr std::size_t kNumberInTextLeast = 15;
constexpr const char* kNothingLeft = "******";

/// A digit as people write one: also full-width, and the letters that recognition takes for one.
bool is_check_letter(char32_t c) {
  return c == U'x' || c == U'X' || c == U'Ｘ' || c == U'ｘ' || c == U'×';
}
bool parts_digits(char32_t c) { return c == U' ' || c == U'\u3000' || c == U'-' || c == U'.'; }

}  // namespace

ProtectedFields ProtectedFields::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "domain" / "fields.csv");
  ProtectedFields made;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& sensitivity = table.cell(row, "sensitivity");
    if (sensitivity != "P0" && sensitivity != "P1" && sensitivity != "P2") {
      table.refuse(row, "the sensitivity is P0, P1 or P2");
    }
    if (sensitivity == "P2") made.fields_.insert(table.cell(row, "field"));
  }
  return made;
}

void ProtectedFields::add_forms(const FormCatalogue& forms) {
  for (const auto& [code, form] : forms.forms()) {
    for (const FieldDescription& field : form.fields) {
      if (field.sensitivity == "P2") fields_.insert(field.id);
    }
  }
}

std::string ProtectedFields::masked(std::string_view value) const {
  if (value.empty()) return {};
  const std::u32string text = code_points(value);
  std::size_t digits = 0;
  for (const char32_t c : text) digits += is_digit_of_any_width(c) || is_check_letter(c) ? 1 : 0;
  if (digits < kNumberLeast || digits != text.size()) return kNothingLeft;
  return utf8(text.substr(0, kHead)) + std::string(text.size() - kHead - kTail, '*') +
         utf8(text.substr(text.size() - kTail));
}

std::string ProtectedFields::masked_numbers(std::string_view text) {
  const std::u32string all = code_points(text);
  std::u32string out = all;
  for (std::size_t i = 0; i < all.size();) {
    if (!is_digit_of_any_width(all[i])) {
      ++i;
      continue;
    }
    // A run of digits with single marks in it, and a check letter behind.
    std::vector<std::size_t> places;
    std::size_t at = i;
    while (at < all.size()) {
      if (is_digit_of_any_width(all[at])) {
        places.push_back(at++);
      } else if (parts_digits(all[at]) && at + 1 < all.size() &&
                 is_digit_of_any_width(all[at + 1])) {
        ++at;
      } else {
        if (is_check_letter(all[at])) places.push_back(at++);
        break;
      }
    }
    if (places.size() >= kNumberInTextLeast) {
      for (std::size_t p = kHead; p + kTail < places.size(); ++p) out[places[p]] = U'*';
    }
    i = at;
  }
  return utf8(out);
}

}  // namespace archive
