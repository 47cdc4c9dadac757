#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>

#include "core/layout.h"
#include "core/layout_format.h"
#include "core/utf8.h"

namespace archive {
namespace {

using namespace layout_format;

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
