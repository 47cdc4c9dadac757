#include "core/layout.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <ranges>
#include <stdexcept>

#include "core/escaped_text.h"
#include "core/layout_format.h"
#include "core/utf8.h"

namespace archive {
namespace {

using namespace layout_format;

// What is not UTF-8 could not be read back, so it becomes U+FFFD here already.
std::string sound(std::string_view text) {
  return is_utf8(text) ? std::string(text) : utf8(code_points(text));
}

void append_quad(std::string& out, const Quad& quad) {
  std::array<std::array<std::int64_t, 2>, 4> corner{};
  for (std::size_t i = 0; i < 4; ++i) {
    corner[i] = {rounded(quad.corners[i].x, 10, -kTenthsMax, kTenthsMax),
                 rounded(quad.corners[i].y, 10, -kTenthsMax, kTenthsMax)};
  }
  const auto& [a, b, c, d] = corner;
  const std::array<std::int64_t, 8> numbers = {a[0],
                                               a[1],
                                               b[0] - a[0],
                                               b[1] - a[1],
                                               d[0] - a[0],
                                               d[1] - a[1],
                                               c[0] - b[0] - d[0] + a[0],
                                               c[1] - b[1] - d[1] + a[1]};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) out += ',';
    out += std::to_string(numbers[i]);
  }
}

void append_positions(std::string& out, const std::vector<TextChar>& chars) {
  if (chars.empty()) {
    out += '-';
    return;
  }
  bool even = true;
  std::string steps;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    const std::int64_t position = ten_thousandths(chars[i].position);
    even = even && position == even_position(i, chars.size());
    if (i > 0) steps += ',';
    steps += std::to_string(position - before);
    before = position;
  }
  out += even ? "=" : steps;
}

void append_doubts(std::string& out, const std::vector<TextChar>& chars) {
  const auto doubt = [](const TextChar& c) {
    const std::int64_t missing = kThousand - thousandths(c.confidence);
    return missing == 0 ? std::string() : std::to_string(missing);
  };
  if (chars.empty()) return;
  const bool uniform = std::ranges::all_of(chars, [&](const TextChar& c) {
    return thousandths(c.confidence) == thousandths(chars.front().confidence);
  });
  out += doubt(chars.front());
  if (uniform) return;
  for (std::size_t i = 1; i < chars.size(); ++i) out += ',' + doubt(chars[i]);
}

bool chars_spell(const std::string& text, const std::vector<TextChar>& chars) {
  const std::vector<std::string> expected = characters(text);
  return std::ranges::equal(expected, chars, {}, {}, [](const TextChar& c) { return c.text; });
}

void append_characters(std::string& out, const std::vector<TextChar>& chars) {
  for (std::size_t i = 0; i < chars.size(); ++i) {
    if (i > 0) out += "\\.";
    append_escaped(out, sound(chars[i].text));
  }
}

void append_alternatives(std::string& out, const std::vector<TextChar>& chars) {
  bool first = true;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    for (const Alternative& other : chars[i].alternatives | std::views::take(kAlternativesMax)) {
      if (!first) out += "\\.";
      first = false;
      out += std::to_string(i) + ',' + std::to_string(thousandths(other.confidence)) + ',';
      append_escaped(out, sound(other.text));
    }
  }
}

void append_line(std::string& out, const TextLine& line, std::size_t engine) {
  out += line.kind == LineKind::printed ? 'p' : line.kind == LineKind::handwritten ? 'h' : 's';
  if (line.vertical) out += 'v';
  if (line.unsure) out += 'u';
  out += '\t' + std::to_string(engine) + '\t';
  append_quad(out, line.quad);
  out += '\t';
  const std::int64_t confidence = thousandths(line.confidence);
  if (confidence != mean_thousandths(line.chars)) out += std::to_string(confidence);
  out += '\t';
  append_positions(out, line.chars);
  out += '\t';
  append_doubts(out, line.chars);
  out += '\t';
  const std::string text = sound(line.text);
  append_escaped(out, text);
  const bool spelled = line.chars.empty() || chars_spell(text, line.chars);
  const bool doubted =
      std::ranges::any_of(line.chars, [](const TextChar& c) { return !c.alternatives.empty(); });
  if (!spelled || doubted) append_characters(out += '\t', line.chars);
  if (doubted) append_alternatives(out += '\t', line.chars);
  out += '\n';
}

int quarter_turn(int rotation) { return ((rotation % 360 + 360) % 360) / 90 * 90; }

}  // namespace

std::string serialize_layout(const PageLayout& layout) {
  std::vector<std::string> engines;
  std::map<std::string, std::size_t> engine_number;
  std::size_t count = 0;
  for (const TextLine& line : layout.lines) {
    count += line.chars.size();
    const std::string name = sound(line.engine);
    if (engine_number.emplace(name, engines.size()).second) engines.push_back(name);
  }
  if (layout.lines.size() > kLinesMax || count > kCharactersMax || engines.size() > kEnginesMax) {
    throw std::invalid_argument("a page has more text than a layout may hold");
  }

  std::string out;
  out.reserve(64 + layout.lines.size() * 64 + count * 12);
  out += kHeader;
  out += "\npage";
  const double skew = layout.skew_degrees;
  for (std::int64_t value :
       {std::clamp<std::int64_t>(layout.width, 0, kPixelsMax),
        std::clamp<std::int64_t>(layout.height, 0, kPixelsMax),
        std::int64_t{quarter_turn(layout.rotation)}, rounded(skew, 1000, -360'000, 360'000),
        static_cast<std::int64_t>(engines.size()),
        static_cast<std::int64_t>(layout.lines.size())}) {
    out += ' ' + std::to_string(value);
  }
  out += '\n';
  for (const std::string& name : engines) {
    append_escaped(out, name);
    out += '\n';
  }
  for (const TextLine& line : layout.lines) {
    append_line(out, line, engine_number.at(sound(line.engine)));
  }
  return out;
}

}  // namespace archive
