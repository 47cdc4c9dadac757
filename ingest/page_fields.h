#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/records.h"

namespace archive {

// Sheets of a volume itself, and papers that nobody knows (document_types.csv).
inline constexpr std::string_view kCoverType = "DT01";
inline constexpr std::string_view kCatalogueType = "DT02";
inline constexpr std::string_view kClosingSheetType = "DT03";
inline constexpr std::string_view kUnknownType = "DT99";

/// The field of a page that has a value, or nothing.
inline const FieldRecord* field_of(const PageRecord& page, std::string_view id, int row = -1) {
  const auto found = std::ranges::find_if(page.fields, [&](const FieldRecord& field) {
    return field.field == id && field.row == row && !field.value.empty();
  });
  return found == page.fields.end() ? nullptr : &*found;
}

inline std::string value_of(const PageRecord& page, std::string_view id, int row = -1) {
  const FieldRecord* field = field_of(page, id, row);
  return field == nullptr ? std::string() : field->value;
}

}  // namespace archive
