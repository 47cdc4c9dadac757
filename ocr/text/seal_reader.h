#pragma once

#include <string>
#include <vector>

#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// What a seal says. What is not sure is left open or out: better nothing than something
/// wrong.
struct SealReading {
  std::string text;        ///< ring, centre from the top, number; blanks between them, 〓 for
                           ///< a character that is not sure
  std::string ring;        ///< the ring's part of it
  double confidence = 0;   ///< of the least sure part
  std::vector<Quad> rows;  ///< where its rows stand, in pixels of CleanPage::pixels
};

/// Reads a seal, at the resolution of the delivered page. A ring is unrolled from the widest gap in
/// it, which is at its foot, so the way a seal is turned does not matter; its centre and stamps
/// with rows are read row by row; square name stamps by characters, columns from the right.
SealReading read_seal(ReadingEngine& engine, const CleanPage& page, const SealMark& seal);

}  // namespace archive
