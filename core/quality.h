#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// What becomes of a page's picture while the paper is still at hand.
enum class Verdict {
  accept,  ///< good enough to be kept and read
  look,    ///< a person looks at picture and paper and decides
  rescan,  ///< the paper is to be scanned again
};

std::string_view name_of(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view name);

/// What was measured on the picture of a page. Empty: there was nothing to measure it by,
/// such as the sharpness of a blank page. Millimetres follow from `dpi` or `dpi_guessed`.
struct QualityMeasures {
  using Value = std::optional<double>;

  Value dpi;             ///< as the file says, the lesser of both directions
  Value dpi_guessed;     ///< when it says nothing believable: as if the sheet were A4
  Value bits;            ///< of a pixel: 1 bilevel, 8 grey, 24 colour
  Value text_height_px;  ///< height of characters, or of their larger parts
  Value skew_degrees;    ///< how far lines lie off level, without sign
  Value blur_mm;         ///< spread of edges (standard deviation): the middle of the page's parts
  Value blur_part_mm;    ///< the same of its worst parts
  Value paper_level;     ///< brightness of the paper, 0..255
  Value ink_contrast;    ///< grey levels between paper and the strokes on it
  Value light_ratio;     ///< darkest over brightest region of the paper, 0..1
  Value dark_share;      ///< of the sheet that is black
  Value broken_share;    ///< of the words of a bilevel page that lie in shreds
  Value cut_ink;         ///< characters and rules that run out of the picture, worst side
  Value missing_corner_mm;  ///< shorter leg of the largest corner folded over or torn off
  Value border_share;       ///< of the picture that is not the sheet but dark surroundings
  Value streaks;            ///< straight lines from rim to rim along the scanner's way
  Value unfinished_share;   ///< of the picture, at its end, that is one flat grey: nothing arrived
  Value partial;            ///< 1 when the file could be decoded in part only
};

/// A measure by the name that it has in rules, records and reports. Stable.
struct QualityMeasure {
  std::string_view name;
  QualityMeasures::Value QualityMeasures::*value;
};
inline constexpr std::array kQualityMeasures = {
    QualityMeasure{"dpi", &QualityMeasures::dpi},
    QualityMeasure{"dpi_guessed", &QualityMeasures::dpi_guessed},
    QualityMeasure{"bits", &QualityMeasures::bits},
    QualityMeasure{"text_height_px", &QualityMeasures::text_height_px},
    QualityMeasure{"skew_degrees", &QualityMeasures::skew_degrees},
    QualityMeasure{"blur_mm", &QualityMeasures::blur_mm},
    QualityMeasure{"blur_part_mm", &QualityMeasures::blur_part_mm},
    QualityMeasure{"paper_level", &QualityMeasures::paper_level},
    QualityMeasure{"ink_contrast", &QualityMeasures::ink_contrast},
    QualityMeasure{"light_ratio", &QualityMeasures::light_ratio},
    QualityMeasure{"dark_share", &QualityMeasures::dark_share},
    QualityMeasure{"broken_share", &QualityMeasures::broken_share},
    QualityMeasure{"cut_ink", &QualityMeasures::cut_ink},
    QualityMeasure{"missing_corner_mm", &QualityMeasures::missing_corner_mm},
    QualityMeasure{"border_share", &QualityMeasures::border_share},
    QualityMeasure{"streaks", &QualityMeasures::streaks},
    QualityMeasure{"unfinished_share", &QualityMeasures::unfinished_share},
    QualityMeasure{"partial", &QualityMeasures::partial},
};

/// A rule (config/quality_rules.csv) that a picture does not keep.
struct QualityFinding {
  std::string rule;
  Verdict verdict = Verdict::accept;  ///< accept: only a remark
  double value = 0;                   ///< what was measured

  friend bool operator==(const QualityFinding&, const QualityFinding&) = default;
};

/// What is said of a page's picture: the gravest of its findings, or accept.
struct PageQuality {
  Verdict verdict = Verdict::accept;
  std::vector<QualityFinding> findings;  ///< the gravest first
  QualityMeasures measures;
};

}  // namespace archive
