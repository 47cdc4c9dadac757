#include "ocr/text/recognizer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fstream>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"
#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr int kHeight = 48;       // the network's own
constexpr int kWidthStep = 8;     // pixels a step of its answer
constexpr int kWidthLeast = 16;
constexpr int kWidthMost = 4096;  // bounds the memory; some 85 characters

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!is_utf8(line)) lines.clear(), in.setstate(std::ios::failbit);
    lines.push_back(std::move(line));
  }
  if (lines.empty() || !in.eof()) {
    throw ArchiveError(ErrorKind::model_missing, file.string(), "the alphabet cannot be read",
                       "run ./install.sh, or set ocr.engine = \"tesseract\"");
  }
  return lines;
}

struct Step {
  std::size_t best;
  float probability;
};

Step best_of(std::span<const float> row) {
  const auto best = std::ranges::max_element(row);
  return {static_cast<std::size_t>(best - row.begin()), *best};
}

int strip_width(const Quad& quad) {
  const double ideal = kHeight * quad.width() / std::max(1.0, quad.height());
  const int steps = static_cast<int>(std::ceil(std::min(ideal, 1.0 * kWidthMost) / kWidthStep));
  return std::clamp(steps * kWidthStep, kWidthLeast, kWidthMost);
}

double mean_confidence(const std::vector<TextChar>& chars) {
  if (chars.empty()) return 0;
  double sum = 0;
  for (const TextChar& c : chars) sum += c.confidence;
  return sum / static_cast<double>(chars.size());
}

}  // namespace

Alphabet::Alphabet(const std::filesystem::path& file) : Alphabet(lines_of(file)) {}

Alphabet::Alphabet(std::vector<std::string> characters) : characters_(std::move(characters)) {
  characters_.insert(characters_.begin(), std::string());
  characters_.emplace_back(" ");
}

LineReading decode_steps(std::span<const float> probabilities, const Alphabet& alphabet) {
  const std::size_t classes = alphabet.classes();
  assert(probabilities.size() % classes == 0);
  const std::size_t steps = probabilities.size() / classes;
  LineReading reading;
  for (std::size_t first = 0; first < steps;) {
    const Step start = best_of(probabilities.subspan(first * classes, classes));
    float confidence = start.probability;
    std::size_t next = first + 1;
    for (; next < steps; ++next) {
      const Step step = best_of(probabilities.subspan(next * classes, classes));
      if (step.best != start.best) break;
      confidence = std::max(confidence, step.probability);
    }
    if (start.best != 0) {
      const double centre = static_cast<double>(first + next) / 2;
      reading.chars.push_back(
          {alphabet[start.best], centre / static_cast<double>(steps), confidence});
    }
    first = next;
  }
  reading.confidence = mean_confidence(reading.chars);
  return reading;
}

LineReading recognize_line(const Network& network, const Alphabet& alphabet, const Pixels& grey,
                           const Quad& quad) {
  Strip strip = cut_strip(grey, quad, strip_width(quad), kHeight);
  const NetworkAnswer answer = network.run(strip.planes, {1, 3, strip.height, strip.width});
  if (answer.shape().size() != 3 ||
      static_cast<std::size_t>(answer.shape().back()) != alphabet.classes()) {
    throw std::runtime_error("the alphabet does not belong to the recognition model");
  }
  return decode_steps(answer.values(), alphabet);
}

}  // namespace archive
