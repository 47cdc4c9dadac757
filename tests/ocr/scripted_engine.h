#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ocr/text/engine.h"

namespace archive {

/// An engine that answers what a test tells it to.
class ScriptedEngine : public ReadingEngine {
 public:
  std::vector<TextPatch> patches;
  std::function<double(const Quad&)> upside_down_by = [](const Quad&) { return 0.0; };
  std::function<LineReading(const Pixels&, const Quad&)> reading_by =
      [](const Pixels&, const Quad&) { return LineReading{}; };
  int readings = 0;

  const std::string& name() const override { return name_; }
  std::vector<TextPatch> find(const Pixels&) override { return patches; }
  double upside_down(const Pixels&, const Quad& quad) override { return upside_down_by(quad); }
  LineReading read(const Pixels& grey, const Quad& quad) override {
    ++readings;
    return reading_by(grey, quad);
  }

 private:
  std::string name_ = "scripted";
};

inline TextPatch patch_of(const Box& box, double margin = 0) {
  const Quad quad = Quad::of(box);
  return {{quad.corners.begin(), quad.corners.end()}, margin, 0.9};
}

}  // namespace archive
