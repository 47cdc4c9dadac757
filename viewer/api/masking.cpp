#include "viewer/api/masking.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/digits.h"
#include "core/utf8.h"
#include "index/fold.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kCoveredLeast = 0.25;         // of a line, by a protected value
constexpr double kHeldLeast = 0.3;             // of a protected value's place, by a line
constexpr std::size_t kSecretLeast = 2;        // characters: 男 stands everywhere
constexpr std::size_t kSecretDigitsLeast = 4;  // so do numbers of few digits
constexpr std::size_t kPartLeast = 2;          // characters left of a value that was cut
constexpr std::size_t kCutDigitsLeast = 4;     // digits left of a number that was cut
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

Extent extent_of_box(const Json& box) {
  if (!box.is_array() || box.size() != 4) return {};
  for (const Json& number : box) {
    if (!number.is_number()) return {};
  }
  const double x = box[0];
  const double y = box[1];
  return {x, y, x + box[2].get<double>(), y + box[3].get<double>()};
}

/// Most of a line lies on a protected value, or enough of the value lies in the line.
bool covered(const Extent& line, const std::vector<Extent>& by) {
  return std::ranges::any_of(by, [&](const Extent& one) {
    const Extent both{std::max(line.left, one.left), std::max(line.top, one.top),
                      std::min(line.right, one.right), std::min(line.bottom, one.bottom)};
    if (both.left >= both.right || both.top >= both.bottom) return false;
    return both.area() >= kCoveredLeast * std::max(1.0, line.area()) ||
           both.area() >= kHeldLeast * std::max(1.0, one.area());
  });
}

bool is_mark(char32_t c) { return c == U'«' || c == U'»' || c == U'…'; }

/// A text as values are compared: folded, without blanks and the marks of a hit. Each character
/// knows which code point of the text it is of.
struct Bare {
  std::u32string text;
  std::vector<std::size_t> of;

  explicit Bare(const std::u32string& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (is_mark(points[i])) continue;
      for (const char32_t c : folded(utf8(points[i]))) {
        if (c == U' ' || c == U'\u3000' || c == U'\n' || c == U'\t') continue;
        text += c;
        of.push_back(i);
      }
    }
  }
};

/// The protected values of a page, for finding them where they are repeated.
class Secrets {
 public:
  void add(std::string_view value) {
    const std::u32string text = Bare(code_points(value)).text;
    const bool number = std::ranges::all_of(text, is_digit_of_any_width);
    if (text.size() < (number ? kSecretDigitsLeast : kSecretLeast)) return;
    if (std::ranges::find(values_, text) == values_.end()) values_.push_back(text);
  }

  bool stand_in(const std::string& text) const {
    if (values_.empty()) return false;
    const Bare bare(code_points(text));
    return std::ranges::any_of(values_, [&](const std::u32string& value) {
      return bare.text.find(value) != std::u32string::npos;
    });
  }

  /// Marks the code points of a stretch cut out of a page's text that are of a value, also of one
  /// that the cut went through.
  void mark(const Bare& bare, std::vector<bool>& starred) const {
    for (const std::u32string& value : values_) {
      for (std::size_t at = bare.text.find(value); at != std::u32string::npos;
           at = bare.text.find(value, at + 1)) {
        star(bare, at, value.size(), starred);
      }
      mark_cut(bare, value, starred);
    }
  }

 private:
  static void star(const Bare& bare, std::size_t first, std::size_t count,
                   std::vector<bool>& starred) {
    for (std::size_t i = first; i < first + count; ++i) starred[bare.of[i]] = true;
  }

  static void mark_cut(const Bare& bare, std::u32string_view value, std::vector<bool>& starred) {
    const std::u32string_view text = bare.text;
    if (text.size() >= kPartLeast && value.find(text) != std::u32string_view::npos) {
      return star(bare, 0, text.size(), starred);
    }
    const std::size_t most = std::min(text.size(), value.size() - 1);
    for (std::size_t length = most; length >= kPartLeast; --length) {
      if (!text.starts_with(value.substr(value.size() - length))) continue;
      star(bare, 0, length, starred);
      break;
    }
    for (std::size_t length = most; length >= kPartLeast; --length) {
      if (!text.ends_with(value.substr(0, length))) continue;
      star(bare, text.size() - length, length, starred);
      break;
    }
  }

  std::vector<std::u32string> values_;
};

/// Digits beside a cut may be of a number too long to be told.
template <class Places>
void mark_cut_number(const std::u32string& points, const Places& from_cut,
                     std::vector<bool>& starred) {
  std::vector<std::size_t> digits;
  bool gap = false;
  for (const std::size_t at : from_cut) {
    const char32_t c = points[at];
    if (is_digit_of_any_width(c) || c == U'x' || c == U'X' || c == U'Ｘ') {
      digits.push_back(at);
      gap = false;
    } else if (!is_mark(c)) {
      if (gap || (c != U' ' && c != U'-' && c != U'.' && c != U'\u3000')) break;
      gap = true;
    }
  }
  if (digits.size() < kCutDigitsLeast) return;
  for (const std::size_t at : digits) starred[at] = true;
}

/// The numbers that no running text tells, also with the marks of a hit inside.
void mark_numbers(const std::u32string& points, std::vector<bool>& starred) {
  std::u32string plain;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (is_mark(points[i])) continue;
    plain += points[i];
    of.push_back(i);
  }
  const std::u32string masked = code_points(ProtectedFields::masked_numbers(utf8(plain)));
  for (std::size_t i = 0; i < plain.size() && i < masked.size(); ++i) {
    if (masked[i] != plain[i]) starred[of[i]] = true;
  }
  std::vector<std::size_t> places(points.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  if (points.starts_with(U'…')) mark_cut_number(points, places, starred);
  std::ranges::reverse(places);
  if (points.ends_with(U'…')) mark_cut_number(points, places, starred);
}

Secrets secrets_of(const PageRecord& page, const FieldSight& sight) {
  Secrets secrets;
  for (const FieldRecord& field : page.fields) {
    if (!sight.covers(field.field)) continue;
    secrets.add(field.raw);
    secrets.add(field.value);
    if (!field.machine) continue;
    secrets.add(field.machine->raw);
    secrets.add(field.machine->value);
  }
  for (const TypedValue& typed : page.typed) {
    if (!sight.covers(typed.field)) continue;
    secrets.add(typed.raw);
    secrets.add(typed.value);
  }
  return secrets;
}

void mask_member(Json& object, const char* key, const std::string& field, const FieldSight& sight) {
  if (const auto found = object.find(key); found != object.end() && found->is_string()) {
    *found = sight.told(field, found->get<std::string>());
  }
}

std::string stars_for(const std::string& text) {
  return std::string(code_points(text).size(), '*');
}

constexpr std::array kNoWords = {"source_object",  "layout_object", "alto_object", "image",
                                 "config_version", "engines",       "token",       "etag",
                                 "quad",           "quads"};

void replace_all(Json& text, const std::string& value, const std::string& by) {
  auto words = text.get<std::string>();
  for (std::size_t at = words.find(value); at != std::string::npos;
       at = words.find(value, at + by.size())) {
    words.replace(at, value.size(), by);
  }
  text = std::move(words);
}

/// What a sentence repeats of protected values, as printed and as they should be.
void mask_sentences(Json& finding, const FieldSight& sight) {
  const auto mask = [&](const std::string& field, const std::string& value) {
    if (value.empty()) return;
    for (Json& sentence : finding["sentence"]) {
      replace_all(sentence, value, sight.told(field, value));
    }
  };
  const auto expected = finding.find("expected");
  for (const Json& place : finding["places"]) {
    const auto field = place.find("field");
    const auto printed = place.find("printed");
    if (field == place.end() || printed == place.end() || !field->is_string() ||
        !printed->is_string() || !sight.covers(field->get<std::string>())) {
      continue;
    }
    const auto name = field->get<std::string>();
    mask(name, printed->get<std::string>());
    if (expected != finding.end() && expected->is_string()) {
      mask(name, expected->get<std::string>());
      mask_member(finding, "expected", name, sight);
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

/// What a page as JSON must not tell, and where it stands.
struct Withheld {
  std::vector<Extent> places;
  Secrets secrets;

  Withheld(const Json& page, const FieldSight& sight) {
    for (const char* list : {"fields", "typed_values"}) {
      const auto values = page.find(list);
      if (values == page.end() || !values->is_array()) continue;
      for (const Json& one : *values) {
        if (sight.covers(one.at("field").get<std::string>())) add(one);
      }
    }
  }

  void add(const Json& value) {
    for (const char* key : {"raw", "value"}) {
      const auto text = value.find(key);
      if (text != value.end() && text->is_string()) secrets.add(text->get<std::string>());
    }
    if (const auto quad = value.find("quad"); quad != value.end()) add_place(extent_of(*quad));
    if (const auto box = value.find("box"); box != value.end()) add_place(extent_of_box(*box));
    const auto machine = value.find("machine");
    if (machine != value.end() && machine->is_object()) add(*machine);
  }

  void add_place(const Extent& place) {
    if (place.area() > 0) places.push_back(place);
  }

  void hide_in(Json& page, const char* list, const char* text, const char* quad) const {
    const auto found = page.find(list);
    if (found == page.end()) return;
    for (Json& one : *found) {
      const auto words = one[text].get<std::string>();
      const bool there = quad != nullptr && covered(extent_of(one[quad]), places);
      if (there || secrets.stand_in(words)) one[text] = stars_for(words);
    }
  }
};

}  // namespace

void mask_values(Json& json, const FieldSight& sight) {
  if (json.is_string()) {
    if (!sight.revealed()) json = ProtectedFields::masked_numbers(json.get<std::string>());
  } else if (json.is_array()) {
    for (Json& member : json) mask_values(member, sight);
  } else if (json.is_object()) {
    const auto sentence = json.find("sentence");
    if (sentence != json.end() && sentence->is_object() && json.contains("places")) {
      mask_sentences(json, sight);
    }
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
  if (!sight.text()) {
    for (const char* list : {"lines", "pairs", "seals", "codes"}) page[list] = Json::array();
  }
  const Withheld withheld(page, sight);
  withheld.hide_in(page, "lines", "text", "quad");
  withheld.hide_in(page, "pairs", "label", nullptr);  // stands beside the value
  withheld.hide_in(page, "pairs", "value", "value_quad");
  withheld.hide_in(page, "seals", "text", "quad");
  withheld.hide_in(page, "codes", "text", "quad");
  mask_values(page, sight);
}

std::string told_snippet(const std::string& snippet, const PageRecord& page,
                         const FieldSight& sight) {
  if (!sight.text()) return {};
  for (const FieldRecord& field : page.fields) {
    if (!sight.covers(field.field) || snippet != "«" + field.raw + "»") continue;
    return "«" + sight.told(field.field, field.raw) + "»";
  }
  std::u32string points = code_points(snippet);
  std::vector<bool> starred(points.size());
  secrets_of(page, sight).mark(Bare(points), starred);
  if (!sight.revealed()) mark_numbers(points, starred);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (starred[i]) points[i] = U'*';
  }
  return utf8(points);
}

}  // namespace archive
