#include "ocr/text/region_reader.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "ocr/text/column.h"
#include "ocr/text/retouch.h"
#include "ocr/text/strip.h"
#include "ocr/text/tick_box.h"
#include "ocr/text/wording.h"

namespace archive {
namespace {

constexpr double kPoor = 0.85;       // of confidence: worth another try
constexpr double kTall = 1.5;        // heights to a width: may be a column
constexpr double kFoundByInk = 0.7;  // confidence asked of what no detector vouches for
constexpr double kFaint = 90;        // grey levels of contrast print of the back may have
constexpr double kWideGap = 1.6;     // heights between two characters that parts a line

Quad mirrored(const Quad& q) { return {{q.corners[1], q.corners[0], q.corners[3], q.corners[2]}}; }

// The line by itself, at the resolution of the page.
Pixels picture_of(const Pixels& page, const Quad& quad) {
  const auto pixels = [](double length, int most) {
    return std::clamp(static_cast<int>(std::lround(length)), 8, most);
  };
  return cut_picture(page, quad, pixels(quad.width(), 6000), pixels(quad.height(), 600));
}

LineReading read_picture(ReadingEngine& engine, const Pixels& picture) {
  return engine.read(picture, Quad::of({0, 0, static_cast<double>(picture.width),
                                        static_cast<double>(picture.height)}));
}

template <typename IsMeant>
bool is_under(const CleanPage& page, const Quad& region, const IsMeant& is_meant) {
  return std::ranges::any_of(page.seals, [&](const SealMark& seal) {
    return is_meant(seal) && overlap(seal.quad.bounds(), region.bounds());
  });
}
bool is_blue(const SealMark& seal) { return seal.colour == "blue"; }
bool is_black(const SealMark& seal) { return seal.colour == "black"; }
bool is_stamp(const SealMark& seal) { return seal.shape == "square"; }

// On a bilevel page a stamp cannot be told from print, but strokes may have been lost with
// the specks, or by the scanner.
LineReading try_again(ReadingEngine& engine, const CleanPage& page, const Quad& quad,
                      bool under_blue) {
  if (under_blue) {
    const Pixels clear = without_colour(picture_of(page.delivered.pixels, quad));
    return read_picture(engine, without_light_ink(clear));
  }
  if (page.delivered.bits_per_pixel != 1) {
    return read_picture(engine, without_light_ink(picture_of(page.plane, quad)));
  }
  LineReading raw = engine.read(page.delivered.pixels, quad);
  LineReading thick =
      read_picture(engine, with_thicker_strokes(picture_of(page.delivered.pixels, quad)));
  return thick.confidence > raw.confidence ? thick : raw;
}

LineReading surer(LineReading a, LineReading b) {
  return b.confidence > a.confidence ? std::move(b) : std::move(a);
}

LineReading read_line(ReadingEngine& engine, const CleanPage& page, const TextRegion& region,
                      const Quad& quad) {
  LineReading reading = engine.read(page.plane, quad);
  if (region.score == 0) return reading;
  // Strokes of a seal make characters where there are none, and sure ones. On a page with shades
  // they can be told from print: those of a ring by their thickness, a stamp's by their tone.
  const bool sealed = is_under(page, region.quad, is_black);
  const bool stamped = is_under(page, region.quad, is_stamp);
  const bool shaded = page.delivered.bits_per_pixel != 1;
  if (reading.confidence >= kPoor && !(shaded && (sealed || stamped))) return reading;
  if (!(shaded && sealed) || stamped) {
    reading = surer(std::move(reading),
                    try_again(engine, page, quad, is_under(page, region.quad, is_blue)));
  }
  if (!sealed || (reading.confidence >= kPoor && !shaded)) return reading;
  const Pixels bare = without_thick_strokes(picture_of(page.plane, quad));
  return surer(std::move(reading), read_picture(engine, bare));
}

TextLine line_of(const LineReading& reading, std::size_t first, std::size_t last) {
  TextLine line;
  line.chars.assign(reading.chars.begin() + static_cast<std::ptrdiff_t>(first),
                    reading.chars.begin() + static_cast<std::ptrdiff_t>(last));
  double sum = 0;
  for (const TextChar& c : line.chars) {
    line.text += c.text;
    sum += c.confidence;
  }
  line.confidence = line.chars.empty() ? 0 : sum / static_cast<double>(line.chars.size());
  return line;
}

// The pieces of a line between wide gaps; each keeps the part of the quad it fills.
std::vector<TextLine> pieces_of(const LineReading& reading, const Quad& quad) {
  const double em = quad.height() / std::max(1.0, quad.width());
  std::vector<TextLine> pieces;
  for (std::size_t first = 0; first < reading.chars.size();) {
    std::size_t last = first + 1;
    while (last < reading.chars.size() &&
           reading.chars[last].position - reading.chars[last - 1].position < kWideGap * em) {
      ++last;
    }
    TextLine piece = line_of(reading, first, last);
    // A tick box may stand before what was found of the line.
    const double start = reading.chars[first].position - em / 2;
    const double from = first == 0 ? std::min(0.0, start) : start;
    const double to = last == reading.chars.size() ? 1 : reading.chars[last - 1].position + em / 2;
    piece.quad = quad.slice(from, to);
    for (TextChar& c : piece.chars) c.position = (c.position - from) / (to - from);
    pieces.push_back(std::move(piece));
    first = last;
  }
  return pieces;
}

bool is_ours(ReadingEngine& engine, const CleanPage& page, const TextRegion& region,
             const Quad& quad, const LineReading& reading) {
  if (reading.chars.empty()) return false;
  if (region.score == 0) return reading.confidence >= kFoundByInk;
  if (!page.shows_through || region.contrast > kFaint) return true;
  if (reading.confidence >= kPoor && reading.chars.size() > 1) return true;
  return engine.read(page.plane, mirrored(quad)).confidence < reading.confidence;
}

bool by_hand(const TextLine& line) {
  double sum = 0;
  for (const TextChar& c : line.chars) sum += c.by_hand;
  return sum > 0;
}

}  // namespace

std::vector<TextLine> read_region(ReadingEngine& engine, const CleanPage& page,
                                  const TextRegion& region, const OcrSettings& settings) {
  const Quad quad = page.to_delivered(region.quad);
  LineReading reading = read_line(engine, page, region, quad);
  bool vertical = false;
  if (quad.height() > kTall * quad.width()) {
    LineReading column = read_column(engine, page.plane, quad);
    vertical = column.chars.size() > 1 && column.confidence > reading.confidence;
    if (vertical) reading = std::move(column);
  }
  if (!is_ours(engine, page, region, quad, reading)) return {};
  if (!vertical) mark_tick_boxes(page.plane, quad, is_under(page, region.quad, is_black), reading);
  settle_wording(reading);

  std::vector<TextLine> lines;
  if (vertical) {
    lines.push_back(line_of(reading, 0, reading.chars.size()));
    lines.front().quad = region.quad;
  } else {
    lines = pieces_of(reading, region.quad);
  }
  for (TextLine& line : lines) {
    line.vertical = vertical;
    line.engine = engine.name();
    line.unsure = line.confidence < settings.unsure_confidence;
    if (by_hand(line)) line.kind = LineKind::handwritten;
  }
  return lines;
}

}  // namespace archive
