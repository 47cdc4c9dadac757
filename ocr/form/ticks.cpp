#include "ocr/form/ticks.h"

#include <algorithm>
#include <cmath>

#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr double kBoxEms = 1.25;  // from the option's first character to the left
constexpr double kMarginSure = 1.6;

/// How dark each pixel of a box is against the paper, 0..255.
struct Darkness {
  int width = 0, height = 0;
  std::vector<int> values;

  Darkness(const Pixels& pixels, const Box& box) {
    const int left = std::clamp(static_cast<int>(box.left), 0, pixels.width);
    const int right = std::clamp(static_cast<int>(box.right), left, pixels.width);
    const int top = std::clamp(static_cast<int>(box.top), 0, pixels.height);
    const int bottom = std::clamp(static_cast<int>(box.bottom), top, pixels.height);
    width = right - left;
    height = bottom - top;
    // Red ink of a seal is no tick: the red channel hides it.
    const int step = pixels.channels, channel = pixels.channels == 3 ? 2 : 0;
    for (int y = top; y < bottom; ++y) {
      const std::uint8_t* row = pixels.row(y);
      for (int x = left; x < right; ++x) values.push_back(row[x * step + channel]);
    }
    if (values.empty()) return;
    std::vector<int> sorted = values;
    const auto bright = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 4 / 5);
    std::nth_element(sorted.begin(), bright, sorted.end());
    const int paper = *bright;
    for (int& value : values) value = std::max(0, paper - value);
  }

  int at(int x, int y) const { return values[static_cast<std::size_t>(y * width + x)]; }
};

/// Mean darkness of a box, 0..1, without the rules of a table that pass right through.
double ink_in(const Pixels& pixels, const Box& box) {
  const Darkness dark(pixels, box);
  if (dark.width < 4 || dark.height < 4) return 0;
  constexpr int kDark = 50;
  std::vector<bool> rule_column(static_cast<std::size_t>(dark.width));
  for (int x = 0; x < dark.width; ++x) {
    int count = 0;
    for (int y = 0; y < dark.height; ++y) count += dark.at(x, y) > kDark ? 1 : 0;
    rule_column[static_cast<std::size_t>(x)] = count * 20 > dark.height * 19;
  }
  double sum = 0;
  for (int y = 0; y < dark.height; ++y) {
    int count = 0;
    for (int x = 0; x < dark.width; ++x) count += dark.at(x, y) > kDark ? 1 : 0;
    if (count * 20 > dark.width * 19) continue;
    for (int x = 0; x < dark.width; ++x) {
      if (!rule_column[static_cast<std::size_t>(x)]) sum += dark.at(x, y);
    }
  }
  return sum / (static_cast<double>(dark.values.size()) * 255);
}

/// Where the options stand; the longer of two that begin alike wins.
std::vector<Option> options_in(const std::vector<Sign>& signs,
                               const std::vector<std::string>& options) {
  std::u32string text;
  for (const Sign& sign : signs) text += sign.c;
  std::vector<Option> found;
  std::vector<std::size_t> taken;
  std::vector<std::u32string> wanted;
  for (const std::string& option : options) wanted.push_back(folded(option));
  std::ranges::sort(wanted, std::greater{}, &std::u32string::size);
  for (const std::u32string& option : wanted) {
    for (auto at = text.find(option); at != std::u32string::npos; at = text.find(option, at + 1)) {
      const auto inside = [&](std::size_t place) {
        return place >= at && place < at + option.size();
      };
      if (std::ranges::any_of(taken, inside)) continue;
      for (std::size_t i = 0; i < option.size(); ++i) taken.push_back(at + i);
      found.push_back({option,
                       {signs.begin() + static_cast<std::ptrdiff_t>(at),
                        signs.begin() + static_cast<std::ptrdiff_t>(at + option.size())},
                       0});
      break;
    }
  }
  std::ranges::sort(found, {},
                    [](const Option& o) { return std::pair(o.signs[0].y, o.signs[0].x0); });
  return found;
}

}  // namespace

std::optional<Ticked> ticked(const std::vector<Sign>& signs,
                             const std::vector<std::string>& options, const Pixels& pixels,
                             double em) {
  Ticked result{options_in(signs, options), -1, 0};
  if (result.options.size() < 2 || pixels.empty()) return std::nullopt;
  double most = 0, second = 0;
  for (int i = 0; i < static_cast<int>(result.options.size()); ++i) {
    Option& option = result.options[static_cast<std::size_t>(i)];
    const Sign& first = option.signs.front();
    const double left = (first.x0 + first.x1 - em) / 2;
    option.ink = ink_in(
        pixels, {left - kBoxEms * em, first.y - 0.75 * em, left - 0.05 * em, first.y + 0.55 * em});
    if (option.ink > most) {
      second = most;
      most = option.ink;
      result.chosen = i;
    } else {
      second = std::max(second, option.ink);
    }
  }
  if (result.chosen < 0) return std::nullopt;
  const double margin = most / std::max(second, 1e-3);
  result.confidence = std::clamp(0.5 + 0.45 * (margin - 1) / (kMarginSure - 1), 0.5, 0.98);
  return result;
}

}  // namespace archive::form
