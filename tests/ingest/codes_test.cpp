#include "ingest/codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ingest/patch_code.h"
#include "ingest/sheets.h"

namespace archive {
namespace {

/// A4 at 200 dpi, white.
class Sheet {
 public:
  static constexpr double kDpi = 200;
  Sheet() : pixels_{1654, 2339, 1, {}} {
    pixels_.bytes.assign(pixels_.stride() * static_cast<std::size_t>(pixels_.height), 255);
  }
  void rectangle(int left, int top, int width, int height) {
    for (int y = top; y < top + height; ++y) {
      std::fill_n(pixels_.row(y) + left, width, std::uint8_t{0});
    }
  }
  void bars(const std::string& text, int left, int top, int module = 4) {
    bool bar = true;
    for (const int width : code_128(text)) {
      if (bar) rectangle(left, top, width * module, 150);
      left += width * module;
      bar = !bar;
    }
  }
  /// `wide` is "0101": narrow, wide, narrow, wide; the bars lie across the page.
  void patch(const std::string& wide, int top) {
    constexpr int kNarrow = 16;
    constexpr int kWide = 40;
    for (const char mark : wide) {
      const int height = mark == '1' ? kWide : kNarrow;
      rectangle(300, top, 600, height);
      top += height + kNarrow;
    }
  }
  Pixels turned_right() const {
    Pixels turned{pixels_.height, pixels_.width, 1, {}};
    turned.bytes.resize(pixels_.bytes.size());
    for (int y = 0; y < pixels_.height; ++y) {
      for (int x = 0; x < pixels_.width; ++x) {
        turned.row(x)[pixels_.height - 1 - y] = pixels_.row(y)[x];
      }
    }
    return turned;
  }
  const Pixels& pixels() const { return pixels_; }

 private:
  Pixels pixels_;
};

std::vector<std::string> texts(const std::vector<MachineCode>& codes) {
  std::vector<std::string> list;
  for (const MachineCode& code : codes) list.push_back(code.symbology + ":" + code.text);
  return list;
}

TEST(Codes, AnEmptyPageHasNone) { EXPECT_TRUE(find_codes(Sheet().pixels(), 200).empty()); }

TEST(Codes, ARuledTableIsNoCode) {
  Sheet sheet;
  for (int x = 100; x < 1500; x += 60) sheet.rectangle(x, 200, 3, 1800);
  for (int y = 200; y <= 2000; y += 40) sheet.rectangle(100, y, 1380, 3);
  EXPECT_TRUE(find_codes(sheet.pixels(), 200).empty());
}

TEST(Codes, ReadsABarCodeWhichWayEverThePageLies) {
  Sheet sheet;
  sheet.bars("JZ000123", 300, 500);
  EXPECT_EQ(texts(find_codes(sheet.pixels(), 200)),
            (std::vector<std::string>{"CODE-128:JZ000123"}));
  EXPECT_EQ(texts(find_codes(sheet.turned_right(), 200)),
            (std::vector<std::string>{"CODE-128:JZ000123"}));
  // Resolution not told: guessed from the size.
  EXPECT_EQ(texts(find_codes(sheet.pixels(), 0)), (std::vector<std::string>{"CODE-128:JZ000123"}));
}

TEST(Codes, ReadsBarsOfOneAndAQuarterMillimetre) {
  Sheet sheet;
  sheet.bars("SB22017", 200, 500, 10);
  EXPECT_EQ(texts(find_codes(sheet.pixels(), 200)), (std::vector<std::string>{"CODE-128:SB22017"}));
}

TEST(Codes, SeveralOnAPageComeFromTopToBottom) {
  Sheet sheet;
  sheet.bars("LOWER", 300, 1500);
  sheet.bars("UPPER", 300, 500);
  EXPECT_EQ(texts(find_codes(sheet.pixels(), 200)),
            (std::vector<std::string>{"CODE-128:UPPER", "CODE-128:LOWER"}));
}

// zxing-cpp 1.4 aborted the whole program on this page.
TEST(Codes, TheSameBarCodeTwiceOnAPageIsReadOnce) {
  Sheet sheet;
  sheet.bars("SB2-2012", 300, 400);
  sheet.bars("SB2-2012", 300, 1700);
  EXPECT_EQ(texts(find_codes(sheet.pixels(), 200)),
            (std::vector<std::string>{"CODE-128:SB2-2012"}));
}

struct Patch {
  char name;
  const char* wide;
};
class PatchCodes : public testing::TestWithParam<Patch> {};

TEST_P(PatchCodes, AreReadFromTheNearerEdgeAndWhichWayEverTheyLie) {
  const std::string expected = std::string("PATCH:PATCH") + GetParam().name;
  Sheet top;
  top.patch(GetParam().wide, 150);
  EXPECT_EQ(texts(find_codes(top.pixels(), 200)), (std::vector<std::string>{expected}));
  EXPECT_EQ(texts(find_codes(top.turned_right(), 200)), (std::vector<std::string>{expected}));

  std::string from_below = GetParam().wide;
  std::ranges::reverse(from_below);
  Sheet bottom;
  bottom.patch(from_below, 2000);
  EXPECT_EQ(texts(find_codes(bottom.pixels(), 200)), (std::vector<std::string>{expected}));
}

INSTANTIATE_TEST_SUITE_P(All, PatchCodes,
                         testing::Values(Patch{'1', "1100"}, Patch{'2', "1001"}, Patch{'3', "1010"},
                                         Patch{'4', "0110"}, Patch{'6', "0011"},
                                         Patch{'T', "0101"}),
                         [](const auto& row) { return std::string("Patch") + row.param.name; });

TEST(PatchCode, BarsOfOtherWidthsAreNone) {
  for (const char* wide : {"0000", "1111", "0111", "010"}) {
    Sheet sheet;
    sheet.patch(wide, 150);
    EXPECT_FALSE(find_patch_code(sheet.pixels(), Sheet::kDpi)) << wide;
  }
}

}  // namespace
}  // namespace archive
