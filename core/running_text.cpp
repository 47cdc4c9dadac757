#include "core/running_text.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "core/utf8.h"

namespace archive {
namespace {

// In parts of the line's thickness, which is about the size of a Chinese character. Readers of
// a PDF take a step of a tenth for no step at all and one of a sixth for a blank.
constexpr double kLetterMin = 0.2;
constexpr double kBlankMin = 0.3;

bool is_blank(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x2000 && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202F) || c == 0x3000 || c == 0xFEFF;
}

bool downwards(const TextLine& line) {
  return line.vertical && line.quad.height() > line.quad.width();
}

double thickness(const TextLine& line) {
  const Quad quad = along_reading(line);
  return quad.height() / std::max(1.0, quad.width());
}

struct Mark {
  char32_t code_point = 0;
  double centre = 0;
  double confidence = 0;
  const TextChar* read = nullptr;
};

// The code points of the text, each with its character's place. A text that says more than its
// characters do, as that of a text layer does between Latin words, has blanks of its own.
std::vector<Mark> marks_of(const TextLine& line) {
  const std::u32string text = code_points(line.text);
  std::vector<Mark> marks;
  marks.reserve(text.size());
  std::size_t next = 0;
  for (const char32_t c : text) {
    if (next < line.chars.size() && line.chars[next].text == utf8(c)) {
      const TextChar& read = line.chars[next++];
      marks.push_back({c, std::clamp(read.position, 0.0, 1.0), read.confidence, &read});
    } else if (is_blank(c)) {
      marks.push_back({U' ', 0, 1});
    } else {
      break;
    }
  }
  if (marks.size() == text.size() && next == line.chars.size()) return marks;
  marks.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const double centre = (static_cast<double>(i) + 0.5) / static_cast<double>(text.size());
    marks.push_back({text[i], centre, line.confidence});
  }
  return marks;
}

std::vector<Mark> without_needless_blanks(const std::vector<Mark>& marks) {
  std::vector<Mark> kept;
  kept.reserve(marks.size());
  bool pending = false;
  for (const Mark& mark : marks) {
    if (is_blank(mark.code_point)) {
      pending = true;
      continue;
    }
    const bool between_chinese =
        !kept.empty() && is_chinese(kept.back().code_point) && is_chinese(mark.code_point);
    if (pending && !kept.empty() && !between_chinese) kept.push_back({U' ', 0, 1});
    pending = false;
    kept.push_back(mark);
    if (kept.size() > 1) {
      const Mark& before = kept[kept.size() - 2];
      const double least = before.code_point == U' ' ? kept[kept.size() - 3].centre : before.centre;
      kept.back().centre = std::max(kept.back().centre, least);
    }
  }
  return kept;
}

// Where one letter ends and the next begins: the ends of the line, and one edge between any two.
std::vector<double> edges_of(const std::vector<Mark>& marks, double thick) {
  const double half = std::min(1.0, thick) / 2;
  std::vector<double> edges(marks.size() + 1);
  edges.front() = marks.front().centre - half;
  edges.back() = marks.back().centre + half;
  for (std::size_t i = 1; i < marks.size(); ++i) {
    const Mark& before = marks[i - 1];
    const Mark& after = marks[i];
    if (after.code_point == U' ') {
      const double next = marks[i + 1].centre;
      edges[i] = std::min(before.centre + half, (2 * before.centre + next) / 3);
    } else if (before.code_point == U' ') {
      const double last = marks[i - 2].centre;
      edges[i] = std::max(after.centre - half, (2 * after.centre + last) / 3);
    } else {
      edges[i] = (before.centre + after.centre) / 2;
    }
  }
  if (marks.size() > 1) {
    // A narrow letter at an end is as narrow outwards as it is inwards.
    const double inwards = edges[1] - marks.front().centre;
    edges.front() = std::max(edges.front(), marks.front().centre - std::max(inwards, half / 2));
    const double last = marks.back().centre - edges[edges.size() - 2];
    edges.back() = std::min(edges.back(), marks.back().centre + std::max(last, half / 2));
  }
  for (double& edge : edges) edge = std::clamp(edge, 0.0, 1.0);
  return edges;
}

void keep_apart(const std::vector<Mark>& marks, double thick, std::vector<double>& edges) {
  const double share = 0.5 / static_cast<double>(marks.size());
  const auto least = [&](std::size_t i) {
    return std::min(share, thick * (marks[i].code_point == U' ' ? kBlankMin : kLetterMin));
  };
  for (std::size_t i = 0; i < marks.size(); ++i) {
    edges[i + 1] = std::max(edges[i + 1], edges[i] + least(i));
  }
  edges.back() = std::min(edges.back(), 1.0);
  for (std::size_t i = marks.size(); i-- > 0;) {
    edges[i] = std::min(edges[i], edges[i + 1] - least(i));
  }
  edges.front() = std::max(edges.front(), 0.0);
}

}  // namespace

bool is_chinese(char32_t c) {
  return is_hanzi(c) || (c >= 0x2E80 && c <= 0x303F && c != 0x3000) ||
         (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF);
}

Quad along_reading(const TextLine& line) {
  if (!downwards(line)) return line.quad;
  const auto& [a, b, c, d] = line.quad.corners;
  return {{b, c, d, a}};
}

Quad part_of(const TextLine& line, double from, double to) {
  const Quad part = along_reading(line).slice(from, to);
  if (!downwards(line)) return part;
  const auto& [a, b, c, d] = part.corners;
  return {{d, a, b, c}};
}

std::vector<Letter> running_text(const TextLine& line) {
  const std::vector<Mark> marks = without_needless_blanks(marks_of(line));
  std::vector<Letter> letters;
  if (marks.empty()) return letters;
  const double thick = thickness(line);
  std::vector<double> edges = edges_of(marks, thick);
  keep_apart(marks, thick, edges);
  letters.reserve(marks.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const Mark& mark = marks[i];
    letters.push_back({utf8(mark.code_point), mark.code_point, edges[i], edges[i + 1],
                       mark.confidence, mark.read});
  }
  return letters;
}

std::string text_of(const std::vector<Letter>& letters) {
  std::string text;
  for (const Letter& letter : letters) text += letter.text;
  return text;
}

std::vector<WordSpan> words_of(const std::vector<Letter>& letters) {
  std::vector<WordSpan> words;
  bool inside = false;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (letters[i].blank()) {
      inside = false;
    } else if (inside) {
      words.back().last = i + 1;
    } else {
      words.push_back({i, i + 1});
      inside = true;
    }
  }
  return words;
}

double confidence_of(const std::vector<Letter>& letters, WordSpan word) {
  assert(word.first < word.last && word.last <= letters.size());
  const double sum =
      std::accumulate(letters.begin() + static_cast<std::ptrdiff_t>(word.first),
                      letters.begin() + static_cast<std::ptrdiff_t>(word.last), 0.0,
                      [](double total, const Letter& letter) { return total + letter.confidence; });
  return sum / static_cast<double>(word.last - word.first);
}

}  // namespace archive
