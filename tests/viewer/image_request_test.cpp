#include "viewer/iiif/image_request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace archive {
namespace {

constexpr int kWidth = 2480;
constexpr int kHeight = 3508;

struct Address {
  const char* region;
  const char* size;
  const char* rotation;
  const char* file;
  const char* expected;  // x,y,w,h>w,h@rotation, or the status
};

std::string told(const ParsedImageRequest& parsed) {
  if (!parsed.request) return std::to_string(parsed.problem.status);
  const ImageRequest& r = *parsed.request;
  return std::to_string(r.x) + "," + std::to_string(r.y) + "," + std::to_string(r.width) + "," +
         std::to_string(r.height) + ">" + std::to_string(r.out_width) + "," +
         std::to_string(r.out_height) + "@" + (r.mirrored ? "!" : "") + std::to_string(r.rotation);
}

class ImageAddress : public testing::TestWithParam<Address> {};

TEST_P(ImageAddress, IsUnderstoodAsTheStandardSays) {
  const Address& a = GetParam();
  EXPECT_EQ(told(parse_image_request(a.region, a.size, a.rotation, a.file, kWidth, kHeight)),
            a.expected)
      << a.region << "/" << a.size << "/" << a.rotation << "/" << a.file;
}

// IIIF Image API 3.0, sections 4.1 to 4.5.
INSTANTIATE_TEST_SUITE_P(
    Sound, ImageAddress,
    testing::Values(
        Address{"full", "max", "0", "default.jpg", "0,0,2480,3508>2480,3508@0"},
        Address{"square", "max", "0", "default.jpg", "0,514,2480,2480>2480,2480@0"},
        Address{"125,15,120,140", "max", "0", "default.jpg", "125,15,120,140>120,140@0"},
        Address{"pct:50,50,10,10", "max", "0", "default.jpg", "1240,1754,248,351>248,351@0"},
        Address{"2400,3500,512,512", "max", "0", "default.jpg", "2400,3500,80,8>80,8@0"},
        Address{"full", "620,", "0", "default.jpg", "0,0,2480,3508>620,877@0"},
        Address{"full", ",877", "0", "default.jpg", "0,0,2480,3508>620,877@0"},
        Address{"full", "225,100", "0", "default.jpg", "0,0,2480,3508>225,100@0"},
        Address{"full", "!200,200", "0", "default.jpg", "0,0,2480,3508>141,200@0"},
        Address{"full", "pct:25", "0", "default.jpg", "0,0,2480,3508>620,877@0"},
        Address{"0,0,100,100", "^200,", "0", "default.jpg", "0,0,100,100>200,200@0"},
        Address{"0,0,100,100", "^!300,150", "0", "default.jpg", "0,0,100,100>150,150@0"},
        Address{"0,0,100,50", "^pct:200", "0", "default.jpg", "0,0,100,50>200,100@0"},
        Address{"full", "620,", "90", "gray.png", "0,0,2480,3508>620,877@90"},
        Address{"full", "620,", "!270", "bitonal.webp", "0,0,2480,3508>620,877@!270"},
        Address{"full", "620,", "360", "color.jpg", "0,0,2480,3508>620,877@0"},
        Address{"full", "620,", "90.0", "color.jpg", "0,0,2480,3508>620,877@90"}));
INSTANTIATE_TEST_SUITE_P(
    Refused, ImageAddress,
    testing::Values(
        Address{"full", "max", "45", "default.jpg", "501"},
        Address{"full", "max", "0", "default.tif", "501"},
        Address{"full", "max", "0", "default.exe", "400"},
        Address{"full", "max", "0", "default", "400"},
        Address{"full", "max", "0", "sepia.jpg", "400"},
        Address{"full", "max", "361", "default.jpg", "400"},
        Address{"full", "max", "-90", "default.jpg", "400"},
        Address{"full", "max", "x", "default.jpg", "400"},
        Address{"full", "full", "0", "default.jpg", "400"},
        Address{"full", ",", "0", "default.jpg", "400"},
        Address{"full", "!200,", "0", "default.jpg", "400"},
        Address{"full", "200", "0", "default.jpg", "400"},
        Address{"full", "1.5,", "0", "default.jpg", "400"},
        Address{"full", "0,", "0", "default.jpg", "400"},
        Address{"full", "pct:0", "0", "default.jpg", "400"},
        Address{"full", "2481,", "0", "default.jpg", "400"},
        Address{"full", "pct:101", "0", "default.jpg", "400"},
        Address{"full", "^9000,", "0", "default.jpg", "400"},
        Address{"full", "1e3,", "0", "default.jpg", "400"},
        Address{"full", "nan,", "0", "default.jpg", "400"},
        Address{"full", "inf,", "0", "default.jpg", "400"},
        Address{"2480,0,10,10", "max", "0", "default.jpg", "400"},
        Address{"0,0,0,10", "max", "0", "default.jpg", "400"},
        Address{"0,0,10", "max", "0", "default.jpg", "400"},
        Address{"0,0,10,10,10", "max", "0", "default.jpg", "400"},
        Address{"0,0,1.5,10", "max", "0", "default.jpg", "400"},
        Address{"-1,0,10,10", "max", "0", "default.jpg", "400"},
        Address{"pct:0,0,0,0", "max", "0", "default.jpg", "400"},
        Address{"", "max", "0", "default.jpg", "400"},
        Address{"full", "", "0", "default.jpg", "400"},
        Address{"full", "99999999999999999999,", "0", "default.jpg", "400"}));

TEST(ImageInfo, OffersTilesAndSizesThatAreServed) {
  const auto info = nlohmann::json::parse(image_info("http://x/iiif/3/1", kWidth, kHeight));
  EXPECT_EQ(info["profile"], "level2");
  EXPECT_EQ(info["id"], "http://x/iiif/3/1");
  EXPECT_EQ(info["width"], kWidth);
  ASSERT_FALSE(info["sizes"].empty());
  for (const auto& size : info["sizes"]) {
    const std::string asked = size["width"].dump() + "," + size["height"].dump();
    EXPECT_NE(told(parse_image_request("full", asked, "0", "default.jpg", kWidth, kHeight)), "400")
        << asked;
  }
}

}  // namespace
}  // namespace archive
