#include "tests/source_root.h"
#include "viewer/api/picture_mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "core/utf8.h"
#include "viewer/iiif/covering.h"
#include "viewer/watermark.h"

namespace archive {
namespace {

constexpr int kWidth = 1240;
constexpr int kHeight = 1754;
constexpr double kLine = 40;

const FormCatalogue& forms() {
  static const FormCatalogue catalogue = FormCatalogue::load(source_root() / "config");
  return catalogue;
}
const FormWords& words() {
  static const FormWords made(forms());
  return made;
}
const ProtectedFields& fields() {
  static const ProtectedFields made = ProtectedFields::load(source_root() / "config");
  return made;
}

/// A line as recognition gives it: its characters side by side from `left` on. What stands in
/// `missed` behind them is in the line's box, and was not read.
TextLine line_of(const std::string& text, double left, double top, double missed = 0) {
  TextLine line;
  line.text = text;
  const auto all = characters(text);
  double width = missed;
  for (const std::string& c : all) width += c.size() > 1 ? kLine : kLine / 2;
  line.quad = Quad::of({left, top, left + width, top + kLine});
  double at = 0;
  for (const std::string& c : all) {
    const double w = c.size() > 1 ? kLine : kLine / 2;
    line.chars.push_back({c, (at + w / 2) / width, 0.99});
    at += w;
  }
  return line;
}

PageRecord filed() {
  PageRecord page;
  page.width = kWidth;
  page.height = kHeight;
  page.doc_type = "DT19";
  page.layout_blob = BlobId::parse("sha256-" + std::string(64, 'a'));
  return page;
}

struct PreviewCase {
  const char* what;
  int width, height, dpi;
  int out_width, out_height;
  bool preview;
};

TEST(PreviewTest, IsOfWhatCannotBeRead) {
  for (const PreviewCase& one : {PreviewCase{"A4", 2480, 3508, 300, 170, 240, true},
                                 {"A4, nobody knows how large", 1240, 1754, 0, 170, 240, true},
                                 {"A4, larger", 2480, 3508, 300, 171, 241, false},
                                 {"a card", 2022, 1276, 600, 240, 151, false},
                                 {"a small card", 1011, 638, 300, 240, 151, false},
                                 {"few pixels", 200, 120, 0, 200, 120, false}}) {
    PageRecord page;
    page.width = one.width;
    page.height = one.height;
    page.dpi_x = page.dpi_y = one.dpi;
    ImageRequest request;
    request.width = one.width;
    request.height = one.height;
    request.out_width = one.out_width;
    request.out_height = one.out_height;
    EXPECT_EQ(is_preview(request, page), one.preview) << one.what;
    request.width /= 2;
    EXPECT_FALSE(is_preview(request, page)) << one.what << ", a part of it";
  }
}

PageLayout layout_of(std::vector<TextLine> lines) {
  return {kWidth, kHeight, 0, 0, std::move(lines)};
}

bool visible(const std::vector<Box>& boxes, double x, double y) {
  return std::ranges::any_of(boxes, [&](const Box& box) { return box.contains({x, y}); });
}

FieldRecord field(const std::string& id, const std::string& raw, const Quad& quad) {
  FieldRecord made;
  made.field = id;
  made.raw = made.value = raw;
  made.quad = quad;
  return made;
}

// A label is seen; the number behind it is not, whether it was read, read as something else, or
// missed altogether (R27).
TEST(PictureMask, ANumberIsNotSeenWhoeverReadIt) {
  const TextLine read = line_of("公民身份号码43970219860407762X", 100, 100);
  const TextLine missed = line_of("公民身份号码", 100, 200, 360);
  const TextLine garbled = line_of("公民身份号码4397O21986O4O7762", 100, 300);
  const TextLine alone = line_of("6222021234567890123", 100, 400);
  const auto boxes = permitted_boxes(filed(), layout_of({read, missed, garbled, alone}),
                                     FieldSight(fields()), words());
  for (const double y : {120.0, 220.0, 320.0}) {
    EXPECT_TRUE(visible(boxes, 120, y)) << "the label at " << y;
    for (double x = 345; x < 1200; x += 5) EXPECT_FALSE(visible(boxes, x, y)) << x << "," << y;
  }
  for (double x = 0; x < kWidth; x += 5) EXPECT_FALSE(visible(boxes, x, 420));
}

TEST(PictureMask, AValueThatMayBeShownIsSeenAndNothingBesideIt) {
  const TextLine name = line_of("姓名冯洁丽", 100, 100, 400);
  PageRecord page = filed();
  page.fields = {field("person_name", "冯洁丽", name.quad.slice(80.0 / 600, 1))};
  const auto boxes =
      permitted_boxes(page, layout_of({name}), FieldSight(fields()), words());
  EXPECT_TRUE(visible(boxes, 200, 120));
  EXPECT_TRUE(visible(boxes, 290, 120));
  for (double x = 310; x < 700; x += 5) EXPECT_FALSE(visible(boxes, x, 120)) << x;
  // One that is not sure, or of which the words at its place say something else, is not.
  page.fields[0].unsure = true;
  EXPECT_FALSE(visible(permitted_boxes(page, layout_of({name}), FieldSight(fields()), words()),
                       290, 120));
  page.fields = {field("person_name", "张三", name.quad)};
  EXPECT_FALSE(visible(permitted_boxes(page, layout_of({name}), FieldSight(fields()), words()),
                       290, 120));
}

TEST(PictureMask, AProtectedValueCoversEvenWordsOfTheForm) {
  const TextLine wage = line_of("缴费基数", 100, 100);
  PageRecord page = filed();
  page.fields = {field("pay_base", "3250.00", wage.quad)};
  EXPECT_TRUE(
      permitted_boxes(page, layout_of({wage}), FieldSight(fields()), words()).empty());
}

TEST(PictureMask, FreeTextSealsAndSlantingTextAreCovered) {
  TextLine seal = line_of("单位公章", 100, 200);
  seal.kind = LineKind::seal;
  TextLine upright = line_of("单位公章", 100, 300);
  upright.vertical = true;
  TextLine slanting = line_of("单位公章", 100, 500);
  for (std::size_t i = 0; i < 4; ++i) {
    const Point p = slanting.quad.corners[i];
    slanting.quad.corners[i] = {p.x - (p.y - 500) * 0.7, p.y + (p.x - 100) * 0.7};
  }
  const auto boxes = permitted_boxes(
      filed(), layout_of({line_of("左小腿骨折三千二百元", 100, 100), seal, upright, slanting}),
      FieldSight(fields()), words());
  EXPECT_TRUE(boxes.empty());
}

TEST(PictureMask, AChannelSeesLess) {
  const Channels channels = Channels::load(source_root() / "config");
  const TextLine months = line_of("累计缴费月数187", 100, 100);
  PageRecord page = filed();
  page.fields = {field("total_months", "187", months.quad.slice(240.0 / 300, 1))};
  const auto seen = [&](const char* channel) {
    const FieldSight sight(fields(), channels, channels.named(channel), false);
    return visible(permitted_boxes(page, layout_of({months}), sight, words()), 370, 120);
  };
  EXPECT_TRUE(seen("counter"));
  EXPECT_FALSE(seen("telephone"));
}

TEST(PictureMask, UnknownPapersAreToldFromKnownOnes) {
  const PictureRules rules = PictureRules::load(source_root() / "config");
  PageRecord page = filed();
  EXPECT_EQ(picture_kind(page, rules), PictureKind::known);
  page.review_reasons = {"image"};
  EXPECT_EQ(picture_kind(page, rules), PictureKind::known) << "a grey scan hides nothing";
  page.review_reasons = {"unsure_field"};
  EXPECT_EQ(picture_kind(page, rules), PictureKind::known) << "the value is covered, not the page";
  page.review_reasons = {"lost_characters"};
  EXPECT_EQ(picture_kind(page, rules), PictureKind::doubtful);
  page.doc_type = "DT99";
  EXPECT_EQ(picture_kind(page, rules), PictureKind::unknown);
  page = filed();
  page.doc_type = "DT37";
  EXPECT_EQ(picture_kind(page, rules), PictureKind::identity);
  page = filed();
  page.layout_blob.reset();
  EXPECT_EQ(picture_kind(page, rules), PictureKind::unknown) << "nobody read it";
  page = filed();
  page.illegible = true;
  EXPECT_EQ(picture_kind(page, rules), PictureKind::unknown);
  page = filed();
  page.state = PageState::set_aside;
  EXPECT_EQ(picture_kind(page, rules), PictureKind::unknown);
}

TEST(PictureRules, WhoSeesWhat) {
  const PictureRules rules = PictureRules::load(source_root() / "config");
  using Kind = PictureKind;
  const auto clerk = [&](Kind kind, bool own) {
    return rules.sight({"counter_clerk"}, false, kind, own);
  };
  EXPECT_EQ(clerk(Kind::known, false), PictureSight::boxes);
  EXPECT_EQ(clerk(Kind::known, true), PictureSight::whole);
  EXPECT_EQ(clerk(Kind::doubtful, false), PictureSight::covered);
  EXPECT_EQ(clerk(Kind::unknown, true), PictureSight::covered);
  EXPECT_EQ(clerk(Kind::identity, true), PictureSight::covered);
  for (const char* post : {"records_manager", "auditor", "approver", "first_reviewer"}) {
    EXPECT_EQ(rules.sight({post}, false, Kind::identity, true), PictureSight::covered) << post;
    EXPECT_EQ(rules.sight({post}, false, Kind::known, false), PictureSight::whole) << post;
  }
  EXPECT_EQ(rules.sight({"indexer"}, true, Kind::known, true), PictureSight::boxes);
  EXPECT_FALSE(rules.reveals({"indexer"}, true));
  EXPECT_EQ(rules.sight({"technician"}, false, Kind::known, true), PictureSight::covered);
  EXPECT_EQ(rules.sight({}, false, Kind::known, true), PictureSight::covered);
}

/// Paper with a random hand-writing all over it: a pixel tells where it came from.
Pixels noise(int width, int height, unsigned seed) {
  Pixels made{width, height, 1, {}};
  std::mt19937 random(seed);
  for (int i = 0; i < width * height; ++i) made.bytes.push_back(random() % 2 == 0 ? 0 : 255);
  return made;
}

// Whatever region and size is asked for, what is covered has no share in any pixel.
TEST(Covering, NothingLeaksAtAnyScale) {
  const int width = 401, height = 317;
  const std::vector<Box> permitted = {{13.4, 20.2, 90.9, 61}, {300, 250, 401, 317}};
  const PicturePyramid one = covered(pyramid_of(noise(width, height, 1)), permitted);
  Pixels other = noise(width, height, 2);
  {
    // The same as the first where it may be seen.
    const Pixels first = noise(width, height, 1);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const Point centre{x + 0.5, y + 0.5};
        if (permitted[0].contains(centre) || permitted[1].contains(centre)) {
          other.row(y)[x] = first.row(y)[x];
        }
      }
    }
  }
  const PicturePyramid two = covered(pyramid_of(other), permitted);
  for (const char* size : {"max", "200,", "101,", "57,", "33,", "^800,"}) {
    for (const char* region : {"full", "0,0,150,120", "13,17,77,91", "290,240,111,77"}) {
      for (const char* rotation : {"0", "90", "!180"}) {
        const auto asked =
            parse_image_request(region, size, rotation, "default.png", width, height);
        if (!asked.request) continue;
        EXPECT_EQ(rendered(one, *asked.request).bytes, rendered(two, *asked.request).bytes)
            << region << " " << size << " " << rotation;
      }
    }
  }
  EXPECT_NE(one.levels[0].bytes, covered(pyramid_of(noise(width, height, 1)), {}).levels[0].bytes)
      << "what is permitted is seen";
}

TEST(Watermark, StandsOnEveryPieceAtTheSamePlaces) {
  const PicturePyramid paper =
      pyramid_of(Pixels{1240, 1754, 1, std::vector<std::uint8_t>(1240 * 1754, 255)});
  const auto piece = [&](const char* region, const char* rotation) {
    const auto asked = parse_image_request(region, "max", rotation, "default.png", 1240, 1754);
    Pixels out = rendered(paper, *asked.request);
    write_over(out, *asked.request, 1240, 1754, {"吴窗口  2026-11-27 15:02  No. 12", 0});
    return out;
  };
  const Pixels whole = piece("full", "0");
  EXPECT_GT(std::ranges::count_if(whole.bytes, [](std::uint8_t v) { return v < 240; }), 5'000);
  EXPECT_GT(*std::ranges::min_element(whole.bytes), 120) << "what lies below can be read";
  int marked = 0;
  for (int y = 0; y + 512 <= 1754; y += 512) {
    for (int x = 0; x + 512 <= 1240; x += 512) {
      const Pixels tile =
          piece((std::to_string(x) + "," + std::to_string(y) + ",512,512").c_str(), "0");
      marked += std::ranges::any_of(tile.bytes, [](std::uint8_t v) { return v < 240; }) ? 1 : 0;
      int different = 0;
      for (int row = 8; row < 504; ++row) {
        for (int column = 8; column < 504; ++column) {
          if (std::abs(tile.row(row)[column] - whole.row(y + row)[x + column]) > 24) ++different;
        }
      }
      EXPECT_LT(different, 512 * 512 / 200) << x << "," << y;
    }
  }
  EXPECT_EQ(marked, 6) << "every tile bears it";
  const Pixels turned = piece("full", "90");
  EXPECT_EQ(turned.width, 1754);
  EXPECT_GT(std::ranges::count_if(turned.bytes, [](std::uint8_t v) { return v < 240; }), 5'000);
}

}  // namespace
}  // namespace archive
