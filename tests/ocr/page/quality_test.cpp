#include "ocr/page/quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "config/quality_rules.h"
#include "tests/ocr/written_page.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::Contains;
using testing::IsEmpty;

const QualityRules& rules() {
  static const QualityRules loaded =
      QualityRules::load(source_root() / "config");
  return loaded;
}

/// The rules that call a person, "rule:verdict".
std::set<std::string> troubles_of(const PageImage& page) {
  std::set<std::string> troubles;
  for (const QualityFinding& finding : rules().judge(measure_quality(page)).findings) {
    if (finding.verdict == Verdict::accept) continue;
    troubles.insert(finding.rule + ":" + std::string(name_of(finding.verdict)));
  }
  return troubles;
}

Pixels written() { return written_page({}); }
int mm(double length) { return px(PageForm{}, length); }
PageImage good() { return scanned(written(), 200); }

struct Case {
  const char* name;
  std::function<PageImage()> page;
  const char* trouble = nullptr;  ///< empty: the page is sound
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

class Sound : public testing::TestWithParam<Case> {};

TEST_P(Sound, PageIsAccepted) { EXPECT_THAT(troubles_of(GetParam().page()), IsEmpty()); }

PageImage blank() { return scanned(white_sheet(mm(210), mm(297)), 200); }

PageImage separator() {
  Pixels sheet = white_sheet(mm(210), mm(297));
  Dice dice;
  for (int x = mm(40); x < mm(160);) {
    const int bar = 3 * static_cast<int>(1 + dice.next() % 4);
    fill(sheet, x, mm(100), bar, mm(25));
    x += bar + 3 * static_cast<int>(1 + dice.next() % 4);
  }
  return scanned(sheet, 200);
}

PageImage one_seal() {
  Pixels sheet = white_sheet(mm(210), mm(297));
  disc(sheet, mm(150), mm(220), mm(20));
  for (int y = mm(201); y < mm(239); ++y) {
    for (int x = mm(131); x < mm(169); ++x) {
      const double d = std::hypot(x - mm(150), y - mm(220));
      if (d < mm(18.5)) sheet.row(y)[x] = 255;
    }
  }
  return scanned(sheet, 200);
}

/// Print of the back: soft and faint.
PageImage blank_with_show_through() {
  Pixels sheet = written();
  smear(sheet, 2.2, 2.2);
  tone(sheet, 170, 255);
  return scanned(sheet, 200);
}

PageImage on_dark_lid(double skew_degrees) {
  Pixels sheet = written_page({.skew_degrees = skew_degrees});
  PageImage page = scanned(sheet, 200);
  const double c = std::cos(skew_degrees * std::numbers::pi / 180);
  const double s = std::sin(skew_degrees * std::numbers::pi / 180);
  const double w = page.pixels.width / 2.0;
  const double h = page.pixels.height / 2.0;
  const double half_w = w - mm(8);
  const double half_h = h - mm(8);
  const auto at = [&](double x, double y) { return Point{w + x * c - y * s, h + x * s + y * c}; };
  lay_on_dark_lid(page.pixels, Quad{{at(-half_w, -half_h), at(half_w, -half_h), at(half_w, half_h),
                                     at(-half_w, half_h)}});
  return page;
}

// A fold is darker than the paper from side to side, but broad and soft.
PageImage folded_across() {
  PageImage page = good();
  const int middle = mm(120);
  for (int y = middle - mm(2); y < middle + mm(2); ++y) {
    const double away = (y - middle) / (0.5 * mm(1));
    for (int x = 0; x < page.pixels.width; ++x) {
      const double depth = 28 * std::exp(-away * away);
      page.pixels.row(y)[x] =
          static_cast<std::uint8_t>(std::max(0.0, page.pixels.row(y)[x] - depth));
    }
  }
  return page;
}

INSTANTIATE_TEST_SUITE_P(
    All, Sound,
    testing::Values(Case{"grey", good}, Case{"colour", [] { return coloured(good()); }},
                    Case{"bilevel", [] { return bilevel(written(), 200); }},
                    Case{"at_300_dpi", [] { return scanned(written_page({.dpi = 300}), 300); }},
                    Case{"small_print",
                         [] { return scanned(written_page({.text_mm = 2.6}), 200); }},
                    Case{"blank", blank}, Case{"blank_with_show_through", blank_with_show_through},
                    Case{"separator", separator}, Case{"seal", one_seal},
                    Case{"yellowed",
                         [] {
                           PageImage page = good();
                           tone(page.pixels, 0, 205);
                           return page;
                         }},
                    Case{"folded_across", folded_across},
                    Case{"slightly_askew", [] { return on_dark_lid(2); }},
                    Case{"on_a_dark_lid", [] { return on_dark_lid(0); }},
                    Case{"resolution_not_said",
                         [] {
                           PageImage page = good();
                           page.dpi_x = page.dpi_y = 0;
                           return page;
                         }}),
    [](const auto& test) { return test.param.name; });

class Spoilt : public testing::TestWithParam<Case> {};

TEST_P(Spoilt, PageIsFoundWithTheReason) {
  EXPECT_THAT(troubles_of(GetParam().page()), Contains(std::string(GetParam().trouble)));
}

PageImage toned(double ink, double paper) {
  PageImage page = good();
  tone(page.pixels, ink, paper);
  return page;
}

PageImage smeared(double across, double down) {
  Pixels sheet = written();
  smear(sheet, across, down);
  return scanned(sheet, 200);
}

PageImage lower_half_smeared() {
  PageImage page = good();
  Pixels soft = page.pixels;
  smear(soft, 2.2, 2.2);
  for (int y = page.pixels.height * 6 / 10; y < page.pixels.height; ++y) {
    std::copy_n(soft.row(y), page.pixels.stride(), page.pixels.row(y));
  }
  return page;
}

PageImage cut_at_the_left() { return scanned(written_page({.margin_mm = -2}), 200); }

PageImage table_cut_at_the_right() {
  Pixels sheet = written();
  for (int i = 0; i < 8; ++i) fill(sheet, mm(30), mm(60 + 20 * i), sheet.width - mm(30), 3);
  return scanned(sheet, 200);
}

PageImage corner_folded(double leg) {
  PageImage page = on_dark_lid(0);
  const int edge = mm(8);
  for (int y = 0; y < edge + mm(leg); ++y) {
    const int until = edge + mm(leg) - std::max(0, y - edge);
    fill(page.pixels, page.pixels.width - until, y, until, 1, 12);
  }
  return page;
}

PageImage in_shreds(std::uint32_t kept_of_8) {
  Pixels sheet = written();
  Dice dice;
  for (std::uint8_t& byte : sheet.bytes) {
    if (byte < 128 && dice.next() % 8 >= kept_of_8) byte = 255;
  }
  return bilevel(sheet, 200);
}

PageImage streaked() {
  PageImage page = good();
  fill(page.pixels, mm(70), 0, 2, page.pixels.height, 150);
  return page;
}

PageImage broken_off() {
  PageImage page = good();
  fill(page.pixels, 0, page.pixels.height * 7 / 8, page.pixels.width, page.pixels.height, 128);
  return page;
}

PageImage with_warning(const char* warning) {
  PageImage page = good();
  page.warnings.emplace_back(warning);
  return page;
}

PageImage half_dark() {
  PageImage page = good();
  for (int y = 0; y < page.pixels.height; ++y) {
    const double light = 1 - 0.5 * y / page.pixels.height;
    for (int x = 0; x < page.pixels.width; ++x) {
      page.pixels.row(y)[x] = static_cast<std::uint8_t>(page.pixels.row(y)[x] * light);
    }
  }
  return page;
}

PageImage all_of(std::uint8_t level) {
  PageImage page = blank();
  std::ranges::fill(page.pixels.bytes, level);
  return page;
}

INSTANTIATE_TEST_SUITE_P(
    All, Spoilt,
    testing::Values(Case{"low_resolution", [] { return scanned(written_page({.dpi = 150}), 150); },
                         "low_resolution:rescan"},
                    Case{"small_picture_without_resolution",
                         [] {
                           PageImage page = scanned(written_page({.dpi = 72}), 0);
                           return page;
                         },
                         "guessed_low_resolution:rescan"},
                    Case{"small_text", [] { return scanned(written_page({.text_mm = 1.2}), 200); },
                         "small_text:look"},
                    Case{"askew", [] { return scanned(written_page({.skew_degrees = 5}), 200); },
                         "skew:look"},
                    Case{"far_askew", [] { return on_dark_lid(-12); }, "strong_skew:rescan"},
                    Case{"soft", [] { return smeared(1.4, 1.4); }, "blurred:look"},
                    Case{"blurred", [] { return smeared(2.2, 2.2); }, "badly_blurred:rescan"},
                    Case{"moved", [] { return smeared(0, 2.2); }, "badly_blurred:rescan"},
                    Case{"lower_half_lifted", lower_half_smeared, "blurred_part:look"},
                    Case{"dark", [] { return toned(10, 140); }, "dark_paper:look"},
                    Case{"underexposed", [] { return toned(0, 80); }, "underexposed:rescan"},
                    Case{"pale", [] { return toned(180, 255); }, "pale:look"},
                    Case{"washed_out", [] { return toned(222, 255); }, "washed_out:rescan"},
                    Case{"uneven_light", half_dark, "uneven_light:look"},
                    Case{"black", [] { return all_of(0); }, "no_picture:rescan"},
                    Case{"in_shreds", [] { return in_shreds(3); }, "shredded_print:rescan"},
                    Case{"cut", cut_at_the_left, "cut_off:rescan"},
                    Case{"table_cut", table_cut_at_the_right, "cut_off:rescan"},
                    Case{"corner_folded", [] { return corner_folded(20); }, "missing_corner:look"},
                    Case{"streaked", streaked, "streak:look"},
                    Case{"broken_off", broken_off, "unfinished:rescan"},
                    Case{"partly_decoded", [] { return with_warning("partial: 3 of 9 strips"); },
                         "partial:rescan"}),
    [](const auto& test) { return test.param.name; });

TEST(Quality, MeasuresWhatWasDrawn) {
  const QualityMeasures level = measure_quality(scanned(written_page({.skew_degrees = 4}), 200));
  EXPECT_NEAR(level.skew_degrees.value(), 4, 0.15);
  EXPECT_EQ(level.dpi, 200);
  EXPECT_EQ(level.bits, 8);
  EXPECT_NEAR(level.text_height_px.value(), mm(3.7), 6);
  EXPECT_NEAR(level.paper_level.value(), 245, 2);
  EXPECT_GT(level.ink_contrast.value(), 150);
}

TEST(Quality, ABlankPageHasNoBlurSkewOrContrast) {
  const QualityMeasures measures = measure_quality(blank());
  EXPECT_FALSE(measures.blur_mm);
  EXPECT_FALSE(measures.skew_degrees);
  EXPECT_FALSE(measures.ink_contrast);
  EXPECT_FALSE(measures.text_height_px);
}

TEST(Quality, AStatedResolutionThatNoSheetHasIsNotBelieved) {
  PageImage page = good();
  page.dpi_x = page.dpi_y = 72;  // a sheet of 84 cm
  const QualityMeasures measures = measure_quality(page);
  EXPECT_FALSE(measures.dpi);
  EXPECT_NEAR(measures.dpi_guessed.value(), 200, 1);
}

// Any picture is measured, and none is an accident.
struct Odd {
  int width;
  int height;
  int channels;
};
class OddPicture : public testing::TestWithParam<Odd> {};

TEST_P(OddPicture, IsMeasuredInEveryContent) {
  const auto [width, height, channels] = GetParam();
  PageImage page;
  page.pixels = {width, height, channels, {}};
  page.pixels.bytes.resize(page.pixels.stride() * static_cast<std::size_t>(height));
  page.bits_per_pixel = 8 * channels;
  Dice dice;
  for (const int content : {0, 1, 2}) {
    for (std::uint8_t& byte : page.pixels.bytes) {
      byte = content == 0 ? 0 : content == 1 ? 255 : static_cast<std::uint8_t>(dice.next());
    }
    for (const double dpi : {0.0, 1.0, 300.0, 1e6}) {
      page.dpi_x = page.dpi_y = dpi;
      const QualityMeasures measures = measure_quality(page);
      for (const QualityMeasure& measure : kQualityMeasures) {
        const auto& value = measures.*measure.value;
        EXPECT_TRUE(!value || std::isfinite(*value)) << measure.name;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, OddPicture,
                         testing::Values(Odd{1, 1, 1}, Odd{4, 4, 3}, Odd{50, 50, 1}, Odd{400, 4, 1},
                                         Odd{4, 400, 3}, Odd{3000, 40, 1}, Odd{1201, 1199, 3}),
                         [](const auto& test) {
                           return std::to_string(test.param.width) + "x" +
                                  std::to_string(test.param.height) + "x" +
                                  std::to_string(test.param.channels);
                         });

}  // namespace
}  // namespace archive
