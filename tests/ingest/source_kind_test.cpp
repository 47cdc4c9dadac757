#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ingest/decoder/decoder_pool.h"

namespace archive {
namespace {

using namespace std::string_view_literals;

// A ZIP file as far as the name of the first file in it.
std::string zip_of(std::string_view first_name) {
  return std::string("PK\3\4") + std::string(26, '\0') + std::string(first_name) + "content";
}

TEST(SourceKind, APdfIsKnownBehindOtherBytesAndWithoutItsHeader) {
  EXPECT_EQ(kind_of(std::string(1000, ' ') + "%PDF-1.7"), SourceKind::pdf);
  EXPECT_EQ(kind_of(std::string(1100, ' ') + "%PDF-1.7"), SourceKind::other);
  EXPECT_EQ(kind_of("%\xE2\xE3\xCF\xD3\n1 0 obj <<"), SourceKind::pdf);
  EXPECT_EQ(kind_of("1 0 obj\n<< /Type /Catalog >>"), SourceKind::pdf);
  EXPECT_EQ(kind_of("% a comment, and no object"), SourceKind::other);
  EXPECT_EQ(kind_of("a letter about 1 0 obj"), SourceKind::other);
}

TEST(Carrier, OfficeFilesArePackedAndStillDocuments) {
  for (const char* first : {"[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "OFD.xml",
                            "mimetypeapplication/vnd.oasis.opendocument.text"}) {
    EXPECT_EQ(carrier_of(zip_of(first), "file"), Carrier::document) << first;
  }
  EXPECT_EQ(carrier_of(zip_of("settings.bin"), "letter.docx"), Carrier::document);
}

TEST(Carrier, PackedFilesAreNoPicturesWhateverTheirName) {
  EXPECT_EQ(carrier_of(zip_of("0001.jpg"), "box.zip"), Carrier::other);
  EXPECT_EQ(carrier_of(zip_of("0001.jpg"), "box.pdf"), Carrier::other);
}

TEST(UnreadFormat, NamesWhatAPersonShouldConvertOrUnpack) {
  const struct {
    std::string_view bytes;
    std::string_view name;
  } table[] = {
      {"GIF89a"sv, "GIF"},
      {"RIFF\0\0\0\0WEBPVP8 "sv, "WebP"},
      {"\0\0\0\x18"
       "ftypheic"sv,
       "HEIF"},
      {"PK\3\4\0\0"sv, "ZIP"},
      {"Rar!\x1A\7\0"sv, "RAR"},
      {"7z\xBC\xAF\x27\x1C"sv, "7-Zip"},
      {"\x1F\x8B\x08\0"sv, "gzip"},
      {"RIFF\0\0\0\0WAVEfmt "sv, ""},
      {"II*\0"sv, ""},
      {"\xFF\xD8\xAF\xE0"sv, ""},
      {""sv, ""},
  };
  for (const auto& [bytes, name] : table) EXPECT_EQ(unread_format(bytes), name) << bytes;
}

}  // namespace
}  // namespace archive
