#include "core/layout.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <stdexcept>
#include <string>

#include "core/utf8.h"

namespace archive {
namespace {

TextLine line_of(const std::string& text) {
  TextLine line;
  line.text = text;
  line.quad = {{{{412.3, 80.1}, {1210.7, 95.4}, {1210.1, 131.0}, {411.6, 115.9}}}};
  line.engine = "ppocr";
  const std::vector<std::string> parts = characters(text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double place = static_cast<double>(i);
    line.chars.push_back({parts[i], (place + 0.31) / static_cast<double>(parts.size()),
                          1.0 - 0.013 * static_cast<double>(i % 7)});
    line.confidence += line.chars.back().confidence / static_cast<double>(parts.size());
  }
  return line;
}

PageLayout page_of(std::vector<TextLine> lines) {
  PageLayout layout{2480, 3508, 180, -1.234, std::move(lines)};
  return layout;
}

void expect_near(const PageLayout& a, const PageLayout& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.rotation, b.rotation);
  EXPECT_NEAR(a.skew_degrees, b.skew_degrees, 0.00051);
  ASSERT_EQ(a.lines.size(), b.lines.size());
  for (std::size_t i = 0; i < a.lines.size(); ++i) {
    const TextLine &p = a.lines[i], &q = b.lines[i];
    EXPECT_EQ(p.text, q.text);
    EXPECT_EQ(p.engine, q.engine);
    EXPECT_EQ(p.kind, q.kind);
    EXPECT_EQ(p.vertical, q.vertical);
    EXPECT_EQ(p.unsure, q.unsure);
    EXPECT_NEAR(p.confidence, q.confidence, 0.0011);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(p.quad.corners[k].x, q.quad.corners[k].x, 0.051);
      EXPECT_NEAR(p.quad.corners[k].y, q.quad.corners[k].y, 0.051);
    }
    ASSERT_EQ(p.chars.size(), q.chars.size());
    for (std::size_t k = 0; k < p.chars.size(); ++k) {
      EXPECT_EQ(p.chars[k].text, q.chars[k].text);
      EXPECT_NEAR(p.chars[k].position, q.chars[k].position, 0.000051);
      EXPECT_NEAR(p.chars[k].confidence, q.chars[k].confidence, 0.00051);
    }
  }
}

TEST(Layout, ComesBackAsItWas) {
  TextLine seal = line_of("示例市社会保险事业管理局");
  seal.kind = LineKind::seal;
  seal.unsure = true;
  TextLine vertical = line_of("卷内备考表");
  vertical.kind = LineKind::handwritten;
  vertical.vertical = true;
  vertical.engine = "tesseract";
  const PageLayout page = page_of({line_of("姓名 周示例 1951年"), seal, vertical});
  expect_near(parse_layout(serialize_layout(page)), page);
}

TEST(Layout, IsStableOnceWritten) {
  const std::string once = serialize_layout(page_of({line_of("退休审批表"), line_of("一")}));
  EXPECT_EQ(serialize_layout(parse_layout(once)), once);
}

TEST(Layout, ReadsAsTheFormatSays) {
  TextLine line = line_of("工龄");
  line.quad = Quad::of({100, 50, 140, 70});
  line.chars = {{"工", 0.25, 1}, {"龄", 0.75, 0.998}};
  line.confidence = 0.999;
  EXPECT_EQ(serialize_layout(page_of({line})),
            "juanzong-layout 2\n"
            "page 2480 3508 180 -1234 1 1\n"
            "ppocr\n"
            "p\t0\t1000,500,400,0,0,200,0,0\t\t=\t,2\t工龄\n");
}

TEST(Layout, KeepsWhatACharacterMayHaveBeenInstead) {
  TextLine line = line_of("末路");
  line.quad = Quad::of({100, 50, 140, 70});
  line.chars = {{"末", 0.25, 0.6, {{"未", 0.3}, {"\\.", 0.05}}}, {"路", 0.75, 1}};
  line.confidence = 0.8;
  const std::string text = serialize_layout(page_of({line}));
  EXPECT_TRUE(text.ends_with("\t末路\t末\\.路\t0,300,未\\.0,50,\\\\.\n")) << text;
  const std::vector<TextChar> back = parse_layout(text).lines.at(0).chars;
  EXPECT_EQ(back[0].alternatives, line.chars[0].alternatives);
  EXPECT_TRUE(back[1].alternatives.empty());
}

TEST(Layout, ReadsTheFormatOfVersion1) {
  const PageLayout page = parse_layout(
      "juanzong-layout 1\npage 10 10 0 0 1 1\nppocr\n"
      "p\t0\t1000,500,400,0,0,200,0,0\t\t=\t,2\t工龄\n");
  EXPECT_EQ(page.lines.at(0).text, "工龄");
  EXPECT_NEAR(page.lines[0].chars.at(1).confidence, 0.998, 1e-9);
}

TEST(Layout, KeepsWhatTextAlonCannotSay) {
  TextLine spaced = line_of("甲 乙");
  spaced.chars = {{"甲", 0.1, 0.5}, {"乙", 0.9, 0.5}};  // the space has no place
  TextLine odd = line_of("a\tb\\n\nc\r\x01");
  TextLine clusters = line_of("xy");
  clusters.chars = {{"\\.", 0.1, 1}, {"", 0.2, 1}, {"字\\", 0.3, 0}};
  TextLine bare;
  bare.confidence = 0.4;
  TextLine unread = line_of("没有字位");
  unread.chars.clear();
  const PageLayout page = page_of({spaced, odd, clusters, bare, unread});
  expect_near(parse_layout(serialize_layout(page)), page);
}

TEST(Layout, WritesOnlyWhatCanBeReadBack) {
  TextLine line = line_of("ab");
  line.text = "bad\xFF";
  line.confidence = std::numeric_limits<double>::quiet_NaN();
  line.chars[0].position = -7;
  line.chars[1].confidence = 31;
  line.quad.corners[2] = {1e300, -std::numeric_limits<double>::infinity()};
  PageLayout page = page_of({line});
  page.width = -4;
  page.rotation = -90;
  const PageLayout back = parse_layout(serialize_layout(page));
  EXPECT_EQ(back.rotation, 270);
  EXPECT_EQ(back.lines.at(0).text, "bad\uFFFD");
}

TEST(Layout, IsSmall) {
  PageLayout page = page_of({});
  std::mt19937 random(7);
  for (int line = 0; line < 50; ++line) {
    TextLine text = line_of("参保人员缴费年限及个人账户储存额明细表");
    text.chars.push_back({"。", 1, 0.9});
    text.text += "。";
    for (TextChar& c : text.chars) {
      c.confidence = 1.0 - static_cast<double>(random() % 20) / 1000;
      c.position += static_cast<double>(random() % 100) / 10'000;
    }
    page.lines.push_back(text);
  }
  EXPECT_LE(serialize_layout(page).size(), 12'000u);  // 1,000 characters
}

struct Refused {
  const char* name;
  std::string text;
  const char* line;
};
class RefusedLayout : public testing::TestWithParam<Refused> {};

std::string with_line(const std::string& line) {
  return "juanzong-layout 1\npage 10 10 0 0 1 1\nppocr\n" + line + "\n";
}

TEST_P(RefusedLayout, NamesTheLine) {
  try {
    parse_layout(GetParam().text);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(GetParam().line), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedLayout,
    testing::Values(
        Refused{"Nothing", "", "line 1"}, Refused{"OtherVersion", "juanzong-layout 3\n", "line 1"},
        Refused{"NoPage", "juanzong-layout 1\n", "line 2"},
        Refused{"FiveNumbers", "juanzong-layout 1\npage 1 1 0 0 0\n", "line 2"},
        Refused{"SevenNumbers", "juanzong-layout 1\npage 1 1 0 0 0 0 0\n", "line 2"},
        Refused{"NegativeWidth", "juanzong-layout 1\npage -1 1 0 0 0 0\n", "line 2"},
        Refused{"CrookedRotation", "juanzong-layout 1\npage 1 1 45 0 0 0\n", "line 2"},
        Refused{"PromisedTooManyLines", "juanzong-layout 1\npage 1 1 0 0 0 99999999\n", "line 2"},
        Refused{"MissingLine", "juanzong-layout 1\npage 1 1 0 0 0 1\n", "line 3"},
        Refused{"LineTooMany", "juanzong-layout 1\npage 1 1 0 0 0 0\nmore\n", "line 3"},
        Refused{"NoSuchEngine", with_line("p\t1\t0,0,0,0,0,0,0,0\t\t=\t\tx"), "line 4"},
        Refused{"UnknownKind", with_line("q\t0\t0,0,0,0,0,0,0,0\t\t=\t\tx"), "line 4"},
        Refused{"SevenCorners", with_line("p\t0\t0,0,0,0,0,0,0\t\t=\t\tx"), "line 4"},
        Refused{"HugeCorner", with_line("p\t0\t99999999999,0,0,0,0,0,0,0\t\t=\t\tx"), "line 4"},
        Refused{"WordForNumber", with_line("p\t0\ta,0,0,0,0,0,0,0\t\t=\t\tx"), "line 4"},
        Refused{"TooFewPositions", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t5\t\txy"), "line 4"},
        Refused{"PositionPastTheEnd", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t9000,2000\t\txy"),
                "line 4"},
        Refused{"TooManyDoubts", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t1,2,3\txy"), "line 4"},
        Refused{"DoubtOverThousand", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t1001\txy"), "line 4"},
        Refused{"UnknownEscape", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t\t\\q"), "line 4"},
        Refused{"EscapeCutShort", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t\t\\x4"), "line 4"},
        Refused{"LoneBackslash", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t\tx\\"), "line 4"},
        Refused{"NotUtf8", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t\t\xC4\xE3"), "line 4"},
        Refused{"NineColumns", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t\tx\ty\tz"), "line 4"},
        Refused{"AlternativeOfNoCharacter",
                with_line("p\t0\t0,0,0,0,0,0,0,0\t\t=\t\tx\tx\t1,500,y"), "line 4"},
        Refused{"CharactersOfNothing", with_line("p\t0\t0,0,0,0,0,0,0,0\t\t-\t\tx\ty"), "line 4"}),
    [](const auto& row) { return row.param.name; });

TEST(Layout, NeverCrashesOnDamagedText) {
  TextLine odd = line_of("a\tb\\n\nc");
  odd.chars.pop_back();
  const std::string good = serialize_layout(page_of({line_of("姓名 周示例"), odd}));
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bad = good;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % bad.size();
      switch (random() % 3) {
        case 0:
          bad[at] = static_cast<char>(random());
          break;
        case 1:
          bad.erase(at, 1 + random() % 9);
          break;
        default:
          bad.insert(at, 1, "0,-\t\n\\9"[random() % 7]);
      }
    }
    try {
      parse_layout(bad);
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 5'000);
}

}  // namespace
}  // namespace archive
