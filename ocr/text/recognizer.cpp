#include "ocr/text/recognizer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"
#include "ocr/histogram.h"
#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr int kHeight = 48;    // the network's own
constexpr int kWidthStep = 8;  // pixels a step of its answer
constexpr int kWidthLeast = 16;
constexpr int kWidthMost = 4096;  // bounds the memory; some 85 characters

// In steps: how far characters stand apart, wide ones (hanzi) and narrow ones (figures).
struct PitchRange {
  double least, usual, most;
};
constexpr PitchRange kWide{3.5, 5, 7};
constexpr PitchRange kNarrow{1.6, 2.5, 4};
constexpr double kSkippedGap = 1.2;    // usual distances: there one may be missing
constexpr double kRoom = 0.8;          // of the widths of two neighbours
constexpr double kSkippedWide = 0.08;  // probability asked of a character put back
constexpr double kSkippedNarrow = 0.25;
constexpr double kEndWide = 0.15;  // the same at the ends, where rules and dirt stand
constexpr double kEndNarrow = 0.3;
constexpr std::size_t kRimRows = 4;  // of a strip: what the neighbouring lines leave there
constexpr float kInkShare = 0.4F;    // of the way from paper to the darkest: ink
constexpr int kInkLeast = 8;         // pixels of a stroke
constexpr float kAlternativeLeast = 0.005F;
constexpr std::size_t kAlternativesMost = 4;

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

// The network's answer: a row of probabilities for each step.
class Steps {
 public:
  Steps(std::span<const float> probabilities, std::size_t classes)
      : probabilities_(probabilities), classes_(classes) {
    assert(probabilities.size() % classes == 0);
  }
  std::size_t count() const { return probabilities_.size() / classes_; }
  std::span<const float> operator[](std::size_t step) const {
    return probabilities_.subspan(step * classes_, classes_);
  }

 private:
  std::span<const float> probabilities_;
  std::size_t classes_;
};

// Steps next to each other that agree on a character.
struct Run {
  std::size_t best = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  float probability = 0;
  std::size_t peak = 0;  // the step where it is likeliest

  double centre() const { return static_cast<double>(first + last + 1) / 2; }
};

// std::max_element compares one by one; lanes beside each other are many times as fast, and
// this is done for thousands of characters at every step of every line.
std::size_t place_of_largest(std::span<const float> row) {
  // What has more than half of the probability is the likeliest; at most steps that is the gap.
  if (row.front() > 0.5F) return 0;
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= row.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] = row[i + lane] > lanes[lane] ? row[i + lane] : lanes[lane];
    }
  }
  float largest = *std::ranges::max_element(lanes);
  for (; i < row.size(); ++i) largest = std::max(largest, row[i]);
  const auto place = std::ranges::find(row, largest);
  return place == row.end() ? 0 : static_cast<std::size_t>(place - row.begin());
}

std::vector<Run> runs_of(const Steps& steps) {
  std::vector<Run> runs;
  std::size_t before = 0;
  for (std::size_t step = 0; step < steps.count(); ++step) {
    const std::span<const float> row = steps[step];
    const std::size_t best = place_of_largest(row);
    if (best != 0 && best == before) {
      runs.back().last = step;
      if (row[best] > runs.back().probability) {
        runs.back().probability = row[best];
        runs.back().peak = step;
      }
    } else if (best != 0) {
      runs.push_back({best, step, step, row[best], step});
    }
    before = best;
  }
  return runs;
}

bool is_wide(const std::string& character) {
  return !character.empty() && static_cast<unsigned char>(character.front()) >= 0xE2;
}

// The usual distance of two wide characters, or of two narrow ones, in steps.
double pitch_of(const std::vector<Run>& runs, const Alphabet& alphabet, bool wide) {
  const PitchRange& range = wide ? kWide : kNarrow;
  std::vector<double> distances;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (is_wide(alphabet[runs[i - 1].best]) != wide || is_wide(alphabet[runs[i].best]) != wide) {
      continue;
    }
    distances.push_back(runs[i].centre() - runs[i - 1].centre());
  }
  if (distances.empty()) return range.usual;
  // Of two the shorter: the longer one may have lost a character.
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>((distances.size() - 1) / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return std::clamp(*middle, range.least, range.most);
}

// The likeliest character from one step to another, gap or not.
Run likeliest_in(const Steps& steps, const std::vector<bool>& inked, std::size_t from,
                 std::size_t to) {
  Run found;
  for (std::size_t step = from; step < to; ++step) {
    if (!inked.empty() && !inked[step]) continue;
    const std::span<const float> row = steps[step].subspan(1);
    const std::size_t best = place_of_largest(row);
    if (row[best] > found.probability) found = {best + 1, step, step, row[best], step};
  }
  return found;
}

// A rare character may be less likely than the gap at every step, and would vanish without
// a trace: 临沅县 would read 临县. The place it leaves between its neighbours, or its ink before
// the first and after the last, gives it away.
class SkippedCharacters {
 public:
  SkippedCharacters(const std::vector<Run>& runs, const Steps& steps,
                    const std::vector<bool>& inked, const Alphabet& alphabet)
      : runs_(runs),
        steps_(steps),
        inked_(inked),
        alphabet_(alphabet),
        wide_(pitch_of(runs, alphabet, true)),
        narrow_(pitch_of(runs, alphabet, false)) {}

  std::vector<Run> put_back() const {
    if (runs_.size() < 3) return runs_;
    std::vector<Run> all;
    const Run& first = runs_.front();
    const Run before = likeliest_in(steps_, inked_, 0, first.first);
    if (is_likely(before, kEndWide, kEndNarrow) && room(before, first)) all.push_back(before);
    all.push_back(first);
    for (std::size_t i = 1; i < runs_.size(); ++i) add_between(runs_[i - 1], runs_[i], all);
    const Run& last = runs_.back();
    const Run after = likeliest_in(steps_, inked_, last.last + 1, steps_.count());
    if (is_likely(after, kEndWide, kEndNarrow) && room(last, after)) all.push_back(after);
    return all;
  }

 private:
  bool wide(const Run& run) const { return is_wide(alphabet_[run.best]); }
  double width(const Run& run) const { return wide(run) ? wide_ : narrow_; }
  bool room(const Run& a, const Run& b) const {
    return b.centre() - a.centre() >= kRoom * (width(a) + width(b)) / 2;
  }
  bool is_likely(const Run& run, double least_wide, double least_narrow) const {
    return run.probability >= (wide(run) ? least_wide : least_narrow);
  }

  void add_between(const Run& left, const Run& right, std::vector<Run>& all) const {
    if (right.centre() - left.centre() > kSkippedGap * (width(left) + width(right)) / 2) {
      const Run between = likeliest_in(steps_, inked_, left.last + 1, right.first);
      if (is_likely(between, kSkippedWide, kSkippedNarrow) && room(left, between) &&
          room(between, right)) {
        all.push_back(between);
      }
    }
    all.push_back(right);
  }

  const std::vector<Run>& runs_;
  const Steps& steps_;
  const std::vector<bool>& inked_;
  const Alphabet& alphabet_;
  double wide_;
  double narrow_;
};

// A blank between two words leaves the same room as a character that was skipped.
std::vector<bool> inked_steps(const Strip& strip) {
  const auto columns = static_cast<std::size_t>(strip.width);
  const std::span<const float> rows =
      std::span(strip.planes).subspan(kRimRows * columns, (kHeight - 2 * kRimRows) * columns);
  // A strip has the 256 levels of its page: they are counted, which is faster than sorting.
  constexpr float kHalfLevels = 127.5F;
  Histogram counts{};
  std::array<float, 256> values{};
  for (const float value : rows) {
    const auto level = static_cast<std::size_t>((value + 1) * kHalfLevels + 0.5F);
    ++counts[level];
    values[level] = value;
  }
  const auto value_at = [&](double share) {
    const double before = share * static_cast<double>(rows.size() - 1);
    return values[static_cast<std::size_t>(level_after(counts, static_cast<std::size_t>(before)))];
  };
  const float paper = value_at(0.8);
  const float dark = paper - kInkShare * (paper - value_at(0.02));
  std::vector<int> ink(columns / kWidthStep);
  for (std::size_t row = 0; row < rows.size(); row += columns) {
    for (std::size_t x = 0; x < columns; ++x) {
      ink[x / kWidthStep] += rows[row + x] < dark ? 1 : 0;
    }
  }
  std::vector<bool> inked(ink.size());
  for (std::size_t i = 0; i < ink.size(); ++i) {
    // The network sees a little beyond its step.
    const int beside = (i > 0 ? ink[i - 1] : 0) + (i + 1 < ink.size() ? ink[i + 1] : 0);
    inked[i] = ink[i] + beside >= kInkLeast;
  }
  return inked;
}

int strip_width(const Quad& quad) {
  const double ideal = kHeight * quad.width() / std::max(1.0, quad.height());
  const int steps = static_cast<int>(std::ceil(std::min(ideal, 1.0 * kWidthMost) / kWidthStep));
  return std::clamp(steps * kWidthStep, kWidthLeast, kWidthMost);
}

// What else may stand where a run stands. A certain character has no alternatives worth keeping.
std::vector<Alternative> alternatives_of(const Run& run, const Steps& steps,
                                         const Alphabet& alphabet) {
  if (run.probability > 1 - kAlternativeLeast) return {};
  const std::span<const float> row = steps[run.peak];
  std::vector<std::size_t> others;
  for (std::size_t i = 1; i < row.size(); ++i) {
    if (row[i] >= kAlternativeLeast && i != run.best) others.push_back(i);
  }
  std::ranges::sort(others, [row](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  if (others.size() > kAlternativesMost) others.resize(kAlternativesMost);
  std::vector<Alternative> alternatives;
  for (const std::size_t i : others) alternatives.push_back({alphabet[i], row[i]});
  return alternatives;
}

// How likely it is that a run's character is right, and whether a pen drew it.
void note_marks(std::span<const float> marks, TextChar& c) {
  constexpr double kSurest = 1e-6;
  const double p = std::clamp(c.confidence, kSurest, 1 - kSurest);
  c.by_hand = marks[0];
  c.confidence = 1 / (1 + std::exp(-(marks[2] * std::log(p / (1 - p)) + marks[1])));
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

LineReading decode_steps(std::span<const float> probabilities, const Alphabet& alphabet,
                         const std::vector<bool>& inked, std::span<const float> marks) {
  const Steps steps(probabilities, alphabet.classes());
  const std::vector<Run> found = runs_of(steps);
  const std::vector<Run> runs = SkippedCharacters(found, steps, inked, alphabet).put_back();
  LineReading reading;
  for (const Run& run : runs) {
    reading.chars.push_back({alphabet[run.best], run.centre() / static_cast<double>(steps.count()),
                             run.probability, alternatives_of(run, steps, alphabet)});
  }
  reading.confidence = mean_confidence(reading.chars);
  if (marks.empty()) return reading;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    note_marks(marks.subspan(runs[i].peak * kMarks, kMarks), reading.chars[i]);
  }
  return reading;
}

LineReading recognize_line(const Network& network, const Alphabet& alphabet, const Pixels& grey,
                           const Quad& quad) {
  Strip strip = cut_strip(grey, quad, strip_width(quad), kHeight);
  const std::vector<NetworkAnswer> answers =
      network.run(strip.planes, {1, 3, strip.height, strip.width});
  const NetworkAnswer& answer = answers.front();
  if (answer.shape().size() != 3 ||
      static_cast<std::size_t>(answer.shape().back()) != alphabet.classes()) {
    throw std::runtime_error("the alphabet does not belong to the recognition model");
  }
  std::span<const float> marks;
  if (answers.size() > 1) {
    marks = answers[1].values();
    if (marks.size() * alphabet.classes() != answer.values().size() * kMarks) {
      throw std::runtime_error("the second output of the recognition model is not its marks");
    }
  }
  return decode_steps(answer.values(), alphabet, inked_steps(strip), marks);
}

}  // namespace archive
