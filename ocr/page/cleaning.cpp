#include "ocr/page/cleaning.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "ocr/page/contrast.h"
#include "ocr/page/double_line.h"
#include "ocr/page/facing_pages.h"
#include "ocr/page/orphans.h"
#include "ocr/page/plane.h"
#include "ocr/page/regions.h"
#include "ocr/page/seal_ink.h"
#include "ocr/page/seals.h"
#include "ocr/page/show_through.h"
#include "ocr/page/skew.h"
#include "ocr/page/stamped_line.h"
#include "ocr/page/streaks.h"
#include "ocr/page/survey.h"
#include "ocr/page/turn.h"
#include "ocr/page/upright.h"

namespace archive {
namespace {

// Below this share of the strongest ink, and never above this many levels, a patch may
// be print that shines through from the back.
constexpr double kFaintShare = 0.4;
constexpr double kFaintLevels = 90;
constexpr double kFaintestInk = 60;  // a page with nothing darker is faint as a whole

constexpr double kInkOfBlank = 1.5e-4;  // share of the page: a stroke of 20 mm
constexpr std::size_t kFewPatches = 4;
constexpr double kReadable = 0.5;
constexpr double kSkewLeft = 0.05;  // degrees not worth resampling the picture

double strongest(std::vector<double> contrasts) {
  if (contrasts.empty()) return 0;
  std::ranges::sort(contrasts);
  return contrasts[contrasts.size() * 9 / 10];
}

double faint_below(const std::vector<double>& contrasts) {
  const double ink = strongest(contrasts);
  return ink < kFaintestInk ? kFaintestInk : std::min(kFaintLevels, kFaintShare * ink);
}

std::vector<double> squares_of(std::vector<double> values) {
  for (double& value : values) value *= value;
  return values;
}

// Few patches may be dirt, a staple, the rim of the sheet: they must be readable to count.
bool has_text(ReadingEngine& engine, const Pixels& grey, const CleanPage& page, double faint) {
  std::vector<Quad> quads;
  for (const TextRegion& region : page.regions) {
    if (page.shows_through && region.contrast < faint) continue;
    quads.push_back(page.to_delivered(region.quad));
  }
  if (quads.size() > kFewPatches) return true;
  return std::ranges::any_of(
      quads, [&](const Quad& quad) { return engine.read(grey, quad).confidence >= kReadable; });
}

bool seen_from_behind(ReadingEngine& engine, const Pixels& grey, const CleanPage& page,
                      double faint) {
  std::vector<Quad> quads;
  for (const TextRegion& region : page.regions) {
    if (region.contrast < faint) quads.push_back(page.to_delivered(region.quad));
  }
  return shines_through(engine, grey, std::move(quads));
}

std::vector<double> contrasts_of(const Pixels& grey, const std::vector<TextPatch>& patches) {
  std::vector<double> contrasts;
  for (const TextPatch& patch : patches) contrasts.push_back(contrast_of(grey, patch));
  return contrasts;
}

// The survey knows the sides of the delivered image, the page those of the upright one.
void set_borders(const PageSurvey& survey, int rotation, CleanPage& page) {
  const bool delivered[] = {survey.dark_top, survey.dark_right, survey.dark_bottom,
                            survey.dark_left};
  const int quarters = rotation / 90;
  page.dark_border_top = delivered[quarters % 4];
  page.dark_border_right = delivered[(quarters + 1) % 4];
  page.dark_border_bottom = delivered[(quarters + 2) % 4];
  page.dark_border_left = delivered[(quarters + 3) % 4];
}

std::vector<SealOutline> outlines_of(const PageSurvey& survey, double scale) {
  std::vector<SealOutline> outlines = find_seals(survey.small, survey.depth);
  for (SealOutline& outline : outlines) outline = moved(outline, {scale, 0, 0, 0, scale, 0});
  return outlines;
}

// Red ones have hardly any ink on the plane that is read; level lines of it are found all the same.
bool is_in_the_way(const SealOutline& seal) {
  return seal.colour != "red" || seal.shape == "square";
}

// What a seal says is no mark of its own.
std::vector<Box> without_inscriptions(std::vector<Box> marks,
                                      const std::vector<SealOutline>& seals) {
  std::erase_if(marks, [&](const Box& mark) {
    return std::ranges::any_of(seals, [&](const SealOutline& seal) {
      return is_on_inscription(seal, Quad::of(mark).centre());
    });
  });
  return marks;
}

// Where a coloured seal lies, pieces of print hang together by its ink.
std::vector<Box> clear_of(std::vector<Box> marks, const std::vector<SealOutline>& seals) {
  std::erase_if(marks, [&](const Box& mark) {
    return std::ranges::any_of(
        seals, [&](const SealOutline& seal) { return overlap(quad_of(seal).bounds(), mark); });
  });
  return marks;
}

std::vector<SealMark> marks_of(const std::vector<SealOutline>& outlines, const Affine& to_upright) {
  std::vector<SealMark> seals;
  for (const SealOutline& outline : outlines) {
    const SealOutline upright = moved(outline, to_upright);
    seals.push_back({quad_of(upright), upright.colour, upright.shape, {}});
  }
  return seals;
}

}  // namespace

CleanPage clean_page(ReadingEngine& engine, PageImage image, std::optional<int> rotation) {
  Pixels grey = reading_plane(image.pixels);
  remove_streaks(grey, find_streaks(grey));
  const PageSurvey survey = survey_page(image.pixels);
  const std::vector<SealOutline> seals =
      outlines_of(survey, static_cast<double>(grey.width) / survey.small.width);
  std::vector<SealOutline> dark;
  std::ranges::copy_if(seals, std::back_inserter(dark), is_in_the_way);
  const Pixels bare = dark.empty() ? Pixels{} : without_seal_ink(grey, image.pixels, dark);
  const std::vector<Box> marks = without_inscriptions(survey.marks, dark);
  std::vector<TextPatch> patches =
      whole_marks(clear_of(marks, seals), engine.find(dark.empty() ? grey : bare));
  std::vector<double> contrasts = contrasts_of(grey, patches);
  const Turn turn = find_turn(engine, grey, patches, squares_of(contrasts), rotation);
  const double faint = faint_below(contrasts);

  CleanPage page;
  page.rotation = turn.rotation;
  page.skew_degrees = measure_skew(grey, patches, turn.rotation, turn.slant_degrees);
  const double undone = std::abs(page.skew_degrees) < kSkewLeft ? 0 : page.skew_degrees;
  const UprightFrame frame = upright_frame(grey.width, grey.height, turn.rotation, undone);
  page.to_delivered = frame.to_delivered;
  page.pixels = make_upright(grey, frame);
  page.regions = regions_of(patches, contrasts, page.to_delivered);
  page.shows_through = seen_from_behind(engine, grey, page, faint);
  page.ink_share = page.shows_through ? deep_ink_share(survey) : survey.ink_share;
  page.seals = marks_of(seals, page.to_delivered.inverse());
  page.blank =
      page.ink_share < kInkOfBlank && page.seals.empty() && !has_text(engine, grey, page, faint);
  set_borders(survey, turn.rotation, page);

  page.gutter = gutter_of(page.pixels, page.regions);
  const std::vector<TextPatch> orphans = orphans_of(marks, patches);
  const auto more = regions_of(orphans, contrasts_of(grey, orphans), page.to_delivered);
  page.regions = part_double_lines(page.pixels, page.regions);
  page.regions = part_stamped_lines(page.pixels, page.regions);
  page.regions.insert(page.regions.end(), more.begin(), more.end());
  page.plane = without_specks(std::move(grey), image);
  page.delivered = std::move(image);
  return page;
}

}  // namespace archive
