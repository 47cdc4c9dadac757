#include "ocr/form/ticks.h"

#include <algorithm>
#include <cmath>

#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr double kBoxEms = 1.25;  // from the option's first character to the left
constexpr double kMarginSure = 1.6;

/// Darkness of an upright box: how far its pixels lie below the paper, on average.
double ink_in(const Pixels& pixels, const Box& box) {
  const int left = std::clamp(static_cast<int>(box.left), 0, pixels.width);
  const int right = std::clamp(static_cast<int>(box.right), 0, pixels.width);
  const int top = std::clamp(static_cast<int>(box.top), 0, pixels.height);
  const int bottom = std::clamp(static_cast<int>(box.bottom), 0, pixels.height);
  if (right - left < 2 || bottom - top < 2) return 0;
  // Red ink of a seal is no tick: the red channel hides it.
  const int step = pixels.channels, channel = pixels.channels == 3 ? 2 : 0;
  std::vector<int> values;
  values.reserve(static_cast<std::size_t>((right - left) * (bottom - top)));
  for (int y = top; y < bottom; ++y) {
    const std::uint8_t* row = pixels.row(y);
    for (int x = left; x < right; ++x) values.push_back(row[x * step + channel]);
  }
  const auto bright = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 4 / 5);
  std::nth_element(values.begin(), bright, values.end());
  const int paper = *bright;
  double dark = 0;
  for (int value : values) dark += std::max(0, paper - value);
  return dark / (static_cast<double>(values.size()) * 255);
}

double em_of(const std::vector<Sign>& signs) {
  double width = 0;
  for (const Sign& sign : signs) width = std::max(width, sign.x1 - sign.x0);
  return width;
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
                             const std::vector<std::string>& options, const Pixels& pixels) {
  Ticked result{options_in(signs, options), -1, 0};
  if (result.options.size() < 2 || pixels.empty()) return std::nullopt;
  const double em = em_of(signs);
  double most = 0, second = 0;
  for (int i = 0; i < static_cast<int>(result.options.size()); ++i) {
    Option& option = result.options[static_cast<std::size_t>(i)];
    const Sign& first = option.signs.front();
    option.ink = ink_in(pixels, {first.x0 - kBoxEms * em, first.y - 0.75 * em, first.x0 - 0.05 * em,
                                 first.y + 0.55 * em});
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
