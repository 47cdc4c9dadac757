#include "viewer/hocr.h"

#include <gtest/gtest.h>

#include "tests/viewer/text_lines.h"
#include "viewer/plain_text.h"

namespace archive {
namespace {

PageLayout two_lines() {
  return {400,
          600,
          0,
          0,
          {line_at({10, 20, 90, 40}, "姓名：A", 0.95), line_at({10, 45, 154, 65}, "No 1", 0.95)}};
}

TEST(Hocr, IsThisForThisPage) {
  EXPECT_EQ(hocr_head("件 <1>", "juanzong 1", 2) +
                hocr_of(two_lines(), {"盒/\"a&b\".tif", 1, 300, 299.6}) + hocr_tail(),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh" lang="zh">
<head>
<title>件 &lt;1&gt;</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="juanzong 1" />
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_line ocrx_word" />
<meta name="ocr-number-of-pages" content="2" />
<meta name="ocr-langs" content="zh" />
</head>
<body>
<div class="ocr_page" id="page_2" title="image &quot;盒/&#39;a&amp;b&#39;.tif&quot;; bbox 0 0 400 600; ppageno 1; scan_res 300 300">
<div class="ocr_carea" id="area_2_1" title="bbox 10 20 154 65">
<span class="ocr_line" id="line_2_1_1" title="bbox 10 20 90 40; baseline 0 0"><span class="ocrx_word" id="word_2_1_1_1" title="bbox 10 20 90 40; x_wconf 95; x_confs 95 95 95 95">姓名：A</span></span>
<span class="ocr_line" id="line_2_1_2" title="bbox 10 45 154 65; baseline 0 0"><span class="ocrx_word" id="word_2_1_2_1" title="bbox 18 45 74 65; x_wconf 95; x_confs 95 95">No</span> <span class="ocrx_word" id="word_2_1_2_2" title="bbox 126 45 146 65; x_wconf 95; x_confs 95">1</span></span>
</div>
</div>
</body>
</html>
)");
}

TEST(Hocr, LinesThatDoNotFollowEachOtherAreAreasOfTheirOwn) {
  PageLayout layout = two_lines();
  layout.lines[1].quad = Quad::of({200, 45, 344, 65});
  const std::string text = hocr_of(layout, {"1.tif", 0, 0, 0});
  EXPECT_NE(text.find("area_1_2"), std::string::npos);
  EXPECT_EQ(text.find("scan_res"), std::string::npos);
}

TEST(Hocr, ASlopingLineSaysHowItSlopes) {
  PageLayout layout = two_lines();
  layout.lines.resize(1);
  layout.lines[0].quad = {{{{10, 20}, {110, 30}, {110, 50}, {10, 40}}}};
  EXPECT_NE(hocr_of(layout, {"1.tif", 0, 0, 0}).find("bbox 10 20 110 50; baseline 0.1 -10"),
            std::string::npos);
}

TEST(Hocr, ATurnedPageSaysSoOfItsLines) {
  PageLayout layout = two_lines();
  layout.rotation = 90;
  const std::string text = hocr_of(layout, {"1.tif", 0, 0, 0});
  EXPECT_NE(text.find("textangle 270"), std::string::npos);
  EXPECT_EQ(text.find("baseline"), std::string::npos);
}

TEST(Hocr, WhatXmlCannotHoldIsReplaced) {
  PageLayout layout = two_lines();
  layout.lines = {line_at({0, 0, 60, 20}, "a\xEF\xBF\xBF<b")};
  const std::string text = hocr_of(layout, {"1.tif", 0, 0, 0});
  EXPECT_NE(text.find("a\uFFFD&lt;b"), std::string::npos);
}

TEST(Hocr, ABlankPageIsAPageWithoutAreas) {
  const std::string text = hocr_of({400, 600, 0, 0, {}}, {"1.tif", 0, 0, 0});
  EXPECT_NE(text.find("ocr_page"), std::string::npos);
  EXPECT_EQ(text.find("ocr_carea"), std::string::npos);
}

TEST(PlainText, IsALineForALine) {
  EXPECT_EQ(plain_text_of(two_lines()), "姓名：A\nNo 1\n");
  EXPECT_EQ(plain_text_of({}), "");
}

}  // namespace
}  // namespace archive
