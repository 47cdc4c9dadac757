#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "config/channels.h"
#include "config/forms.h"
#include "config/picture_rules.h"
#include "core/geometry.h"
#include "core/layout.h"
#include "core/records.h"
#include "viewer/iiif/image_request.h"

namespace archive {

// What of a page's picture may be seen by whoever may not see the whole (R27): an allow-list, so
// that what nobody read is covered as well.

/// The words that are printed on forms before anybody fills them in: titles, labels, headings.
class FormWords {
 public:
  explicit FormWords(const FormCatalogue& forms);
  /// How many characters from `at` on are such words, the longest; 0: none. `text` is folded.
  std::size_t length_at(const std::u32string& text, std::size_t at) const;

 private:
  std::set<std::u32string> words_;
  std::size_t longest_ = 0;
};

/// Sides of a preview, at most, in pixels.
inline constexpr int kPreviewSide = 240;
/// Whether the whole page is asked for in such a size.
bool is_small(const ImageRequest& request, const PageRecord& page);
/// Whether it is too small to be read, too: it tells little, and to ask for it is no opening of the
/// page. A card, or a page of few pixels, can be read in that size.
bool is_preview(const ImageRequest& request, const PageRecord& page);

/// What there is to protect in a page's picture.
PictureKind picture_kind(const PageRecord& page, const PictureRules& rules);

/// The places, in pixels of the delivered image, of characters that were read and either are words
/// of a form or belong to a value that is sure and may be shown. No place of a protected value, of
/// a long number, of a seal, of vertical or slanting text; nothing where nothing was read.
std::vector<Box> permitted_boxes(const PageRecord& page, const PageLayout& layout,
                                 const FieldSight& sight, const FormWords& words);

}  // namespace archive
