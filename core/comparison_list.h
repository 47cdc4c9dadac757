#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// What the rows of a comparison list 比对清单 are about.
enum class ListKind { person, payment, employer };
std::string_view name_of(ListKind kind);
std::optional<ListKind> list_kind_named(std::string_view name);

/// A row of a list that another office keeps (R38).
struct ListedRecord {
  std::string list;  ///< its name
  ListKind kind = ListKind::person;
  int line = 0;                               ///< of the file, from 1
  std::string key;                            ///< citizen number, or credit code of an employer
  std::string month;                          ///< of a payment, 2004-06; else empty
  std::map<std::string, std::string> values;  ///< field -> normalised value

  friend bool operator==(const ListedRecord&, const ListedRecord&) = default;
};

}  // namespace archive
