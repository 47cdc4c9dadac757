#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace archive {

/// A list of texts as a JSON array. Bytes that are not UTF-8 become U+FFFD.
std::string json_list(const std::vector<std::string>& texts);

/// Numbers as a JSON array, for json_each(); "" for nothing, which narrows nothing.
std::string json_numbers(const std::optional<std::set<std::int64_t>>& numbers);

/// Throws ArchiveError{records} when the text is not such a list.
std::vector<std::string> parse_json_list(std::string_view json);

using Detail = std::pair<std::string_view, std::variant<std::int64_t, std::string_view>>;

/// A flat JSON object, in the order given.
std::string json_object(std::initializer_list<Detail> details);

}  // namespace archive
