#include "ingest/patch_code.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace archive {
namespace {

constexpr double kNarrowInch = 0.08;
constexpr double kWideInch = 0.20;
constexpr double kTolerance = 0.4;   // of a narrow bar: blur and photocopying widen bars
constexpr double kLengthInch = 1.5;  // of 2, so that a skewed or half-covered code counts
constexpr double kSampleInch = 0.1;  // distance of the lines that are looked at
constexpr int kDark = 110;

constexpr std::array<std::pair<std::string_view, char>, 6> kCodes = {
    {{"1100", '1'}, {"1001", '2'}, {"1010", '3'}, {"0110", '4'}, {"0011", '6'}, {"0101", 'T'}}};

/// Four bars on one line across the page.
struct Crossing {
  std::string_view wide;  // "0101": which bars are wide, first bar first
  int begin = 0;          // on the line
  int end = 0;
  int line = 0;
};

/// Looks at a picture by rows, or by columns as if they were rows.
class View {
 public:
  View(const Pixels& grey, bool by_columns) : grey_(grey), by_columns_(by_columns) {}
  int lines() const { return by_columns_ ? grey_.width : grey_.height; }
  int length() const { return by_columns_ ? grey_.height : grey_.width; }
  bool dark(int line, int at) const {
    return (by_columns_ ? grey_.row(at)[line] : grey_.row(line)[at]) < kDark;
  }

 private:
  const Pixels& grey_;
  bool by_columns_;
};

struct Stretch {
  int begin;
  int end;
};

std::vector<Stretch> dark_stretches(const View& view, int line) {
  std::vector<Stretch> found;
  int begin = -1;
  for (int at = 0; at < view.length(); ++at) {
    const bool dark = view.dark(line, at);
    if (dark && begin < 0) begin = at;
    if (!dark && begin >= 0) {
      found.push_back({begin, at});
      begin = -1;
    }
  }
  return found;
}

bool near(double length, double expected, double narrow) {
  return std::abs(length - expected) <= kTolerance * narrow;
}

std::optional<Crossing> four_bars(const std::vector<Stretch>& stretches, std::size_t first,
                                  double narrow, double wide) {
  std::array<char, 4> marks{};
  for (std::size_t i = 0; i < 4; ++i) {
    const Stretch& bar = stretches[first + i];
    const double length = bar.end - bar.begin;
    if (near(length, narrow, narrow)) {
      marks[i] = '0';
    } else if (near(length, wide, narrow)) {
      marks[i] = '1';
    } else {
      return std::nullopt;
    }
    const bool last = i == 3;
    if (!last && !near(stretches[first + i + 1].begin - bar.end, narrow, narrow)) {
      return std::nullopt;
    }
  }
  const auto code = std::ranges::find(kCodes, std::string_view(marks.data(), 4),
                                      [](const auto& row) { return row.first; });
  if (code == kCodes.end()) return std::nullopt;
  return Crossing{code->first, stretches[first].begin, stretches[first + 3].end, 0};
}

std::vector<Crossing> crossings(const View& view, double dpi) {
  std::vector<Crossing> found;
  const int step = std::max(1, static_cast<int>(kSampleInch * dpi));
  for (int line = step / 2; line < view.lines(); line += step) {
    const std::vector<Stretch> stretches = dark_stretches(view, line);
    for (std::size_t i = 0; i + 4 <= stretches.size(); ++i) {
      if (auto bars = four_bars(stretches, i, kNarrowInch * dpi, kWideInch * dpi)) {
        bars->line = line;
        found.push_back(*bars);
      }
    }
  }
  return found;
}

/// The longest row of crossings that lie one below the other.
std::optional<PatchCode> longest_bars(const View& view, double dpi, bool by_columns) {
  const std::vector<Crossing> all = crossings(view, dpi);
  const int step = std::max(1, static_cast<int>(kSampleInch * dpi));
  for (std::size_t i = 0; i < all.size(); ++i) {
    Crossing last = all[i];
    int begin = last.begin;
    int end = last.end;
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const bool next = all[j].wide == last.wide && all[j].line > last.line &&
                        all[j].line - last.line <= 2 * step &&
                        std::abs(all[j].begin - last.begin) <= step;
      if (!next) continue;
      last = all[j];
      begin = std::min(begin, last.begin);
      end = std::max(end, last.end);
    }
    if (last.line - all[i].line < kLengthInch * dpi) continue;
    std::string marks(last.wide);
    if ((begin + end) / 2 > view.length() / 2) std::ranges::reverse(marks);
    const auto code =
        std::ranges::find(kCodes, std::string_view(marks), [](const auto& r) { return r.first; });
    assert(code != kCodes.end());
    const double top = all[i].line;
    const double bottom = last.line;
    const Box box = by_columns
                        ? Box{top, static_cast<double>(begin), bottom, static_cast<double>(end)}
                        : Box{static_cast<double>(begin), top, static_cast<double>(end), bottom};
    return PatchCode{code->second, Quad::of(box)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PatchCode> find_patch_code(const Pixels& grey, double dpi) {
  assert(grey.channels == 1);
  for (const bool by_columns : {false, true}) {
    if (auto code = longest_bars(View(grey, by_columns), dpi, by_columns)) return code;
  }
  return std::nullopt;
}

}  // namespace archive
