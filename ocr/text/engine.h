#pragma once

#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/page.h"
#include "core/pixels.h"

namespace archive {

/// A piece of text as it was found, before anybody knows which way the page lies.
struct TextPatch {
  std::vector<Point> outline;  ///< convex, around the core of the text, in page pixels
  double margin = 0;           ///< how far the ink reaches beyond the outline, in pixels
  double score = 0;            ///< 0..1, how sure it is text
};

/// What an engine read in one line: characters in reading order. Empty when nothing.
struct LineReading {
  std::vector<TextChar> chars;
  double confidence = 0;  ///< how well the whole reads, to choose between two readings; a
                          ///< character's own confidence says how likely it is right
};

/// An engine that finds and reads text on grey pages (one channel, dark on light).
///
/// Each thread has its own; an engine keeps no word of a page once a call returned.
/// Functions throw std::exception when the engine gives up; the caller makes a
/// set-aside page of it.
class ReadingEngine {
 public:
  virtual ~ReadingEngine() = default;

  virtual const std::string& name() const = 0;

  /// Patches of text, in whatever direction they run.
  virtual std::vector<TextPatch> find(const Pixels& grey) = 0;

  /// How likely it is, 0..1, that the text in this quad stands on its head.
  virtual double upside_down(const Pixels& grey, const Quad& quad) = 0;

  /// Reads the line in this quad, corner 0 being the top left of the text.
  virtual LineReading read(const Pixels& grey, const Quad& quad) = 0;
};

}  // namespace archive
