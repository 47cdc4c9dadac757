#include "viewer/api/picture_mask.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/digits.h"
#include "core/utf8.h"
#include "index/fold.h"

namespace archive {
namespace {

constexpr std::size_t kWordLeast = 2;      // characters of a label
constexpr std::size_t kLongNumber = 15;    // digits, as in ProtectedFields::masked_numbers
constexpr double kWideHalf = 0.55;         // of a line's height: half a hanzi
constexpr double kNarrowHalf = 0.32;       // half a letter or digit
constexpr double kSlantMost = 1.6;         // box around a line / the line itself
// A hanzi of 10.5 points is three pixels high then, as on A4.
constexpr double kPreviewShrunk = 6;  // times at least
constexpr double kPreviewDpi = 30;    // at most
constexpr double kJoinedGap = 0.3;         // of a line's height, between boxes that become one
// What asks a person to look and leaves no doubt what the page is: of values that are not sure
// nothing is seen anyway.
constexpr std::array<std::string_view, 6> kHarmlessDoubts = {
    "image", "rescan", "unsure_field", "invalid_field", "unconfirmed_value", "conflicting_values"};

/// A line's characters, folded, without blanks; each knows which character of the line it is of.
struct Folded {
  std::u32string text;
  std::vector<std::size_t> of;
};

Folded folded_line(const TextLine& line) {
  Folded made;
  for (std::size_t i = 0; i < line.chars.size(); ++i) {
    for (const char32_t c : folded(line.chars[i].text)) {
      if (c == U' ') continue;
      made.text += c;
      made.of.push_back(i);
    }
  }
  return made;
}

std::u32string folded_word(std::string_view text) {
  std::u32string word = folded(text);
  std::erase(word, U' ');
  return word;
}

void allow_words(const Folded& line, const FormWords& words, std::vector<bool>& allowed) {
  for (std::size_t at = 0; at < line.text.size();) {
    const std::size_t length = words.length_at(line.text, at);
    for (std::size_t i = at; i < at + length; ++i) allowed[line.of[i]] = true;
    at += std::max<std::size_t>(length, 1);
  }
}

Point centre_of(const TextLine& line, std::size_t i) {
  return line.quad.slice(line.chars[i].position, line.chars[i].position).centre();
}

/// The characters at a value's place, when they are what was read there.
void allow_value(const TextLine& line, const Folded& text, const FieldRecord& field,
                 std::vector<bool>& allowed) {
  const Box box = field.quad.bounds();
  std::vector<bool> there(line.chars.size());
  bool any = false;
  for (std::size_t i = 0; i < line.chars.size(); ++i) {
    there[i] = box.contains(centre_of(line, i));
    any = any || there[i];
  }
  if (!any) return;
  std::u32string found;
  for (std::size_t i = 0; i < text.text.size(); ++i) {
    if (there[text.of[i]]) found += text.text[i];
  }
  if (found.empty() || folded_word(field.raw).find(found) == std::u32string::npos) return;
  for (std::size_t i = 0; i < there.size(); ++i) allowed[i] = allowed[i] || there[i];
}

void forbid_numbers(const Folded& line, std::vector<bool>& allowed) {
  for (std::size_t begin = 0; begin < line.text.size();) {
    std::size_t end = begin;
    while (end < line.text.size() && is_digit(line.text[end])) ++end;
    if (end - begin >= kLongNumber) {
      for (std::size_t i = begin; i < std::min(end + 1, line.text.size()); ++i) {
        allowed[line.of[i]] = false;
      }
    }
    begin = std::max(end, begin + 1);
  }
}

/// Where a character stands, no further than half way to a neighbour that stays covered.
Box cell_of(const TextLine& line, std::size_t i, const std::vector<bool>& allowed) {
  const double width = std::max(1.0, line.quad.width());
  const std::u32string text = code_points(line.chars[i].text);
  const bool wide = !text.empty() && text.front() >= 0x2E80;
  const double half = (wide ? kWideHalf : kNarrowHalf) * line.quad.height() / width;
  const double at = line.chars[i].position;
  double from = at - half;
  double to = at + half;
  if (i > 0 && !allowed[i - 1]) from = std::max(from, (at + line.chars[i - 1].position) / 2);
  if (i + 1 < allowed.size() && !allowed[i + 1]) {
    to = std::min(to, (at + line.chars[i + 1].position) / 2);
  }
  from = std::clamp(from, 0.0, 1.0);
  to = std::clamp(to, from, 1.0);
  return line.quad.slice(from, to).bounds();
}

bool level(const TextLine& line) {
  const Box box = line.quad.bounds();
  const double area = line.quad.width() * line.quad.height();
  return area > 0 && box.width() * box.height() <= kSlantMost * area;
}

double distance(const Box& a, const Box& b) {
  return std::max({0.0, a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom});
}

struct Places {
  std::vector<const FieldRecord*> shown;
  std::vector<Box> covered;
};

Places places_of(const PageRecord& page, const FieldSight& sight) {
  Places places;
  for (const FieldRecord& field : page.fields) {
    if (sight.covers(field.field)) {
      places.covered.push_back(field.quad.bounds());
      if (field.machine) places.covered.push_back(field.machine->quad.bounds());
    } else if (field.validity == FieldValidity::valid && !field.unsure) {
      places.shown.push_back(&field);
    }
  }
  for (const TypedValue& typed : page.typed) {
    if (sight.covers(typed.field)) places.covered.push_back(typed.box.quad().bounds());
  }
  for (const SealMark& seal : page.seals) places.covered.push_back(seal.quad.bounds());
  return places;
}

void permit_line(const TextLine& line, const Places& places, const FormWords& words,
                 std::vector<Box>& boxes) {
  const Folded text = folded_line(line);
  std::vector<bool> allowed(line.chars.size());
  allow_words(text, words, allowed);
  for (const FieldRecord* field : places.shown) allow_value(line, text, *field, allowed);
  forbid_numbers(text, allowed);
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    const Point centre = centre_of(line, i);
    if (std::ranges::any_of(places.covered, [&](const Box& b) { return b.contains(centre); })) {
      allowed[i] = false;
    }
  }
  std::optional<Box> run;
  for (std::size_t i = 0; i <= allowed.size(); ++i) {
    const bool on = i < allowed.size() && allowed[i];
    if (!on) {
      if (run) boxes.push_back(*run);
      run.reset();
      continue;
    }
    const Box cell = cell_of(line, i, allowed);
    if (run && distance(*run, cell) <= kJoinedGap * line.quad.height()) {
      run = joined(*run, cell);
    } else {
      if (run) boxes.push_back(*run);
      run = cell;
    }
  }
}

}  // namespace

FormWords::FormWords(const FormCatalogue& forms) {
  const auto add = [this](std::string_view text) {
    const std::u32string word = folded_word(text);
    if (word.size() < kWordLeast || std::ranges::any_of(word, is_digit)) return;
    longest_ = std::max(longest_, word.size());
    words_.insert(word);
  };
  for (const DocumentType& type : forms.types()) {
    add(type.name_zh);
    for (const std::string& alias : type.aliases) add(alias);
  }
  for (const auto& [code, form] : forms.forms()) {
    for (const std::string& title : form.titles) add(title);
    for (const FieldDescription& field : form.fields) {
      for (const std::string& label : field.labels) add(label);
      for (const std::string& section : field.sections) add(section);
    }
  }
  for (const std::string& label : forms.other_labels()) add(label);
}

std::size_t FormWords::length_at(const std::u32string& text, std::size_t at) const {
  for (std::size_t length = std::min(longest_, text.size() - at); length >= kWordLeast; --length) {
    if (words_.contains(text.substr(at, length))) return length;
  }
  return 0;
}

bool is_small(const ImageRequest& request, const PageRecord& page) {
  return request.width == page.width && request.height == page.height &&
         request.out_width <= kPreviewSide && request.out_height <= kPreviewSide;
}

bool is_preview(const ImageRequest& request, const PageRecord& page) {
  if (!is_small(request, page)) return false;
  const double scale = std::max(static_cast<double>(request.out_width) / page.width,
                                static_cast<double>(request.out_height) / page.height);
  return scale * kPreviewShrunk <= 1 && scale * std::max(page.dpi_x, page.dpi_y) <= kPreviewDpi;
}

PictureKind picture_kind(const PageRecord& page, const PictureRules& rules) {
  if (rules.identifies(page.doc_type)) return PictureKind::identity;
  const bool content = page.kind == PageKind::content;
  const bool typed = !page.doc_type.empty() && page.doc_type != FormCatalogue::kUnknown;
  if (page.state != PageState::filed || page.illegible || !page.layout_blob ||
      (content && !typed)) {
    return PictureKind::unknown;
  }
  const bool doubt = std::ranges::any_of(page.review_reasons, [](const std::string& reason) {
    return std::ranges::find(kHarmlessDoubts, reason) == kHarmlessDoubts.end();
  });
  return doubt ? PictureKind::doubtful : PictureKind::known;
}

std::vector<Box> permitted_boxes(const PageRecord& page, const PageLayout& layout,
                                 const FieldSight& sight, const FormWords& words) {
  const Places places = places_of(page, sight);
  std::vector<Box> boxes;
  for (const TextLine& line : layout.lines) {
    if (line.vertical || line.kind == LineKind::seal || line.chars.empty() || !level(line)) {
      continue;
    }
    permit_line(line, places, words, boxes);
  }
  return boxes;
}

}  // namespace archive
