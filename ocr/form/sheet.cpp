#include "ocr/form/sheet.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/seal_place.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr std::size_t kLinesMax = 4000;
constexpr double kNarrowShare = 0.55;  // width of a Latin sign or digit in ems
constexpr double kGapEms = 1.6;        // parts a line; a character that was lost leaves one em

double width_in_ems(char32_t c) { return c < 0x2E80 ? kNarrowShare : 1.0; }

struct ReadSign {
  char32_t printed;
  double position;
  double confidence;
  std::vector<Alternative> alternatives = {};
};

/// The characters of a line with their places; a line without is spread evenly.
std::vector<ReadSign> signs_of(const TextLine& line) {
  std::vector<ReadSign> signs;
  for (const TextChar& c : line.chars) {
    const std::u32string points = code_points(c.text);
    if (!points.empty()) {
      signs.push_back({points.front(), c.position, c.confidence, c.alternatives});
    }
  }
  if (!signs.empty()) return signs;
  const std::u32string points = code_points(line.text);
  double all = 0, passed = 0;
  for (char32_t c : points) all += width_in_ems(c);
  for (char32_t c : points) {
    signs.push_back({c, (passed + width_in_ems(c) / 2) / all, line.confidence});
    passed += width_in_ems(c);
  }
  return signs;
}

/// The value that a share of all lie below.
double quantile(std::vector<double> values, double share, double otherwise) {
  if (values.empty()) return otherwise;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// The width of a hanzi: by the closest neighbours, for a line may be spread out; and a
/// box is a quarter higher than its characters.
double em_of(const std::vector<ReadSign>& signs, double width, double height) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < signs.size(); ++i) {
    const double step = (signs[i].position - signs[i - 1].position) * width;
    const double ems = (width_in_ems(signs[i].printed) + width_in_ems(signs[i - 1].printed)) / 2;
    if (step > 0) steps.push_back(step / ems);
  }
  const double by_height = height * 0.75;
  const double by_steps = quantile(std::move(steps), 0.35, by_height);
  return std::clamp(by_steps, by_height * 0.6, by_height * 1.1);
}

Sign placed(const ReadSign& read, const TextLine& line, const Box& box, double em) {
  Sign sign;
  sign.c = folded(read.printed);
  sign.printed = read.printed;
  sign.confidence = read.confidence;
  sign.alternatives = read.alternatives;
  sign.height = box.height();
  if (line.vertical) {
    sign.x0 = box.left;
    sign.x1 = box.right;
    sign.y = box.top + read.position * box.height();
    sign.height = box.width();
    return sign;
  }
  const auto& corners = line.quad.corners;
  const double t = read.position;
  const double x = corners[0].x + (corners[1].x - corners[0].x) * t;
  const double half = width_in_ems(read.printed) * em / 2;
  sign.x0 = x - half;
  sign.x1 = x + half;
  // A line that lies askew, as on a copied card, is followed.
  const double top = corners[0].y + (corners[1].y - corners[0].y) * t;
  const double bottom = corners[3].y + (corners[2].y - corners[3].y) * t;
  sign.y = (top + bottom) / 2;
  sign.height = std::max(1.0, line.quad.height());
  return sign;
}

void close(Piece& piece, const TextLine& line, std::vector<Piece>& pieces) {
  if (piece.signs.empty()) return;
  piece.box = piece.signs.front().box();
  for (const Sign& sign : piece.signs) {
    piece.box = joined(piece.box, sign.box());
    piece.text += sign.c;
  }
  // The box of the line knows the edges better than the middle of a character.
  const Box bounds = line.quad.bounds();
  piece.box.left = std::max(piece.box.left, bounds.left);
  piece.box.right = std::min(std::max(piece.box.right, piece.box.left + 1), bounds.right);
  piece.unsure = line.unsure;
  piece.handwritten = line.kind == LineKind::handwritten;
  pieces.push_back(std::move(piece));
}

/// Two lines of one text may be found as a piece that runs downwards across both, and what is
/// left of them beside it: each of its characters belongs to the line it stands in.
void part_across_lines(const RecognizedPage& page, std::vector<Piece>& pieces) {
  constexpr std::size_t kAcrossMost = 3;
  constexpr double kNear = 0.8;  // of its width
  const auto downwards = [&](const Piece& piece) {
    return page.lines[static_cast<std::size_t>(piece.line)].vertical;
  };
  const auto belongs = [&](const Sign& sign) {
    return std::ranges::any_of(pieces, [&](const Piece& other) {
      const double gap = std::max(other.box.left - sign.x1, sign.x0 - other.box.right);
      return !downwards(other) && std::abs(gap) < kNear * (sign.x1 - sign.x0) &&
             sign.y > other.box.top && sign.y < other.box.bottom;
    });
  };
  std::vector<Piece> parts;
  for (Piece& piece : pieces) {
    if (!downwards(piece) || piece.signs.size() < 2 || piece.signs.size() > kAcrossMost) continue;
    if (!std::ranges::all_of(piece.signs, belongs)) continue;
    for (const Sign& sign : piece.signs) {
      Piece part = piece;
      part.signs = {sign};
      part.text = std::u32string(1, sign.c);
      part.box = sign.box();
      parts.push_back(std::move(part));
    }
    piece.signs.clear();
  }
  std::erase_if(pieces, [](const Piece& piece) { return piece.signs.empty(); });
  pieces.insert(pieces.end(), parts.begin(), parts.end());
}

void add_line(const TextLine& line, int index, std::vector<Piece>& pieces) {
  const std::vector<ReadSign> signs = signs_of(line);
  const Box bounds = line.quad.bounds();
  if (signs.empty() || bounds.width() < 1 || bounds.height() < 1) return;
  const double em = em_of(signs, line.quad.width(), line.quad.height());
  const auto fresh = [&] {
    Piece piece;
    piece.em = em;
    piece.line = index;
    return piece;
  };
  Piece piece = fresh();
  for (const ReadSign& read : signs) {
    Sign sign = placed(read, line, bounds, em);
    sign.line = index;
    if (sign.c == 0) continue;
    const bool apart =
        !line.vertical && !piece.signs.empty() && sign.x0 - piece.signs.back().x1 > kGapEms * em;
    sign.gap_before = piece.signs.empty() || apart ||
                      (!line.vertical && sign.x0 - piece.signs.back().x1 > 0.45 * em);
    if (apart) {
      close(piece, line, pieces);
      piece = fresh();
    }
    piece.signs.push_back(sign);
  }
  close(piece, line, pieces);
}

/// A stroke of a seal's frame that was read as a single figure or letter.
bool is_of_ring(const Piece& piece, const std::vector<SealMark>& seals) {
  if (piece.signs.size() != 1 || is_hanzi(piece.signs.front().c)) return false;
  return std::ranges::any_of(seals, [&](const SealMark& seal) {
    return seal.hides_print() && is_on_frame(seal, {piece.centre_x(), piece.centre_y()});
  });
}

}  // namespace

double overlap(double a0, double a1, double b0, double b1) {
  const double shared = std::min(a1, b1) - std::max(a0, b0);
  const double shorter = std::min(a1 - a0, b1 - b0);
  return shorter <= 0 ? 0 : std::clamp(shared / shorter, 0.0, 1.0);
}

Sheet sheet_of(const RecognizedPage& page) {
  Sheet sheet;
  sheet.width = page.clean.pixels.width;
  sheet.height = page.clean.pixels.height;
  const std::size_t count = std::min(page.lines.size(), kLinesMax);
  for (std::size_t i = 0; i < count; ++i) {
    if (page.lines[i].kind == LineKind::seal) continue;
    add_line(page.lines[i], static_cast<int>(i), sheet.pieces);
  }
  part_across_lines(page, sheet.pieces);
  std::erase_if(sheet.pieces,
                [&](const Piece& piece) { return is_of_ring(piece, page.clean.seals); });
  int id = 0;
  for (Piece& piece : sheet.pieces) {
    for (Sign& sign : piece.signs) sign.id = id++;
  }
  std::vector<double> heights;
  for (const Piece& piece : sheet.pieces) heights.push_back(piece.box.height());
  sheet.line_height = std::max(1.0, quantile(std::move(heights), 0.5, 1));
  for (const Piece& piece : sheet.pieces) {
    sheet.width = std::max(sheet.width, piece.box.right);
    sheet.height = std::max(sheet.height, piece.box.bottom);
  }
  return sheet;
}

std::vector<std::vector<int>> rows_of(const std::vector<Box>& boxes) {
  std::vector<int> order(boxes.size());
  std::iota(order.begin(), order.end(), 0);
  const auto box = [&](int i) -> const Box& { return boxes[static_cast<std::size_t>(i)]; };
  std::ranges::sort(order, {}, [&](int i) { return box(i).top + box(i).bottom; });
  std::vector<std::vector<int>> rows;
  for (int i : order) {
    bool placed = false;
    // Only the last rows can still take a piece: the pieces come by height.
    for (std::size_t back = 0; back < std::min<std::size_t>(rows.size(), 3) && !placed; ++back) {
      std::vector<int>& row = rows[rows.size() - 1 - back];
      const Box& last = box(row.back());
      if (overlap(box(i).top, box(i).bottom, last.top, last.bottom) > 0.5) {
        row.push_back(i);
        placed = true;
      }
    }
    if (!placed) rows.push_back({i});
  }
  for (std::vector<int>& row : rows) std::ranges::sort(row, {}, [&](int i) { return box(i).left; });
  return rows;
}

std::vector<std::vector<int>> rows_of(const std::vector<Piece>& pieces,
                                      const std::vector<int>& which) {
  std::vector<Box> boxes;
  for (int i : which) boxes.push_back(pieces[static_cast<std::size_t>(i)].box);
  std::vector<std::vector<int>> rows = rows_of(boxes);
  for (std::vector<int>& row : rows) {
    for (int& i : row) i = which[static_cast<std::size_t>(i)];
  }
  return rows;
}

}  // namespace archive::form
