#include "ocr/text/tick_box.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/utf8.h"
#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr std::u32string_view kSuspects = U"口囗冂□☐☑√∨MVNHZD7」「";
constexpr std::u32string_view kFramed = U"日曰回白四因囚凶区网冈门图团园";  // when hardly read
constexpr double kHardly = 0.6;
constexpr std::u32string_view kMouthWords = U"户人路出入进门港窗缺";  // 户口, 人口, 路口 ...

constexpr int kSide = 48;
constexpr double kReach = 0.62;     // of a height to each side of the character's centre
constexpr double kStraight = 0.36;  // of the height: a stroke of the frame is longer
constexpr double kLeastSide = 0.36, kMostSide = 0.95;
constexpr double kTicked = 0.06;  // of the inside: ink of a tick

struct Span {
  int first = -1;
  int last = -1;
  bool between = false;  // another long stroke in the middle third

  int length() const { return last - first; }
};

class Ink {
 public:
  explicit Ink(const Pixels& picture) : picture_(picture) {
    const auto [dark, light] = std::ranges::minmax(picture.bytes);
    threshold_ = dark + (light - dark) / 2;
    clear_ = light - dark > 60;
  }
  bool clear() const { return clear_; }
  bool at(int x, int y) const { return picture_.row(y)[x] < threshold_; }

  // Longest run of ink in a column, or in a row.
  int run(int line, bool column) const {
    const int length = column ? picture_.height : picture_.width;
    int longest = 0;
    int run = 0;
    for (int i = 0; i < length; ++i) {
      run = (column ? at(line, i) : at(i, line)) ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    return longest;
  }

  Span strokes(bool column) const {
    const int lines = column ? picture_.width : picture_.height;
    Span span;
    for (int i = 0; i < lines; ++i) {
      if (run(i, column) < kStraight * kSide) continue;
      if (span.first < 0) span.first = i;
      span.last = i;
    }
    for (int i = span.first + span.length() / 3 + 1; i < span.last - span.length() / 3; ++i) {
      span.between |= run(i, column) > 0.85 * span.length();
    }
    return span;
  }

  double share(int left, int top, int right, int bottom) const {
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

enum class Frame { none, empty, ticked };

Frame frame_in(const Pixels& picture) {
  const Ink ink(picture);
  if (!ink.clear()) return Frame::none;
  const Span across = ink.strokes(true);
  const Span down = ink.strokes(false);
  const auto fits = [](const Span& span) {
    return span.first >= 0 && span.length() > kLeastSide * kSide &&
           span.length() < kMostSide * kSide && !span.between;
  };
  if (!fits(across) || !fits(down)) return Frame::none;
  const double aspect = static_cast<double>(across.length()) / down.length();
  if (aspect < 0.7 || aspect > 1.4) return Frame::none;
  const int inset = std::max(5, down.length() / 5);
  const double inside =
      ink.share(across.first + inset, down.first + inset, across.last - inset, down.last - inset);
  return inside > kTicked ? Frame::ticked : Frame::empty;
}

char32_t first_of(const TextChar& c) {
  const std::u32string points = code_points(c.text);
  return points.empty() ? U' ' : points.front();
}

}  // namespace

void mark_tick_boxes(const Pixels& grey, const Quad& quad, LineReading& reading) {
  const double em = quad.height() / std::max(1.0, quad.width());
  for (std::size_t i = 0; i < reading.chars.size(); ++i) {
    TextChar& c = reading.chars[i];
    const char32_t read = first_of(c);
    const bool framed = c.confidence < kHardly && kFramed.find(read) != kFramed.npos;
    if (!framed && kSuspects.find(read) == kSuspects.npos) continue;
    const char32_t before = i == 0 ? U' ' : first_of(reading.chars[i - 1]);
    if (read == U'口' && kMouthWords.find(before) != kMouthWords.npos) continue;
    const int width = static_cast<int>(2 * kReach * kSide);
    const Quad place = quad.slice(c.position - kReach * em, c.position + kReach * em);
    const Frame frame = frame_in(cut_picture(grey, place, width, kSide));
    if (frame != Frame::none) c.text = frame == Frame::empty ? "□" : "☑";
  }
}

}  // namespace archive
