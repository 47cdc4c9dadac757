#include "ocr/text/tick_box.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/utf8.h"
#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr std::u32string_view kSuspects = U"口囗冂□☐☑√∨MVNHZD7」「［[〔【匚";
constexpr std::u32string_view kFramed =
    U"日曰回白四因囚凶区网冈门图团园中田甲申由";  // when hardly read
constexpr double kHardly = 0.6;
constexpr std::u32string_view kMouthWords = U"户人路出入进门港窗缺";  // 户口, 人口, 路口 ...

constexpr int kSide = 48;
constexpr double kReach = 0.62;     // of a height to each side of the character's centre
constexpr double kStraight = 0.36;  // of the height: a stroke of the frame is longer
constexpr double kLeastSide = 0.36, kMostSide = 0.95;
constexpr double kSquare = 0.7;     // of one side to the other
constexpr double kRail = 0.85;      // of a rail that is ink
constexpr double kTicked = 0.06;    // of the inside: ink of a tick
constexpr int kMoat = 8;            // px from a side: there is paper before
constexpr double kMoatInk = 0.08;   // of a row or column of that paper
constexpr double kMoatTick = 0.25;  // with a tick that crosses it

// Where a box may have been missed; in heights of the line.
constexpr double kBefore = 1.1;                        // in front of a line
constexpr double kWideGap = 1.6;                       // what is wider parts two pieces
constexpr double kHalfWide = 0.4, kHalfNarrow = 0.22;  // half a character
constexpr double kSeen = 0.9;  // confidence of a box that was seen and not read

// A straight stroke: where it stands, and from where to where it runs.
struct Stroke {
  int at = 0;
  int first = 0;
  int last = -1;

  int length() const { return last - first + 1; }
};

class Ink {
 public:
  explicit Ink(const Pixels& picture) : picture_(picture) {
    const auto [dark, light] = std::ranges::minmax(picture.bytes);
    // The frame may be much paler than the tick in it.
    threshold_ = light - (light - dark) * 3 / 10;
    clear_ = light - dark > 60;
  }
  bool clear() const { return clear_; }
  int width() const { return picture_.width; }
  int height() const { return picture_.height; }
  bool at(int x, int y) const { return picture_.row(y)[x] < threshold_; }

  Stroke longest_in_column(int x) const {
    Stroke longest{x, 0, -1};
    Stroke run{x, 0, -1};
    for (int y = 0; y < picture_.height; ++y) {
      if (!at(x, y)) {
        run.first = y + 1;
        continue;
      }
      run.last = y;
      if (run.length() > longest.length()) longest = run;
    }
    return longest;
  }

  /// Share of the columns between two that have ink in a row or in one beside it.
  double share_of_row(int y, int left, int right) const {
    int ink = 0;
    for (int x = left; x <= right; ++x) {
      bool any = false;
      for (int beside = std::max(0, y - 1); beside <= std::min(y + 1, picture_.height - 1);
           ++beside) {
        any |= at(x, beside);
      }
      ink += any ? 1 : 0;
    }
    return static_cast<double>(ink) / (right - left + 1);
  }

  double share_inside(int left, int top, int right, int bottom) const {
    int ink = 0;
    int all = 0;
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        ink += at(x, y) ? 1 : 0;
        ++all;
      }
    }
    return all > 0 ? static_cast<double>(ink) / all : 0;
  }

 private:
  const Pixels& picture_;
  int threshold_ = 0;
  bool clear_ = false;
};

// A square of straight strokes, in pixels of the picture it was found in.
struct Frame {
  int left = 0;
  int right = 0;
  bool ticked = false;
};

// Strokes of a seal that cross text make squares too, and so do words. What may be one of these
// is a box only if it stands by itself: its corners are closed, all but one that the tick may run
// over, and there is paper beside each of its sides.
bool is_closed(const Stroke& left, const Stroke& right, int top, int bottom) {
  const int slack = std::max(2, (bottom - top) / 6);
  const int open[] = {top - left.first, top - right.first, left.last - bottom, right.last - bottom};
  return std::ranges::count_if(open, [&](int beyond) { return beyond > slack; }) <= 1;
}

bool stands_alone(const Ink& ink, const Stroke& left, const Stroke& right, int top, int bottom) {
  const auto paper_in_rows = [&](int from, int step, double most) {
    for (int y = from; std::abs(y - from) < kMoat; y += step) {
      if (y < 0 || y >= ink.height()) return true;
      if (ink.share_inside(left.at, y, right.at + 1, y + 1) <= most) return true;
    }
    return false;
  };
  const auto paper_in_columns = [&](int from, int step, double most) {
    for (int x = from; std::abs(x - from) < kMoat; x += step) {
      if (x < 0 || x >= ink.width()) return true;
      if (ink.share_inside(x, top, x + 1, bottom + 1) <= most) return true;
    }
    return false;
  };
  // A tick runs out at the upper right; below 甲 and beside 由 with a radical it is no tick.
  return is_closed(left, right, top, bottom) && paper_in_rows(top, -1, kMoatTick) &&
         paper_in_rows(bottom, 1, kMoatInk) && paper_in_columns(left.at, -1, kMoatInk) &&
         paper_in_columns(right.at, 1, kMoatTick);
}

// Two uprights, and a rail along the top and the bottom from one to the other.
std::optional<Frame> frame_between(const Ink& ink, const Stroke& left, const Stroke& right,
                                   bool strictly) {
  const int width = right.at - left.at;
  const int top = std::max(left.first, right.first);
  const int bottom = std::min(left.last, right.last);
  const int height = bottom - top;
  if (width < kLeastSide * kSide || width > kMostSide * kSide) return std::nullopt;
  if (height < kSquare * width || height * kSquare > width) return std::nullopt;
  // A tick may lengthen an upright, never shorten it: the rails decide.
  if (ink.share_of_row(top, left.at, right.at) < kRail ||
      ink.share_of_row(bottom, left.at, right.at) < kRail) {
    return std::nullopt;
  }
  if (strictly && !stands_alone(ink, left, right, top, bottom)) return std::nullopt;
  const int inset = std::max(5, height / 5);
  const double inside =
      ink.share_inside(left.at + inset, top + inset, right.at - inset, bottom - inset);
  return Frame{left.at, right.at, inside > kTicked};
}

// The first frame from the left that holds one of the columns from `first` to `last`.
std::optional<Frame> frame_in(const Pixels& picture, int first, int last, bool strictly) {
  const Ink ink(picture);
  if (!ink.clear()) return std::nullopt;
  std::vector<Stroke> uprights;
  for (int x = 0; x < picture.width; ++x) {
    const Stroke stroke = ink.longest_in_column(x);
    if (stroke.length() > kStraight * kSide) uprights.push_back(stroke);
  }
  for (const Stroke& left : uprights) {
    for (const Stroke& right : uprights) {
      if (left.at >= last || right.at <= first || right.at <= left.at) continue;
      if (const auto frame = frame_between(ink, left, right, strictly)) return frame;
    }
  }
  return std::nullopt;
}

// A line of a page.
struct Place {
  const Pixels& grey;
  const Quad& quad;
  double em;    // its height, as a share of its length
  bool sealed;  // a black seal lies on it
};

const char* sign_for(const Frame& frame) { return frame.ticked ? "☑" : "□"; }

char32_t first_of(const TextChar& c) {
  const std::u32string points = code_points(c.text);
  return points.empty() ? U' ' : points.front();
}

void mark_read_ones(const Place& line, LineReading& reading) {
  const double em = line.em;
  for (std::size_t i = 0; i < reading.chars.size(); ++i) {
    TextChar& c = reading.chars[i];
    const char32_t read = first_of(c);
    const bool framed = c.confidence < kHardly && kFramed.find(read) != kFramed.npos;
    if (!framed && kSuspects.find(read) == kSuspects.npos) continue;
    const char32_t before = i == 0 ? U' ' : first_of(reading.chars[i - 1]);
    if (read == U'口' && kMouthWords.find(before) != kMouthWords.npos) continue;
    const int width = static_cast<int>(2 * kReach * kSide);
    const Quad place = line.quad.slice(c.position - kReach * em, c.position + kReach * em);
    const auto frame = frame_in(cut_picture(line.grey, place, width, kSide), width / 2, width / 2,
                                line.sealed || framed);
    if (frame) c.text = sign_for(*frame);
  }
}

std::optional<TextChar> box_between(const Place& line, double from, double to) {
  const double em = line.em;
  const double room = (to - from) / em * kSide;
  if (room < kLeastSide * kSide) return std::nullopt;
  const double margin = kLeastSide * em / 2;
  const int width = static_cast<int>(std::lround(room + kLeastSide * kSide));
  const Quad place = line.quad.slice(from - margin, to + margin);
  const auto frame = frame_in(cut_picture(line.grey, place, width, kSide), 0, width, line.sealed);
  if (!frame) return std::nullopt;
  const double centre = (frame->left + frame->right) / 2.0 / width;
  return TextChar{sign_for(*frame), from - margin + centre * (to - from + 2 * margin), kSeen};
}

double half_width(const TextChar& c, double em) {
  return (first_of(c) < U'\u2E80' ? kHalfNarrow : kHalfWide) * em;
}

// Boxes that no character was read for: before the line, which was found without them, and in
// its gaps. They stand before words; before what is no word there is no box.
void add_missed_ones(const Place& line, LineReading& reading) {
  const double em = line.em;
  std::vector<TextChar> all;
  double from = 0;
  for (const TextChar& c : reading.chars) {
    const double to = c.position - half_width(c, em);
    if (all.empty()) from = to - kBefore * em;
    if (to - from <= kWideGap * em && c.confidence >= kHardly) {
      if (auto box = box_between(line, from, to)) all.push_back(*std::move(box));
    }
    all.push_back(c);
    from = c.position + half_width(c, em);
  }
  reading.chars = std::move(all);
}

}  // namespace

void mark_tick_boxes(const Pixels& grey, const Quad& quad, bool sealed, LineReading& reading) {
  const Place line{grey, quad, quad.height() / std::max(1.0, quad.width()), sealed};
  mark_read_ones(line, reading);
  add_missed_ones(line, reading);
}

}  // namespace archive
