#include "viewer/pdf_archival.h"

#include <array>
#include <vector>

#include "viewer/big_endian.h"
#include "viewer/html.h"

namespace archive {
namespace {

constexpr std::string_view kProfileName = "sRGB";
constexpr std::string_view kCopyright = "No copyright, use freely";

/// Whole numbers of 1/65536 (ICC.1, 5.3.4).
struct Xyz {
  std::uint32_t x, y, z;
};
// sRGB's colorants and white, adapted to D50.
constexpr Xyz kWhite{0x0000F6D6, 0x00010000, 0x0000D32D};
constexpr Xyz kRed{0x00006FA2, 0x000038F5, 0x00000390};
constexpr Xyz kGreen{0x00006299, 0x0000B785, 0x000018DA};
constexpr Xyz kBlue{0x000024A0, 0x00000F84, 0x0000B6CF};
constexpr int kGamma = 0x0233;  // 2.2 in 1/256

struct ProfileTag {
  std::string_view name;
  std::string bytes;
};

std::string padded_tag(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
  return bytes;
}

std::string xyz_tag(const Xyz& xyz) {
  return BigEndian().text("XYZ ").zeros(4).u32(xyz.x).u32(xyz.y).u32(xyz.z).bytes();
}

std::string description_tag() {
  const auto size = static_cast<std::uint32_t>(kProfileName.size() + 1);
  return padded_tag(BigEndian()
                        .text("desc")
                        .zeros(4)
                        .u32(size)
                        .text(kProfileName)
                        .zeros(1)
                        .zeros(4 + 4)       // no name in Unicode
                        .zeros(2 + 1 + 67)  // none in ScriptCode
                        .bytes());
}

std::string curve_tag() {
  return padded_tag(BigEndian().text("curv").zeros(4).u32(1).u16(kGamma).bytes());
}

std::string text_tag() {
  return padded_tag(BigEndian().text("text").zeros(4).text(kCopyright).zeros(1).bytes());
}

std::string profile_header(std::size_t size) {
  return BigEndian()
      .u32(static_cast<std::uint32_t>(size))
      .zeros(4)
      .u32(0x02100000)  // version 2.1
      .text("mntrRGB XYZ ")
      .u16(2001)
      .u16(4)
      .u16(1)
      .zeros(6)  // the day of the specification, at midnight
      .text("acsp")
      .zeros(4 + 4 + 4 + 4 + 8 + 4)
      .u32(kWhite.x)
      .u32(kWhite.y)
      .u32(kWhite.z)
      .zeros(48)
      .bytes();
}

}  // namespace

std::string srgb_profile() {
  const std::vector<ProfileTag> tags = {
      {"desc", description_tag()}, {"cprt", text_tag()},      {"wtpt", xyz_tag(kWhite)},
      {"rXYZ", xyz_tag(kRed)},     {"gXYZ", xyz_tag(kGreen)}, {"bXYZ", xyz_tag(kBlue)},
      {"rTRC", curve_tag()},       {"gTRC", curve_tag()},     {"bTRC", curve_tag()}};
  constexpr std::size_t kHeaderBytes = 128;
  constexpr std::size_t kEntryBytes = 12;
  std::size_t offset = kHeaderBytes + 4 + kEntryBytes * tags.size();
  BigEndian table;
  table.u32(static_cast<std::uint32_t>(tags.size()));
  std::string content;
  for (const ProfileTag& tag : tags) {
    table.text(tag.name)
        .u32(static_cast<std::uint32_t>(offset))
        .u32(static_cast<std::uint32_t>(tag.bytes.size()));
    content += tag.bytes;
    offset += tag.bytes.size();
  }
  return profile_header(offset) + table.bytes() + content;
}

std::string xmp_of_pdfa(std::string_view title, std::string_view producer) {
  return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
         "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
         "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
         "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
         "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n"
         "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" +
         html_text(title) +
         "</rdf:li></rdf:Alt></dc:title>\n"
         "<pdf:Producer>" +
         html_text(producer) +
         "</pdf:Producer>\n"
         "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>";
}

}  // namespace archive
