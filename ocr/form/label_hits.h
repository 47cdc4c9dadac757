#pragma once

#include <vector>

#include "ocr/form/blocks.h"
#include "ocr/form/label_book.h"

namespace archive::form {

/// A label found in a block.
struct LabelHit {
  int block = 0;
  std::size_t begin = 0, end = 0;  ///< signs of the block: the label with brackets and colon
  bool whole = false;              ///< the block holds nothing else
  bool colon = false;
  double quality = 0;                     ///< how surely it is a label, 0..1
  std::vector<LabelBook::Match> matches;  ///< which; empty for a label nobody described
};

/// The labels of a page, block by block in reading order, inside a block from left to
/// right and without overlaps.
class LabelHits {
 public:
  LabelHits(const Blocks& blocks, const LabelBook& book);

  const std::vector<LabelHit>& all() const { return all_; }
  /// The hits of one block.
  std::vector<const LabelHit*> in(int block) const;
  /// True when a block is surely a label and nothing else, or begins with one that has a
  /// colon.
  bool begins_with_label(int block) const;
  bool is_label(int block) const;
  /// Where the value after a hit ends in its own block: at the next label.
  std::size_t value_end(const LabelHit& hit, const Block& block) const;

 private:
  std::vector<LabelHit> all_;
};

}  // namespace archive::form
