#include "viewer/jpeg_header.h"

#include <gtest/gtest.h>

#include <string>

#include "viewer/pdf_picture.h"

namespace archive {
namespace {

std::string byte(int value) { return std::string(1, static_cast<char>(value)); }
std::string word(int value) { return byte(value >> 8) + byte(value & 0xFF); }

std::string segment(int marker, const std::string& content) {
  return byte(0xFF) + byte(marker) + word(static_cast<int>(content.size()) + 2) + content;
}

std::string frame(int marker, int bits, int width, int height, const std::string& ids) {
  std::string content =
      byte(bits) + word(height) + word(width) + byte(static_cast<int>(ids.size()));
  for (const char id : ids) content += std::string(1, id) + byte(0x11) + byte(0);
  return segment(marker, content);
}

const std::string kYcc = "\1\2\3";
const std::string kStart = byte(0xFF) + byte(0xD8);
const std::string kScan = segment(0xDA, "scan") + "entropy";
const std::string kJfif = segment(0xE0, std::string("JFIF\0\1\1\0", 8));

std::string adobe(int transform) {
  return segment(0xEE, std::string("Adobe\0\x64\0\0\0\0", 11) + byte(transform));
}

std::string exif(int orientation) {
  const std::string entry = word(274) + word(3) + word(0) + word(1) + word(orientation) + word(0);
  return segment(
      0xE1, std::string("Exif\0\0", 6) + "MM" + word(42) + word(0) + word(8) + word(1) + entry);
}

TEST(JpegHeader, SaysHowLargeAndHowColouredItIs) {
  const auto header = read_jpeg_header(kStart + kJfif + frame(0xC0, 8, 640, 480, kYcc) + kScan);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->width, 640);
  EXPECT_EQ(header->height, 480);
  EXPECT_EQ(header->components, 3);
  EXPECT_EQ(header->orientation, 1);
  EXPECT_FALSE(header->adobe);
}

TEST(JpegHeader, KnowsHowThePictureLies) {
  for (const int orientation : {1, 3, 6, 8}) {
    const auto header =
        read_jpeg_header(kStart + exif(orientation) + frame(0xC2, 8, 9, 5, kYcc) + kScan);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->orientation, orientation);
  }
  EXPECT_EQ(read_jpeg_header(kStart + exif(99) + frame(0xC2, 8, 9, 5, kYcc))->orientation, 1);
}

struct Refused {
  const char* why;
  std::string bytes;
};

TEST(JpegHeader, RefusesWhatReadersOfPdfShowOtherwise) {
  const Refused refused[] = {
      {"no JPEG", "\x89PNG"},
      {"nothing", ""},
      {"12 bits", kStart + frame(0xC1, 12, 9, 5, kYcc)},
      {"lossless", kStart + frame(0xC3, 8, 9, 5, kYcc)},
      {"arithmetic", kStart + frame(0xC9, 8, 9, 5, kYcc)},
      {"two components", kStart + frame(0xC0, 8, 9, 5, "\1\2")},
      {"height later", kStart + frame(0xC0, 8, 9, 0, kYcc)},
      {"contradiction", kStart + kJfif + adobe(0) + frame(0xC0, 8, 9, 5, kYcc)},
      {"cut off", kStart + frame(0xC0, 8, 9, 5, kYcc).substr(0, 9)},
      {"no frame", kStart + kJfif + kScan},
      {"no marker", kStart + "abc" + frame(0xC0, 8, 9, 5, kYcc)},
  };
  for (const Refused& one : refused) EXPECT_FALSE(read_jpeg_header(one.bytes)) << one.why;
}

TEST(JpegPicture, CarriesEveryByteAndSaysWhatIsSpecial) {
  const std::string grey = kStart + frame(0xC0, 8, 9, 5, "\1") + kScan;
  const auto picture = jpeg_picture(grey);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->bytes, grey);
  EXPECT_NE(picture->entries.find("/DeviceGray"), std::string::npos);
  EXPECT_EQ(picture->entries.find("/Decode"), std::string::npos);

  const auto rgb = jpeg_picture(kStart + frame(0xC0, 8, 9, 5, "RGB") + kScan);
  EXPECT_NE(rgb->entries.find("/ColorTransform 0"), std::string::npos);
  const auto ink = jpeg_picture(kStart + adobe(2) + frame(0xC0, 8, 9, 5, "\1\2\3\4") + kScan);
  EXPECT_NE(ink->entries.find("/Decode [1 0 1 0 1 0 1 0]"), std::string::npos);
}

TEST(JpegPicture, ATurnedOneIsAsLargeAsItIsSeen) {
  const auto picture = jpeg_picture(kStart + exif(6) + frame(0xC0, 8, 90, 50, kYcc) + kScan);
  ASSERT_TRUE(picture);
  EXPECT_EQ(delivered_size(*picture), (Point{50, 90}));
  // Stored upper left is the upper right corner to the eye.
  EXPECT_EQ(picture->to_delivered(Point{0, 0}), (Point{50, 0}));
  EXPECT_EQ(picture->to_delivered(Point{90, 50}), (Point{0, 90}));
}

}  // namespace
}  // namespace archive
