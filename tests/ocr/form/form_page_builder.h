#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>

#include "core/page.h"
#include "core/utf8.h"

namespace archive {

/// Lays out a page for a test as a recogniser would hand it over: lines of text with the
/// places of their characters, and a grey picture with rules and tick boxes. A4 at
/// 200 dpi; the letters themselves are not drawn.
class FormPageBuilder {
 public:
  static constexpr int kWidth = 1653, kHeight = 2339;
  static constexpr double kEm = 29;  // 10.5 points

  FormPageBuilder() {
    page_.clean.pixels.width = kWidth;
    page_.clean.pixels.height = kHeight;
    page_.clean.pixels.bytes.assign(static_cast<std::size_t>(kWidth) * kHeight, 250);
  }

  struct Style {
    double em = kEm;
    double confidence = 0.99;
    bool unsure = false;
    bool handwritten = false;
  };

  /// A line of text whose upper left corner is at a place. A space is half an em wide.
  FormPageBuilder& text(double x, double y, std::string_view words, Style style) {
    double width = 0;
    for (char32_t c : code_points(words)) width += advance(c) * style.em;
    TextLine line;
    line.text = words;
    const double pad = 0.15 * style.em;
    line.quad = Quad::of({x, y - pad, x + width, y + style.em + pad});
    line.confidence = style.confidence;
    line.unsure = style.unsure;
    line.kind = style.handwritten ? LineKind::handwritten : LineKind::printed;
    double passed = 0;
    for (char32_t c : code_points(words)) {
      const double own = advance(c) * style.em;
      if (c != U' ') line.chars.push_back({utf8(c), (passed + own / 2) / width, style.confidence});
      passed += own;
    }
    page_.lines.push_back(std::move(line));
    return *this;
  }
  FormPageBuilder& text(double x, double y, std::string_view words) {
    return text(x, y, words, Style());
  }

  /// A seal that was read.
  FormPageBuilder& seal(std::string_view words, double confidence) {
    page_.seals.push_back(
        {Quad::of({900, 1800, 1200, 2100}), "red", "round", std::string(words), confidence});
    return *this;
  }

  /// A large centred line near the top.
  FormPageBuilder& title(std::string_view words) {
    Style style;
    style.em = 44;
    double width = 0;
    for (char32_t c : code_points(words)) width += advance(c) * style.em;
    return text((kWidth - width) / 2, 160, words, style);
  }

  /// A ruled cell with text in its middle.
  FormPageBuilder& cell(int left, int top, int right, int bottom, std::string_view words = "") {
    rule(left, top, right, top + 1);
    rule(left, bottom, right, bottom + 1);
    rule(left, top, left + 1, bottom);
    rule(right, top, right + 1, bottom);
    if (!words.empty()) text(left + 12, (top + bottom - kEm) / 2, words);
    return *this;
  }

  /// A row of ruled cells of one height: edges[i] to edges[i + 1].
  FormPageBuilder& row(int top, int bottom, std::initializer_list<int> edges,
                       std::initializer_list<std::string_view> words) {
    auto edge = edges.begin();
    for (std::string_view word : words) {
      cell(*edge, top, *(edge + 1), bottom, word);
      ++edge;
    }
    return *this;
  }

  FormPageBuilder& rule(int left, int top, int right, int bottom) {
    for (int y = std::max(0, top); y <= std::min(bottom, kHeight - 1); ++y) {
      std::uint8_t* pixels = page_.clean.pixels.row(y);
      for (int x = std::max(0, left); x <= std::min(right, kWidth - 1); ++x) pixels[x] = 40;
    }
    return *this;
  }

  /// A tick box as large as a hanzi.
  FormPageBuilder& box(int left, int top, bool ticked) {
    const int side = static_cast<int>(0.8 * kEm);
    rule(left, top, left + side, top);
    rule(left, top + side, left + side, top + side);
    rule(left, top, left, top + side);
    rule(left + side, top, left + side, top + side);
    for (int i = 3; ticked && i < side; ++i) rule(left + i, top + i - 2, left + i + 2, top + i);
    return *this;
  }

  /// The ring of a black seal, drawn and found, over whatever lies there.
  FormPageBuilder& ring(int x, int y, int radius) {
    for (double angle = 0; angle < 2 * std::numbers::pi; angle += 1.0 / radius) {
      const int at = x + static_cast<int>(radius * std::cos(angle));
      const int down = y + static_cast<int>(radius * std::sin(angle));
      rule(at - 3, down - 3, at + 3, down + 3);
    }
    const double left = x - radius, top = y - radius;
    page_.clean.seals.push_back(
        {Quad::of({left, top, left + 2.0 * radius, top + 2.0 * radius}), "black", "round", {}});
    return *this;
  }

  RecognizedPage& page() { return page_; }
  RecognizedPage build() const { return page_; }

 private:
  static double advance(char32_t c) { return c < 0x2E80 ? 0.55 : 1.0; }

  RecognizedPage page_;
};

}  // namespace archive
