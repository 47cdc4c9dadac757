#include "ocr/page/turn.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <utility>

#include "core/geometry.h"
#include "ocr/page/regions.h"

namespace archive {
namespace {

constexpr double kElongated = 1.5;  // shorter patches have no direction to tell
constexpr std::size_t kVoters = 12;
constexpr double kClearVote = 0.35;  // below, the classifier is not believed alone
constexpr std::size_t kReadBothWays = 6;

struct Voter {
  PatchShape shape;
  double weight = 0;

  bool upright() const { return std::abs(shape.angle_degrees) >= 45; }
};

std::vector<Voter> voters_of(const std::vector<TextPatch>& patches,
                             const std::vector<double>& weights) {
  assert(weights.size() == patches.size());
  std::vector<Voter> voters;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    const PatchShape shape = shape_of(patches[i]);
    if (shape.length < kElongated * shape.thickness) continue;
    voters.push_back({shape, weights[i] * shape.length});
  }
  return voters;
}

double weighted_median(std::vector<std::pair<double, double>> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  double half = 0;
  for (const auto& [value, weight] : values) half += weight / 2;
  for (const auto& [value, weight] : values) {
    half -= weight;
    if (half <= 0) return value;
  }
  return values.back().first;
}

// A long thin line knows its slant well, a short thick one hardly.
double slant_of(const std::vector<Voter>& voters, bool sideways) {
  std::vector<std::pair<double, double>> slants;
  for (const Voter& voter : voters) {
    slants.emplace_back(std::remainder(voter.shape.angle_degrees - (sideways ? 90 : 0), 180),
                        voter.weight * voter.shape.length / voter.shape.thickness);
  }
  return weighted_median(slants);
}

// -1 (all on their heads) to 1 (all upright).
double vote_by_shape(ReadingEngine& engine, const Pixels& grey, const std::vector<Voter>& voters,
                     int rotation) {
  double votes = 0;
  double weights = 0;
  for (const Voter& voter : voters) {
    votes += voter.weight * (1 - 2 * engine.upside_down(grey, quad_along(voter.shape, rotation)));
    weights += voter.weight;
  }
  return weights > 0 ? votes / weights : 0;
}

double vote_by_reading(ReadingEngine& engine, const Pixels& grey, const std::vector<Voter>& voters,
                       int rotation) {
  double upright = 0;
  double on_head = 0;
  for (std::size_t i = 0; i < std::min(kReadBothWays, voters.size()); ++i) {
    const PatchShape& shape = voters[i].shape;
    upright += voters[i].weight * engine.read(grey, quad_along(shape, rotation)).confidence;
    on_head += voters[i].weight * engine.read(grey, quad_along(shape, rotation + 180)).confidence;
  }
  return upright + on_head > 0 ? (upright - on_head) / (upright + on_head) : 0;
}

}  // namespace

Turn find_turn(ReadingEngine& engine, const Pixels& grey, const std::vector<TextPatch>& patches,
               const std::vector<double>& weights, std::optional<int> decided) {
  std::vector<Voter> voters = voters_of(patches, weights);
  double level = 0;
  double upright = 0;
  for (const Voter& voter : voters) (voter.upright() ? upright : level) += voter.weight;
  const bool sideways = decided ? *decided % 180 != 0 : upright > level;
  std::erase_if(voters, [&](const Voter& voter) { return voter.upright() != sideways; });

  Turn turn;
  turn.slant_degrees = slant_of(voters, sideways);
  if (decided) {
    turn.rotation = *decided;
    return turn;
  }
  std::ranges::sort(voters, std::ranges::greater{}, &Voter::weight);
  if (voters.size() > kVoters) voters.resize(kVoters);
  turn.rotation = sideways ? 90 : 0;
  double vote = vote_by_shape(engine, grey, voters, turn.rotation);
  if (std::abs(vote) < kClearVote) vote += vote_by_reading(engine, grey, voters, turn.rotation);
  if (vote < 0) turn.rotation += 180;
  return turn;
}

}  // namespace archive
