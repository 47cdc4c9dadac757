#include "store/records/quad_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "core/error.h"

namespace archive {
namespace {

// Far beyond any page, and far below where tenths are lost.
constexpr double kFarthest = 1e9;

void append(std::string& text, double coordinate) {
  const double bounded =
      std::isfinite(coordinate) ? std::fmax(-kFarthest, std::fmin(kFarthest, coordinate)) : 0.0;
  std::int64_t tenths = std::llround(bounded * 10);
  if (tenths < 0) {
    text += '-';
    tenths = -tenths;
  }
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), tenths / 10).ptr;
  text.append(digits.data(), end);
  if (tenths % 10 != 0) {
    text += '.';
    text += static_cast<char>('0' + tenths % 10);
  }
}

/// Takes one number and the character after it, if any, off the front.
bool take(std::string_view& text, double& number, char after) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (after == '\0') return text.empty();
  if (!text.starts_with(after)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::string quad_text(const Quad& quad) {
  if (quad == Quad{}) return {};
  std::string text;
  text.reserve(64);
  for (const Point& corner : quad.corners) {
    if (!text.empty()) text += ' ';
    append(text, corner.x);
    text += ',';
    append(text, corner.y);
  }
  return text;
}

Quad parse_quad(std::string_view text) {
  Quad quad;
  if (text.empty()) return quad;
  for (Point& corner : quad.corners) {
    const char after = &corner == &quad.corners.back() ? '\0' : ' ';
    if (take(text, corner.x, ',') && take(text, corner.y, after)) continue;
    throw ArchiveError(ErrorKind::records, "records", "a place on a page cannot be read",
                       "run `juanzong verify`; `juanzong backup restore` makes the archive again");
  }
  return quad;
}

}  // namespace archive
