#include "viewer/hocr.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/running_text.h"
#include "core/utf8.h"

namespace archive {
namespace {

// Lines belong together when the next begins less than this part of a line below the last.
constexpr double kGapMax = 1.0;

int whole(double value) { return static_cast<int>(std::lround(value)); }

// XML 1.0 knows no other characters, not even as references (2.2).
bool is_xml(char32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char32_t c : code_points(text)) {
    if (c == U'&') {
      out += "&amp;";
    } else if (c == U'<') {
      out += "&lt;";
    } else if (c == U'>') {
      out += "&gt;";
    } else if (c == U'"') {
      out += "&quot;";
    } else if (c == U'\'') {
      out += "&#39;";
    } else {
      out += utf8(is_xml(c) ? c : char32_t{0xFFFD});
    }
  }
  return out;
}

// Delimited strings of properties have no escapes (hOCR 1.2, "Grammar").
std::string quoted(std::string text) {
  std::ranges::replace(text, '"', '\'');
  return "\"" + text + "\"";
}

std::string bbox(const Box& box) {
  return "bbox " + std::to_string(std::max(0, whole(box.left))) + " " +
         std::to_string(std::max(0, whole(box.top))) + " " +
         std::to_string(std::max(0, whole(box.right))) + " " +
         std::to_string(std::max(0, whole(box.bottom)));
}

std::string element(const char* name, const char* kind, const std::string& id,
                    const std::string& title) {
  return std::string("<") + name + " class=\"" + kind + "\" id=\"" + id + "\" title=\"" +
         escaped(title) + "\">";
}

std::string decimal(double value, double unit) {
  const double rounded = std::round(value * unit) / unit;
  std::string text = std::to_string(rounded == 0 ? 0.0 : rounded);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

/// A line with what is written of it.
struct Line {
  const TextLine* line;
  std::vector<Letter> letters;
  Box box;
};

std::string lie_of(const Line& line, int rotation) {
  // Anticlockwise; the paper's turn counts clockwise.
  if (rotation != 0) return "; textangle " + std::to_string(360 - rotation);
  if (line.line->vertical) return "";
  const auto& corners = line.line->quad.corners;
  const Point left = corners[3];
  const Point right = corners[2];
  const double run = right.x - left.x;
  if (run <= 0) return "";
  const double slope = (right.y - left.y) / run;
  const double at_left = left.y + slope * (line.box.left - left.x);
  return "; baseline " + decimal(slope, 10000) + " " + decimal(at_left - line.box.bottom, 10);
}

std::string line_of(const Line& line, const std::string& id, int rotation) {
  std::string text =
      element("span", "ocr_line", "line_" + id, bbox(line.box) + lie_of(line, rotation));
  bool first = true;
  int number = 0;
  for (const WordSpan word : words_of(line.letters)) {
    const Box box =
        part_of(*line.line, line.letters[word.first].from, line.letters[word.last - 1].to).bounds();
    std::string content;
    std::string confidences;
    for (std::size_t i = word.first; i < word.last; ++i) {
      const Letter& letter = line.letters[i];
      content += letter.text;
      confidences += " " + std::to_string(std::clamp(whole(letter.confidence * 100), 0, 100));
    }
    const int sure = std::clamp(whole(confidence_of(line.letters, word) * 100), 0, 100);
    if (!first) text += " ";
    text += element("span", "ocrx_word", "word_" + id + "_" + std::to_string(++number),
                    bbox(box) + "; x_wconf " + std::to_string(sure) + "; x_confs" + confidences) +
            escaped(content) + "</span>";
    first = false;
  }
  return text + "</span>\n";
}

// Whether `next` goes on below `last` in the same column of text, on paper that lies upright.
bool goes_on(const Line& last, const Line& next) {
  if (last.line->vertical || next.line->vertical || last.line->kind != next.line->kind) {
    return false;
  }
  const double height = std::max(last.box.height(), next.box.height());
  const double gap = next.box.top - last.box.bottom;
  return gap < kGapMax * height && next.box.top > last.box.top + height / 2 &&
         last.box.left < next.box.right && next.box.left < last.box.right;
}

}  // namespace

std::string hocr_head(const std::string& title, const std::string& system, int pages) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
         "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
         "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"zh\" lang=\"zh\">\n<head>\n"
         "<title>" +
         escaped(title) +
         "</title>\n"
         "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\" />\n"
         "<meta name=\"ocr-system\" content=\"" +
         escaped(system) +
         "\" />\n"
         "<meta name=\"ocr-capabilities\" content=\"ocr_page ocr_carea ocr_line ocrx_word\" />\n"
         "<meta name=\"ocr-number-of-pages\" content=\"" +
         std::to_string(pages) +
         "\" />\n<meta name=\"ocr-langs\" content=\"zh\" />\n</head>\n<body>\n";
}

std::string hocr_of(const PageLayout& layout, const HocrPage& page) {
  const std::string number = std::to_string(page.number + 1);
  std::string properties = "image " + quoted(page.image) + "; bbox 0 0 " +
                           std::to_string(layout.width) + " " + std::to_string(layout.height) +
                           "; ppageno " + std::to_string(page.number);
  if (page.dpi_x > 0 && page.dpi_y > 0) {
    properties +=
        "; scan_res " + std::to_string(whole(page.dpi_x)) + " " + std::to_string(whole(page.dpi_y));
  }
  std::vector<Line> lines;
  for (const TextLine& line : layout.lines) {
    std::vector<Letter> letters = running_text(line);
    if (!letters.empty()) lines.push_back({&line, std::move(letters), line.quad.bounds()});
  }
  std::string text = element("div", "ocr_page", "page_" + number, properties) + "\n";
  int area = 0;
  for (std::size_t at = 0; at < lines.size();) {
    std::size_t end = at + 1;
    Box box = lines[at].box;
    while (end < lines.size() && layout.rotation == 0 && goes_on(lines[end - 1], lines[end])) {
      box = joined(box, lines[end++].box);
    }
    const std::string id = number + "_" + std::to_string(++area);
    text += element("div", "ocr_carea", "area_" + id, bbox(box)) + "\n";
    for (int line = 1; at < end; ++at, ++line) {
      text += line_of(lines[at], id + "_" + std::to_string(line), layout.rotation);
    }
    text += "</div>\n";
  }
  return text + "</div>\n";
}

std::string hocr_tail() { return "</body>\n</html>\n"; }

}  // namespace archive
