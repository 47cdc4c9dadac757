#include "ocr/text/seal_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <utility>

#include "core/utf8.h"
#include "ocr/text/ring_strip.h"
#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr double kSure = 0.7;       // mean confidence of a text that is believed
constexpr double kSureShare = 0.7;  // of its characters
constexpr double kSureCharacter = 0.55;
constexpr const char* kOpen = "〓";  // the printer's sign for a character that is missing
constexpr double kGood = 0.87;       // nothing else is tried
constexpr std::size_t kFewest = 3;   // characters of a ring
constexpr std::size_t kFewestInRow = 2;
constexpr double kShortestRow = 1.5;  // heights: less is a star, or one character
constexpr double kInkLevel = 150;     // grey level below which there is ink
constexpr int kDirections = 180;
constexpr double kDegrees = 360.0 / kDirections;

// Where the text of a ring is looked for, as shares of the frame's size.
constexpr double kFrameInside = 0.93;
constexpr std::array<double, 2> kRingInner = {0.62, 0.56};
constexpr double kCentre = 0.66;

Quad whole(const Pixels& picture) {
  return Quad::of({0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)});
}

// A character that is as likely wrong as right is left open.
std::string text_of(const LineReading& reading) {
  std::string text;
  for (const TextChar& c : reading.chars) text += c.confidence < kSureCharacter ? kOpen : c.text;
  return text;
}

bool is_believed(const LineReading& reading) {
  const auto sure = std::ranges::count_if(
      reading.chars, [](const TextChar& c) { return c.confidence >= kSureCharacter; });
  return reading.confidence >= kSure &&
         static_cast<double>(sure) >= kSureShare * static_cast<double>(reading.chars.size());
}

bool is_printed_digit(const TextChar& c) {
  return c.text.size() == 1 && c.text[0] >= '0' && c.text[0] <= '9';
}
bool is_hanzi(const TextChar& c) { return archive::is_hanzi(code_points(c.text).front()); }

double mean_of(const std::vector<TextChar>& chars) {
  double sum = 0;
  for (const TextChar& c : chars) sum += c.confidence;
  return chars.empty() ? 0 : sum / static_cast<double>(chars.size());
}

// What no seal says is the star, a piece of the frame or a speck.
LineReading without_scraps(LineReading reading) {
  const auto scrap = [](const TextChar& c) {
    return c.text.size() < 3 ? !std::isalnum(static_cast<unsigned char>(c.text[0])) && c.text != "."
                             : !is_hanzi(c) && c.text != "（" && c.text != "）";
  };
  auto& chars = reading.chars;
  while (!chars.empty() && scrap(chars.front())) chars.erase(chars.begin());
  while (!chars.empty() && scrap(chars.back()) && chars.back().text != ")") chars.pop_back();
  reading.confidence = mean_of(chars);
  return reading;
}

LineReading read_picture(ReadingEngine& engine, const Pixels& picture) {
  return without_scraps(engine.read(picture, whole(picture)));
}

// Share of ink in each direction of a band.
std::vector<double> ink_around(const SealPicture& seal, double inner, double outer) {
  const Pixels band = unrolled(seal.picture, seal.frame, {0, 360, inner, outer});
  std::vector<double> ink(kDirections);
  for (int i = 0; i < kDirections; ++i) {
    const int from = i * band.width / kDirections;
    const int to = std::max(from + 1, (i + 1) * band.width / kDirections);
    int inked = 0;
    for (int y = 0; y < band.height; ++y) {
      for (int x = from; x < std::min(to, band.width); ++x) inked += band.row(y)[x] < kInkLevel;
    }
    ink[static_cast<std::size_t>(i)] = static_cast<double>(inked) / ((to - from) * band.height);
  }
  return ink;
}

// A stretch of directions with no ink, in degrees; `to` may exceed 360.
struct Gap {
  double from, to;
  double width() const { return to - from; }
};

std::vector<Gap> gaps_of(const std::vector<double>& ink) {
  constexpr double kNoInk = 0.06;
  const auto empty = [&](int i) { return ink[static_cast<std::size_t>(i % kDirections)] < kNoInk; };
  int start = 0;
  while (start < kDirections && empty(start)) ++start;
  if (start == kDirections) return {};
  std::vector<Gap> gaps;
  for (int i = start; i < start + kDirections;) {
    int end = i;
    while (end < start + kDirections && empty(end)) ++end;
    if (end > i) gaps.push_back({i * kDegrees, end * kDegrees});
    i = end + 1;
  }
  std::ranges::sort(gaps, [](const Gap& a, const Gap& b) { return a.width() > b.width(); });
  return gaps;
}

// What stands between two gaps, with a little of them.
RingPart between(const Gap& before, const Gap& after, double inner, double outer) {
  const double margin = 3;
  double to = after.from + std::min(margin, after.width() / 2);
  const double from = before.to - std::min(margin, before.width() / 2);
  while (to <= from) to += 360;
  return {from, to, inner, outer};
}

struct RingReading {
  LineReading line;
  RingPart part;
};

double direction_of(const TextChar& c, const RingPart& part) {
  return part.from + c.position * (part.to - part.from);
}

// Where the text of a ring begins and ends: the widest stretch without a sure hanzi is its
// foot, empty or with a number, which stands on its head there. Nothing when that is where
// the ring was cut open, or when there is too little to tell from.
std::optional<RingPart> cut_at_the_foot(const RingReading& ring) {
  constexpr double kRightAlready = 12;  // degrees
  std::vector<double> sure;
  for (const TextChar& c : ring.line.chars) {
    if (c.confidence >= kSureCharacter && is_hanzi(c)) sure.push_back(direction_of(c, ring.part));
  }
  if (sure.size() < kFewest) return {};
  std::size_t first = 0;  // the one after the foot
  double widest = 0;
  std::vector<double> pitches;
  for (std::size_t i = 0; i < sure.size(); ++i) {
    const double before = i == 0 ? sure.back() - 360 : sure[i - 1];
    pitches.push_back(sure[i] - before);
    if (pitches.back() > widest) widest = pitches.back(), first = i;
  }
  std::ranges::nth_element(pitches, pitches.begin() + static_cast<std::ptrdiff_t>(sure.size() / 2));
  // One character at each end may be unsure.
  const double half = std::min(1.4 * pitches[sure.size() / 2], 0.4 * widest);
  const double last = first == 0 ? sure.back() : sure[first - 1] + 360;
  const RingPart part{sure[first] - half, last + half, ring.part.inner, ring.part.outer};
  const bool same = std::abs(part.from - ring.part.from) < kRightAlready &&
                    std::abs(part.to - ring.part.to) < kRightAlready;
  return same ? std::nullopt : std::optional(part);
}

RingPart cut_at_the_widest_gap(const SealPicture& seal, double inner) {
  const std::vector<Gap> gaps = gaps_of(ink_around(seal, inner, kFrameInside));
  constexpr Gap kBelow{90, 90};
  const Gap gap = gaps.empty() ? kBelow : gaps.front();
  return between(gap, gap, inner, kFrameInside);
}

// Every character that is likelier right than wrong speaks for a reading.
bool is_better(const LineReading& a, const LineReading& b) {
  const auto worth = [](const LineReading& reading) {
    constexpr double kDoubt = 0.6;
    double sum = 0;
    for (const TextChar& c : reading.chars) sum += c.confidence - kDoubt;
    return sum;
  };
  return worth(a) > worth(b);
}

// At its ends stands what the cut left of others.
void drop_open_ends(LineReading& line) {
  auto& chars = line.chars;
  const auto unsure = [](const TextChar& c) { return c.confidence < kSureCharacter; };
  while (!chars.empty() && unsure(chars.front())) chars.erase(chars.begin());
  while (!chars.empty() && unsure(chars.back())) chars.pop_back();
  line.confidence = mean_of(chars);
}

RingReading read_ring(ReadingEngine& engine, const SealPicture& seal) {
  const auto read = [&](const RingPart& part) {
    return RingReading{read_picture(engine, unrolled(seal.picture, seal.frame, part)), part};
  };
  RingReading best;
  for (const double inner : kRingInner) {
    RingReading ring = read(cut_at_the_widest_gap(seal, inner));
    for (int again = 0; again < 2 && ring.line.confidence < kGood; ++again) {
      const auto part = cut_at_the_foot(ring);
      if (!part) break;
      ring = read(*part);
    }
    if (best.part.to == 0 || is_better(ring.line, best.line)) best = std::move(ring);
    if (best.line.confidence >= kGood && best.line.chars.size() >= kFewest) break;
  }
  drop_open_ends(best.line);
  return best;
}

// The stretch of the ring that its characters fill. Between the gaps there may be more: the
// corners of the centre's text.
RingPart part_of_text(const RingReading& ring) {
  RingPart part = ring.part;
  const auto& chars = ring.line.chars;
  if (chars.size() < kFewest) return part;
  const double first = chars.front().position;
  const double last = chars.back().position;
  const double half = (last - first) / static_cast<double>(chars.size() - 1) / 2;
  const double span = part.to - part.from;
  part.to = part.from + std::min(1.0, last + half) * span;
  part.from += std::max(0.0, first - half) * span;
  return part;
}

// The number of a seal (13 digits) stands on its head: it is read from inside.
// Nothing when it is not sure to the last digit.
std::string read_number(ReadingEngine& engine, const SealPicture& seal, const RingPart& text) {
  constexpr double kNumberInner = 0.76;
  constexpr double kNumberOuter = 0.95;
  constexpr double kMargin = 2;  // degrees
  constexpr std::size_t kDigits = 13;
  const RingPart part{text.to - kMargin, text.from + 360 + kMargin, kNumberInner, kNumberOuter};
  if (part.to - part.from < 30 || part.to - part.from > 150) return {};
  const LineReading line = read_picture(engine, unrolled(seal.picture, seal.frame, part, true));
  const bool sure = std::ranges::all_of(line.chars, [](const TextChar& c) {
    return is_printed_digit(c) && c.confidence >= kSureCharacter;
  });
  return sure && line.chars.size() == kDigits ? text_of(line) : std::string();
}

// The picture without the frame and the text of its ring, which reaches down beside the centre.
Pixels without_ring(const SealPicture& seal, const RingPart& ring) {
  const auto& c = seal.frame.corners;
  const Affine onto{(c[1].x - c[0].x) / 2, (c[3].x - c[0].x) / 2, seal.frame.centre().x,
                    (c[1].y - c[0].y) / 2, (c[3].y - c[0].y) / 2, seal.frame.centre().y};
  const Affine into_ring = onto.inverse();
  Pixels centre = seal.picture;
  for (int y = 0; y < centre.height; ++y) {
    for (int x = 0; x < centre.width; ++x) {
      const Point place = into_ring(Point{x + 0.5, y + 0.5});
      const double distance = std::hypot(place.x, place.y);
      double direction = std::atan2(place.y, place.x) * 180 / std::numbers::pi;
      while (direction < ring.from) direction += 360;
      const bool on_text = distance > kCentre && direction <= ring.to;
      if (on_text || distance > kFrameInside - 0.03) centre.row(y)[x] = 255;
    }
  }
  return centre;
}

// Turns a quad around its centre by degrees, clockwise.
Quad turned(const Quad& quad, double degrees) {
  const Point centre = quad.centre();
  const double cosine = std::cos(degrees * std::numbers::pi / 180);
  const double sine = std::sin(degrees * std::numbers::pi / 180);
  Quad result = quad;
  for (Point& p : result.corners) {
    const double x = p.x - centre.x;
    const double y = p.y - centre.y;
    p = {centre.x + x * cosine - y * sine, centre.y + x * sine + y * cosine};
  }
  return result;
}

// The part of a quad between shares of its width and height.
Quad part_of(const Quad& quad, double left, double top, double right, double bottom) {
  const auto place = [&](double x, double y) {
    const auto& c = quad.corners;
    return Point{c[0].x + x * (c[1].x - c[0].x) + y * (c[3].x - c[0].x),
                 c[0].y + x * (c[1].y - c[0].y) + y * (c[3].y - c[0].y)};
  };
  return {{place(left, top), place(right, top), place(right, bottom), place(left, bottom)}};
}

Pixels picture_of(const Pixels& picture, const Quad& quad) {
  const auto pixels = [](double length) {
    return std::clamp(static_cast<int>(std::lround(length)), 8, 3000);
  };
  return cut_picture(picture, quad, pixels(quad.width()), pixels(quad.height()));
}

struct Row {
  double top, bottom;  // shares of the picture's height
};

std::vector<Row> rows_of(const Pixels& picture, double least_height, double most_height) {
  constexpr double kNoInk = 0.03;
  std::vector<Row> rows;
  int start = -1;
  for (int y = 0; y <= picture.height; ++y) {
    int inked = 0;
    for (int x = 0; y < picture.height && x < picture.width; ++x) {
      inked += picture.row(y)[x] < kInkLevel;
    }
    const bool empty = inked <= kNoInk * picture.width;
    if (!empty && start < 0) start = y;
    if (!empty || start < 0) continue;
    const int height = y - start;
    if (height >= least_height * picture.height && height <= most_height * picture.height) {
      rows.push_back(
          {static_cast<double>(start) / picture.height, static_cast<double>(y) / picture.height});
    }
    start = -1;
  }
  return rows;
}

// Where the ink of a row begins and ends, as shares of the picture's width.
std::pair<double, double> columns_of(const Pixels& picture, const Row& row) {
  const int top = static_cast<int>(row.top * picture.height);
  const int bottom = std::min(picture.height, static_cast<int>(row.bottom * picture.height) + 1);
  int first = picture.width;
  int last = 0;
  for (int y = top; y < bottom; ++y) {
    const std::uint8_t* levels = picture.row(y);
    for (int x = 0; x < picture.width; ++x) {
      if (levels[x] < kInkLevel) first = std::min(first, x), last = std::max(last, x);
    }
  }
  const auto width = static_cast<double>(picture.width);
  return {first / width, last / width};
}

struct RowReading {
  std::vector<LineReading> lines;
  std::vector<Quad> quads;

  std::size_t characters() const {
    std::size_t count = 0;
    for (const LineReading& line : lines) count += line.chars.size();
    return count;
  }
  double worth() const {
    double sum = 0;
    for (const LineReading& line : lines) {
      sum += line.confidence * static_cast<double>(line.chars.size());
    }
    return sum;
  }
};

RowReading read_rows(ReadingEngine& engine, const Pixels& picture, const Quad& area,
                     double most_height) {
  constexpr double kLowest = 0.08;
  RowReading result;
  const Pixels upright = picture_of(picture, area);
  for (const Row& row : rows_of(upright, kLowest, most_height)) {
    const double height = (row.bottom - row.top) * upright.height;
    const auto [left, right] = columns_of(upright, row);
    if ((right - left) * upright.width < kShortestRow * height) continue;
    const double beside = 0.4 * height / upright.width;
    LineReading line;
    Quad quad;
    for (const double margin : {0.15, 0.3}) {
      const double above = margin * (row.bottom - row.top);
      const Quad place =
          part_of(area, left - beside, row.top - above, right + beside, row.bottom + above);
      LineReading reading = without_scraps(engine.read(picture, place));
      if (!line.chars.empty() && reading.confidence <= line.confidence) continue;
      line = std::move(reading);
      quad = place;
      if (line.confidence >= kGood) break;
    }
    if (line.chars.size() < kFewestInRow || !is_believed(line)) continue;
    result.lines.push_back(std::move(line));
    result.quads.push_back(quad);
  }
  return result;
}

// A name stamp of two by two characters. Its last one, 印 or 章, tells the way it is read;
// without it from the right.
std::pair<std::string, double> read_square(ReadingEngine& engine, const Pixels& picture,
                                           const Quad& inside) {
  constexpr std::size_t kCharacters = 4;
  const auto cell = [&](int column, int row) {
    return picture_of(
        picture, part_of(inside, 0.5 * column, 0.5 * row, 0.5 * column + 0.5, 0.5 * row + 0.5));
  };
  const std::array<Pixels, kCharacters> cells = {cell(1, 0), cell(1, 1), cell(0, 0), cell(0, 1)};
  Pixels row{0, cells[0].height, 1, {}};
  for (const Pixels& one : cells) row.width += one.width;
  row.bytes.assign(row.stride() * static_cast<std::size_t>(row.height), 255);
  int left = 0;
  for (const Pixels& one : cells) {
    for (int y = 0; y < std::min(row.height, one.height); ++y) {
      std::copy(one.row(y), one.row(y) + one.width, row.row(y) + left);
    }
    left += one.width;
  }
  const LineReading line = read_picture(engine, row);
  if (line.chars.size() != kCharacters || !is_believed(line)) return {};
  if (!std::ranges::all_of(line.chars, is_hanzi)) return {};
  const auto& c = line.chars;
  const bool rows_first = c[1].text == "印" || c[1].text == "章";
  return {rows_first ? c[2].text + c[0].text + c[3].text + c[1].text : text_of(line),
          line.confidence};
}

void append(const std::string& part, double confidence, SealReading& reading) {
  if (part.empty()) return;
  reading.confidence = reading.text.empty() ? confidence : std::min(reading.confidence, confidence);
  if (!reading.text.empty()) reading.text += ' ';
  reading.text += part;
}

SealReading read_round(ReadingEngine& engine, const SealPicture& seal) {
  SealReading reading;
  const RingReading ring = read_ring(engine, seal);
  if (ring.part.to == 0) return reading;
  if (ring.line.chars.size() >= kFewest && is_believed(ring.line)) {
    reading.ring = text_of(ring.line);
    append(reading.ring, ring.line.confidence, reading);
  }
  const RingPart text = part_of_text(ring);
  const double middle = (text.from + text.to) / 2;  // 270 is upwards
  const Quad upright = turned(seal.frame, middle - 270);
  const Quad centre = part_of(upright, 0.5 - kCentre / 2, 0.2, 0.5 + kCentre / 2, 0.85);
  const RowReading rows = read_rows(engine, without_ring(seal, text), centre, 0.3);
  for (const LineReading& line : rows.lines) append(text_of(line), line.confidence, reading);
  reading.rows = rows.quads;
  append(read_number(engine, seal, text), 1, reading);
  return reading;
}

SealReading read_rectangle(ReadingEngine& engine, const SealPicture& seal) {
  SealReading reading;
  const double across = seal.frame.width();
  const double down = seal.frame.height();
  const double rim = 0.09 * std::min(across, down);
  const auto inside = [&](const Quad& quad) {
    const double x = rim / quad.width();
    const double y = rim / quad.height();
    return part_of(quad, x, y, 1 - x, 1 - y);
  };
  if (std::max(across, down) < 1.35 * std::min(across, down)) {
    const auto [text, confidence] = read_square(engine, seal.picture, inside(seal.frame));
    append(text, confidence, reading);
    if (!text.empty()) return reading;
  }
  Quad quad = seal.frame;
  RowReading best;
  for (int turn = 0; turn < 4; ++turn) {
    RowReading rows = read_rows(engine, seal.picture, inside(quad), 1);
    if (rows.worth() > best.worth()) best = std::move(rows);
    const auto characters = static_cast<double>(best.characters());
    if (characters >= kFewest && best.worth() > kGood * characters) break;
    std::rotate(quad.corners.begin(), quad.corners.begin() + 1, quad.corners.end());
  }
  for (const LineReading& line : best.lines) append(text_of(line), line.confidence, reading);
  reading.rows = std::move(best.quads);
  return reading;
}

}  // namespace

SealReading read_seal(ReadingEngine& engine, const CleanPage& page, const SealMark& seal) {
  const Quad delivered = page.to_delivered(seal.quad);
  const Pixels& source = seal.colour == "black" ? page.plane : page.delivered.pixels;
  const SealPicture picture = cut_seal(source, delivered, seal.colour);
  if (picture.picture.empty()) return {};
  SealReading reading =
      seal.shape == "square" ? read_rectangle(engine, picture) : read_round(engine, picture);
  const Affine onto_page =
      page.to_delivered.inverse().after({1, 0, picture.origin.x, 0, 1, picture.origin.y});
  for (Quad& row : reading.rows) row = onto_page(row);
  return reading;
}

}  // namespace archive
