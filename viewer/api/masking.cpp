#include "viewer/api/masking.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/utf8.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kCoveredLeast = 0.25;  // of a line, by a protected value
constexpr std::array kValueKeys = {"raw", "value", "printed", "typed", "before", "after", "text"};

struct Extent {
  double left = 0, top = 0, right = 0, bottom = 0;
  double area() const { return std::max(0.0, right - left) * std::max(0.0, bottom - top); }
};

Extent extent_of(const Json& quad) {
  Extent extent{1e9, 1e9, -1e9, -1e9};
  if (!quad.is_array()) return {};
  for (const Json& corner : quad) {
    if (!corner.is_array() || corner.size() != 2) return {};
    const double x = corner[0];
    const double y = corner[1];
    extent = {std::min(extent.left, x), std::min(extent.top, y), std::max(extent.right, x),
              std::max(extent.bottom, y)};
  }
  return extent;
}

double covered(const Extent& line, const std::vector<Extent>& by) {
  double most = 0;
  for (const Extent& one : by) {
    const Extent both{std::max(line.left, one.left), std::max(line.top, one.top),
                      std::min(line.right, one.right), std::min(line.bottom, one.bottom)};
    if (both.left >= both.right || both.top >= both.bottom) continue;
    most = std::max(most, both.area() / std::max(1.0, line.area()));
  }
  return most;
}

void mask_member(Json& object, const char* key, const std::string& field,
                 const FieldSight& sight) {
  if (const auto found = object.find(key); found != object.end() && found->is_string()) {
    *found = sight.told(field, found->get<std::string>());
  }
}

std::string stars_for(const std::string& text) {
  return std::string(code_points(text).size(), '*');
}

constexpr std::array kNoWords = {"source_object", "layout_object", "alto_object", "image",
                                 "config_version", "engines", "token", "etag", "quad",
                                 "quads"};

/// What a sentence repeats of a protected value.
void mask_sentences(Json& finding, const FieldSight& sight) {
  for (const Json& place : finding["places"]) {
    const auto field = place.find("field");
    const auto printed = place.find("printed");
    if (field == place.end() || printed == place.end() || !field->is_string() ||
        !printed->is_string() || !sight.covers(field->get<std::string>())) {
      continue;
    }
    const auto value = printed->get<std::string>();
    if (value.empty()) continue;
    const std::string masked = sight.told(field->get<std::string>(), value);
    for (const char* key : {"sentence_zh", "sentence_en"}) {
      auto sentence = finding[key].get<std::string>();
      for (std::size_t at = sentence.find(value); at != std::string::npos;
           at = sentence.find(value, at + masked.size())) {
        sentence.replace(at, value.size(), masked);
      }
      finding[key] = std::move(sentence);
    }
  }
}

void mask_beside_field(Json& object, const std::string& field, const FieldSight& sight) {
  for (const char* key : kValueKeys) mask_member(object, key, field, sight);
  for (const char* key : {"alternatives", "values", "machine"}) {
    const auto found = object.find(key);
    if (found == object.end()) continue;
    if (found->is_object()) {
      for (const char* inner : kValueKeys) mask_member(*found, inner, field, sight);
    }
    if (!found->is_array()) continue;
    for (Json& one : *found) {
      if (one.is_string()) one = sight.told(field, one.get<std::string>());
      if (!one.is_object()) continue;
      for (const char* inner : kValueKeys) mask_member(one, inner, field, sight);
    }
  }
}

}  // namespace

void mask_values(Json& json, const FieldSight& sight) {
  if (json.is_string()) {
    if (!sight.revealed()) json = ProtectedFields::masked_numbers(json.get<std::string>());
  } else if (json.is_array()) {
    for (Json& member : json) mask_values(member, sight);
  } else if (json.is_object()) {
    if (json.contains("sentence_zh") && json.contains("places")) mask_sentences(json, sight);
    const auto field = json.find("field");
    if (field != json.end() && field->is_string() && sight.covers(field->get<std::string>())) {
      mask_beside_field(json, field->get<std::string>(), sight);
    }
    for (auto& [key, member] : json.items()) {
      if (std::ranges::find(kNoWords, key) == kNoWords.end()) mask_values(member, sight);
    }
  }
}

void mask_page(Json& page, const FieldSight& sight) {
  std::vector<Extent> places;
  for (const Json& field : page["fields"]) {
    if (!sight.covers(field["field"].get<std::string>())) continue;
    places.push_back(extent_of(field["quad"]));
  }
  mask_values(page, sight);
  if (!sight.text()) {
    for (const char* list : {"lines", "pairs", "seals"}) page[list] = Json::array();
    return;
  }
  const auto hide = [&](Json& list, const char* text, const char* quad) {
    for (Json& one : list) {
      if (covered(extent_of(one[quad]), places) < kCoveredLeast) continue;
      one[text] = stars_for(one[text].get<std::string>());
    }
  };
  hide(page["lines"], "text", "quad");
  hide(page["pairs"], "value", "value_quad");
  hide(page["seals"], "text", "quad");
}

}  // namespace archive
