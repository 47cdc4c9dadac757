#include "core/layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <ranges>
#include <stdexcept>

#include "core/utf8.h"

// The layout format, version 2. UTF-8; lines end with \n, columns are parted by a tab.
// Version 1 is the same without alternatives and is still read.
//
//   juanzong-layout 2
//   page <width> <height> <rotation> <skew> <engines> <lines>     parted by one space
//   <name of engine 0>                                            one line an engine
//   <kind> <engine> <quad> <confidence> <positions> <doubts> <text>
//          [<characters> [<alternatives>]]
//
//   rotation     0, 90, 180 or 270
//   skew         in 1/1000 degree
//   kind         p printed, h handwritten, s seal; then v when vertical, u when unsure
//   engine       number in the list above, from 0
//   quad         in 1/10 pixel: x,y of corner 0; then dx,dy to corner 1; dx,dy to corner 3;
//                and how far corner 2 lies off the parallelogram of these three
//   confidence   in 1/1000; empty: the mean of the characters'
//   positions    "-" no characters are kept; "=" spread evenly, (i + 1/2) / n;
//                else n numbers with commas, in 1/10,000: the first position, then steps
//   doubts       1000 minus the confidence in 1/1000: n numbers with commas, an empty one
//                is 0; a single number (or nothing) stands for all
//   text         \\ \t \n \r and \xHH stand for a backslash, tab, newline, return and
//                other control characters
//   characters   parted by "\."; left out when they are the code points of the text and no
//                alternatives follow
//   alternatives what a character may have been instead, parted by "\.", the likeliest first:
//                <number of the character, from 0>,<confidence in 1/1000>,<text>
//
// A page of 1,000 hanzi takes about 11 kB. Tested by tests/core/layout_test.cpp.

namespace archive {
namespace {

constexpr std::string_view kHeader = "juanzong-layout 2";
constexpr std::string_view kHeaderOfVersion1 = "juanzong-layout 1";
constexpr std::size_t kBytesMax = 64u << 20;
constexpr std::size_t kCharactersMax = 1'000'000;
constexpr std::size_t kAlternativesMax = 16;  // of a character
constexpr std::size_t kLinesMax = 200'000;
constexpr std::size_t kEnginesMax = 1'000;
constexpr std::int64_t kPixelsMax = 1'000'000;
constexpr std::int64_t kTenthsMax = 10 * kPixelsMax;
constexpr std::int64_t kPositionUnit = 10'000;
constexpr std::int64_t kThousand = 1'000;

// -- Writing ---------------------------------------------------------------

std::int64_t rounded(double value, double unit, std::int64_t least, std::int64_t most) {
  if (std::isnan(value)) return std::clamp<std::int64_t>(0, least, most);
  const double scaled = std::round(value * unit);
  if (scaled <= static_cast<double>(least)) return least;
  if (scaled >= static_cast<double>(most)) return most;
  return static_cast<std::int64_t>(scaled);
}

std::int64_t thousandths(double confidence) { return rounded(confidence, 1000, 0, kThousand); }

std::int64_t ten_thousandths(double position) {
  return rounded(position, 10'000, 0, kPositionUnit);
}

std::int64_t even_position(std::size_t i, std::size_t count) {
  return ten_thousandths((static_cast<double>(i) + 0.5) / static_cast<double>(count));
}

std::int64_t mean_thousandths(const std::vector<TextChar>& chars) {
  if (chars.empty()) return 0;
  std::int64_t sum = 0;
  for (const TextChar& c : chars) sum += thousandths(c.confidence);
  const auto count = static_cast<std::int64_t>(chars.size());
  return (sum + count / 2) / count;
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (byte >= 0x20 && byte != 0x7F) {
          out += c;
        } else {
          out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
  }
}

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

// -- Reading ---------------------------------------------------------------

/// Hands out the lines of the text and knows where it is.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  std::string_view next() {
    ++number_;
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) fail("the text ends too early");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  bool at_end() const { return rest_.empty(); }

  [[noreturn]] void fail(const std::string& what) const {
    throw std::invalid_argument("layout line " + std::to_string(number_) + ": " + what);
  }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

std::int64_t number(const LineReader& at, std::string_view text, std::int64_t least,
                    std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) at.fail("a number is malformed");
  if (value < least || value > most) at.fail("a number is out of range");
  return value;
}

/// Refuses more parts than `at_most`: hostile text must not grow in memory.
std::vector<std::string_view> split(const LineReader& at, std::string_view text, char separator,
                                    std::size_t at_most) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (;;) {
    if (parts.size() == at_most) at.fail("too many columns or numbers");
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

char escaped_byte(const LineReader& at, std::string_view& rest) {
  if (rest.empty()) at.fail("a backslash stands at the end");
  const char kind = rest.front();
  rest.remove_prefix(1);
  switch (kind) {
    case '\\':
      return '\\';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'x':
      break;
    default:
      at.fail("an escape is unknown");
  }
  unsigned value = 0;
  if (rest.size() < 2) at.fail("an escape is cut short");
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + 2, value, 16);
  if (error != std::errc() || end != rest.data() + 2 || value > 0x7F) at.fail("an escape is wrong");
  rest.remove_prefix(2);
  return static_cast<char>(value);
}

std::string unescaped(const LineReader& at, std::string_view rest) {
  std::string text;
  text.reserve(rest.size());
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    text += c == '\\' ? escaped_byte(at, rest) : c;
  }
  if (!is_utf8(text)) at.fail("the text is not UTF-8");
  return text;
}

/// The characters column: "\." parts them, and "\\" is a backslash, so that the pair
/// "\\." must not be taken for a separator.
std::vector<std::string> separate_characters(const LineReader& at, std::string_view column) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column[i] != '\\') continue;
    if (i + 1 < column.size() && column[i + 1] == '.') {
      parts.push_back(unescaped(at, column.substr(begin, i - begin)));
      begin = i + 2;
    }
    ++i;
  }
  parts.push_back(unescaped(at, column.substr(begin)));
  return parts;
}

Quad read_quad(const LineReader& at, std::string_view column) {
  const std::vector<std::string_view> parts = split(at, column, ',', 8);
  if (parts.size() != 8) at.fail("a quad has eight numbers");
  std::array<double, 8> n{};
  for (std::size_t i = 0; i < 8; ++i) {
    n[i] = static_cast<double>(number(at, parts[i], -4 * kTenthsMax, 4 * kTenthsMax));
  }
  const auto point = [](double x, double y) { return Point{x / 10, y / 10}; };
  return {{{point(n[0], n[1]), point(n[0] + n[2], n[1] + n[3]),
            point(n[0] + n[2] + n[4] + n[6], n[1] + n[3] + n[5] + n[7]),
            point(n[0] + n[4], n[1] + n[5])}}};
}

void read_positions(const LineReader& at, std::string_view column, std::vector<TextChar>& chars) {
  if (column == "=") {
    for (std::size_t i = 0; i < chars.size(); ++i) {
      chars[i].position = static_cast<double>(even_position(i, chars.size())) / kPositionUnit;
    }
    return;
  }
  const std::vector<std::string_view> steps = split(at, column, ',', chars.size());
  if (steps.size() != chars.size()) at.fail("positions and characters differ in number");
  std::int64_t position = 0;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    position += number(at, steps[i], -kPositionUnit, kPositionUnit);
    if (position < 0 || position > kPositionUnit) at.fail("a position is out of range");
    chars[i].position = static_cast<double>(position) / kPositionUnit;
  }
}

void read_doubts(const LineReader& at, std::string_view column, std::vector<TextChar>& chars) {
  const auto confidence = [&](std::string_view doubt) {
    const std::int64_t missing = doubt.empty() ? 0 : number(at, doubt, 0, kThousand);
    return static_cast<double>(kThousand - missing) / kThousand;
  };
  const std::vector<std::string_view> doubts =
      split(at, column, ',', std::max<std::size_t>(1, chars.size()));
  if (doubts.size() != 1 && doubts.size() != chars.size()) {
    at.fail("confidences and characters differ in number");
  }
  for (std::size_t i = 0; i < chars.size(); ++i) {
    chars[i].confidence = confidence(doubts.size() == 1 ? doubts[0] : doubts[i]);
  }
}

void read_alternatives(const LineReader& at, std::string_view column,
                       std::vector<TextChar>& chars) {
  for (const std::string& entry : separate_characters(at, column)) {
    const std::size_t comma = entry.find(',');
    const std::size_t second = comma == entry.npos ? entry.npos : entry.find(',', comma + 1);
    if (second == entry.npos) at.fail("an alternative has three parts");
    const std::string_view text = entry;
    const auto place = static_cast<std::size_t>(
        number(at, text.substr(0, comma), 0, static_cast<std::int64_t>(chars.size()) - 1));
    const std::int64_t confidence =
        number(at, text.substr(comma + 1, second - comma - 1), 0, kThousand);
    if (chars[place].alternatives.size() == kAlternativesMax) at.fail("too many alternatives");
    chars[place].alternatives.push_back(
        {entry.substr(second + 1), static_cast<double>(confidence) / kThousand});
  }
}

void read_kind(const LineReader& at, std::string_view column, TextLine& line) {
  if (column.empty()) at.fail("the kind of line is missing");
  switch (column.front()) {
    case 'p':
      line.kind = LineKind::printed;
      break;
    case 'h':
      line.kind = LineKind::handwritten;
      break;
    case 's':
      line.kind = LineKind::seal;
      break;
    default:
      at.fail("the kind of line is unknown");
  }
  column.remove_prefix(1);
  if (column.starts_with('v')) line.vertical = true, column.remove_prefix(1);
  if (column.starts_with('u')) line.unsure = true, column.remove_prefix(1);
  if (!column.empty()) at.fail("the kind of line is unknown");
}

TextLine read_line(LineReader& reader, const std::vector<std::string>& engines,
                   std::size_t& characters_left) {
  const std::vector<std::string_view> columns = split(reader, reader.next(), '\t', 9);
  if (columns.size() < 7) reader.fail("seven to nine columns expected");
  TextLine line;
  read_kind(reader, columns[0], line);
  line.engine = engines.at(static_cast<std::size_t>(
      number(reader, columns[1], 0, static_cast<std::int64_t>(engines.size()) - 1)));
  line.quad = read_quad(reader, columns[2]);
  line.text = unescaped(reader, columns[6]);

  if (columns[4] != "-") {
    std::vector<std::string> texts =
        columns.size() > 7 ? separate_characters(reader, columns[7]) : characters(line.text);
    if (texts.size() > characters_left) reader.fail("too many characters");
    characters_left -= texts.size();
    for (std::string& text : texts) line.chars.push_back({std::move(text), 0, 0, {}});
    read_positions(reader, columns[4], line.chars);
    read_doubts(reader, columns[5], line.chars);
    if (columns.size() == 9) read_alternatives(reader, columns[8], line.chars);
  } else if (columns.size() > 7 || !columns[5].empty()) {
    reader.fail("characters where there are none");
  }
  const std::int64_t confidence =
      columns[3].empty() ? mean_thousandths(line.chars) : number(reader, columns[3], 0, kThousand);
  line.confidence = static_cast<double>(confidence) / kThousand;
  return line;
}

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

PageLayout parse_layout(std::string_view text) {
  if (text.size() > kBytesMax) throw std::invalid_argument("layout line 1: the text is too long");
  LineReader reader(text);
  const std::string_view header = reader.next();
  if (header != kHeader && header != kHeaderOfVersion1)
    reader.fail("not a layout of version 1 or 2");

  std::string_view page = reader.next();
  if (!page.starts_with("page ")) reader.fail("the page line is missing");
  page.remove_prefix(5);
  std::array<std::int64_t, 6> head{};
  const std::vector<std::string_view> parts = split(reader, page, ' ', head.size());
  if (parts.size() != head.size()) reader.fail("the page line has six numbers");
  const std::array<std::int64_t, 6> least = {0, 0, 0, -360'000, 0, 0};
  const std::array<std::int64_t, 6> most = {kPixelsMax, kPixelsMax,  270,
                                            360'000,    kEnginesMax, kLinesMax};
  for (std::size_t i = 0; i < head.size(); ++i) {
    head[i] = number(reader, parts[i], least[i], most[i]);
  }
  if (head[2] % 90 != 0) reader.fail("a rotation is a quarter turn");

  PageLayout layout;
  layout.width = static_cast<int>(head[0]);
  layout.height = static_cast<int>(head[1]);
  layout.rotation = static_cast<int>(head[2]);
  layout.skew_degrees = static_cast<double>(head[3]) / 1000;
  std::vector<std::string> engines;
  for (std::int64_t i = 0; i < head[4]; ++i) engines.push_back(unescaped(reader, reader.next()));

  std::size_t characters_left = kCharactersMax;
  for (std::int64_t i = 0; i < head[5]; ++i) {
    layout.lines.push_back(read_line(reader, engines, characters_left));
  }
  if (!reader.at_end()) {
    reader.next();
    reader.fail("text after the last line");
  }
  return layout;
}

}  // namespace archive
