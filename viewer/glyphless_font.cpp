#include "viewer/glyphless_font.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "viewer/big_endian.h"

namespace archive {
namespace {

constexpr int kCodesMax = 65000;
constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kMappingsAtOnce = 100;  // of a block in a CMap (Adobe Technical Note 5014)
constexpr int kEm = 1000;

std::string hex4(int value) { return utf16_digits(static_cast<char32_t>(value)); }

struct Table {
  std::string_view tag;
  std::string bytes;
};

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
  return bytes;
}

std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (24 - 8 * (i % 4));
  }
  return sum;
}

std::string head_table() {
  return BigEndian()
      .u32(0x00010000)
      .u32(0x00010000)
      .u32(0)           // the checksum of the whole font, which PDF readers do not ask for
      .u32(0x5F0F3CF5)  // the magic number of OpenType
      .u16(0)
      .u16(kEm)
      .zeros(16)  // made and changed: never
      .zeros(8)   // the box around all glyphs
      .u16(0)
      .u16(8)  // readable down to 8 pixels
      .u16(2)
      .u16(0)  // short offsets in loca
      .u16(0)
      .bytes();
}

std::string hhea_table() {
  return BigEndian()
      .u32(0x00010000)
      .u16(static_cast<int>(GlyphlessFont::kAscent * kEm))
      .u16(-static_cast<int>(GlyphlessFont::kDescent * kEm))
      .u16(0)
      .u16(kEm)
      .zeros(22)
      .u16(1)  // one width for all
      .bytes();
}

std::string maxp_table() {
  return BigEndian()
      .u32(0x00010000)
      .u16(2)  // glyphs
      .u16(1)  // points
      .u16(1)  // contours
      .zeros(4)
      .u16(1)  // zones
      .zeros(16)
      .bytes();
}

// One point at the origin and nothing between it and itself. Glyphs of no bytes at all would
// leave the table empty, and some readers refuse a font with an empty table.
std::string glyph() {
  return BigEndian()
      .u16(1)  // contours
      .zeros(8)
      .u16(0)       // the last point of the contour
      .u16(0)       // no instructions
      .u16(0x3100)  // on the curve, both steps are zero; and a byte that fills up
      .bytes();
}

std::string assembled(const std::vector<Table>& tables) {
  constexpr int kDirectoryBytes = 12;
  constexpr int kEntryBytes = 16;
  int power = 1;
  int exponent = 0;
  for (; power * 2 <= static_cast<int>(tables.size()); power *= 2) ++exponent;
  const int count = static_cast<int>(tables.size());
  BigEndian directory;
  directory.u32(0x00010000).u16(count).u16(power * 16).u16(exponent).u16((count - power) * 16);
  std::string font = directory.bytes();
  std::size_t offset = static_cast<std::size_t>(kDirectoryBytes + kEntryBytes * count);
  for (const Table& table : tables) {
    font += table.tag;
    font += BigEndian()
                .u32(checksum(table.bytes))
                .u32(static_cast<std::uint32_t>(offset))
                .u32(static_cast<std::uint32_t>(table.bytes.size()))
                .bytes();
    offset += padded(table.bytes).size();
  }
  for (const Table& table : tables) font += padded(table.bytes);
  return font;
}

}  // namespace

std::string empty_truetype() {
  const std::string one = glyph();
  const int half = static_cast<int>(one.size()) / 2;
  return assembled({{"glyf", one + one},
                    {"head", head_table()},
                    {"hhea", hhea_table()},
                    {"hmtx", BigEndian().u16(kEm).u16(0).u16(0).bytes()},
                    {"loca", BigEndian().u16(0).u16(half).u16(2 * half).bytes()},
                    {"maxp", maxp_table()}});
}

std::string GlyphlessFont::code_of(char32_t c) {
  if (static_cast<int>(codes_.size()) >= kCodesMax && !codes_.contains(c)) c = kReplacement;
  const auto [place, made] = codes_.emplace(c, static_cast<int>(codes_.size()) + 1);
  if (made) characters_.emplace(place->second, c);
  return hex4(place->second);
}

std::string GlyphlessFont::to_unicode() const {
  std::string map =
      "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
  std::size_t done = 0;
  for (const auto& [code, c] : characters_) {
    if (done % kMappingsAtOnce == 0) {
      if (done > 0) map += "endbfchar\n";
      map +=
          std::to_string(std::min(kMappingsAtOnce, characters_.size() - done)) + " beginbfchar\n";
    }
    map += "<" + hex4(code) + "> <" + utf16_digits(c) + ">\n";
    ++done;
  }
  if (done > 0) map += "endbfchar\n";
  return map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

void GlyphlessFont::write(PdfFile& file, int number) const {
  const std::string name = "/BaseFont /JuanzongGlyphless";
  const std::string font = empty_truetype();
  const int program = file.reserve();
  file.packed_stream(program, "/Length1 " + std::to_string(font.size()), font);
  const std::string ascent = pdf_number(kAscent * kEm);
  const std::string descent = pdf_number(-kDescent * kEm);
  const int descriptor = file.object(
      "<< /Type /FontDescriptor /FontName /JuanzongGlyphless /Flags 5 /FontBBox [0 " + descent +
      " 1000 " + ascent + "] /ItalicAngle 0 /Ascent " + ascent + " /Descent " + descent +
      " /CapHeight " + ascent + " /StemV 80 /FontFile2 " + pdf_reference(program) + " >>");
  // Every code is the same glyph.
  BigEndian glyphs;
  glyphs.u16(0);
  for (std::size_t i = 0; i < characters_.size(); ++i) glyphs.u16(1);
  const int glyph_of_code = file.reserve();
  file.packed_stream(glyph_of_code, "", glyphs.bytes());
  const int descendant = file.object(
      "<< /Type /Font /Subtype /CIDFontType2 " + name +
      " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000" +
      " /CIDToGIDMap " + pdf_reference(glyph_of_code) + " /FontDescriptor " +
      pdf_reference(descriptor) + " >>");
  const int unicode = file.reserve();
  file.packed_stream(unicode, "", to_unicode());
  file.object(number, "<< /Type /Font /Subtype /Type0 " + name +
                          " /Encoding /Identity-H /DescendantFonts [" + pdf_reference(descendant) +
                          "] /ToUnicode " + pdf_reference(unicode) + " >>");
}

}  // namespace archive
