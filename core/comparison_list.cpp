#include "core/comparison_list.h"

#include <algorithm>
#include <array>
#include <utility>

namespace archive {
namespace {

constexpr std::array kKinds = {
    std::pair{ListKind::person, std::string_view("person")},
    std::pair{ListKind::payment, std::string_view("payment")},
    std::pair{ListKind::employer, std::string_view("employer")},
};

}  // namespace

std::string_view name_of(ListKind kind) {
  return std::ranges::find(kKinds, kind, [](const auto& row) { return row.first; })->second;
}

std::optional<ListKind> list_kind_named(std::string_view name) {
  const auto row = std::ranges::find(kKinds, name, [](const auto& r) { return r.second; });
  if (row == kKinds.end()) return std::nullopt;
  return row->first;
}

}  // namespace archive
