#include "store/records/json_text.h"

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace archive {
namespace {

std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string json_list(const std::vector<std::string>& texts) {
  return texts.empty() ? "[]" : text_of(texts);
}

std::string json_numbers(const std::optional<std::set<std::int64_t>>& numbers) {
  return numbers ? nlohmann::json(*numbers).dump() : std::string();
}

std::vector<std::string> parse_json_list(std::string_view json) {
  if (json == "[]") return {};
  try {
    return nlohmann::json::parse(json).get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception&) {
    throw ArchiveError(ErrorKind::records, "records", "a list in the records cannot be read",
                       "run `juanzong verify`; `juanzong backup restore` makes the archive again");
  }
}

std::string json_object(std::initializer_list<Detail> details) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [key, value] : details) {
    std::visit([&](const auto& known) { json[std::string(key)] = known; }, value);
  }
  return text_of(json);
}

}  // namespace archive
