#pragma once

#include <vector>

#include "core/pixels.h"
#include "ocr/text/engine.h"
#include "ocr/text/network.h"

namespace archive {

struct DetectorSettings {
  int side_px = 960;           ///< longest side of the picture the network sees
  double ink_threshold = 0.3;  ///< of the network's map: this or more is text
  double score_least = 0.6;    ///< mean of the map inside a patch
  double margin_ratio = 1.6;   ///< the map shows text shrunk; area x ratio / perimeter is added
};

/// Finds text with a differentiable-binarization network (Liao et al., "Real-time Scene
/// Text Detection with Differentiable Binarization", 2020): the network gives each pixel
/// the probability of being the shrunken core of a line.
/// REQUIRES: `grey` has one channel.
std::vector<TextPatch> detect_text(const Network& network, const Pixels& grey,
                                   const DetectorSettings& settings);

}  // namespace archive
