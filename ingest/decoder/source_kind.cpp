// What a file is, by its first bytes. Runs in the archive's own process, so it compares
// constants and nothing else.

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "ingest/decoder/decoder_pool.h"

namespace archive {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kPdfJunkMax = 1024;  // ISO 32000-1, annex H, note 13
constexpr std::size_t kBmpHeaderAt = 14;

struct Magic {
  std::string_view bytes;
  SourceKind kind;
};
constexpr std::array kMagics = {
    Magic{"II*\0"sv, SourceKind::tiff},
    Magic{"MM\0*"sv, SourceKind::tiff},
    Magic{"II+\0"sv, SourceKind::tiff},
    Magic{"MM\0+"sv, SourceKind::tiff},
    Magic{"\xFF\xD8\xFF"sv, SourceKind::jpeg},
    Magic{"\x89PNG\r\n\x1A\n"sv, SourceKind::png},
    Magic{"\0\0\0\x0CjP  \r\n\x87\n"sv, SourceKind::jpeg2000},
    Magic{"\xFF\x4F\xFF\x51"sv, SourceKind::jpeg2000},
};

// Two letters alone would claim every text that begins with them: the size of the header
// that follows must be a small number.
bool is_bmp(std::string_view bytes) {
  if (!bytes.starts_with("BM") || bytes.size() < kBmpHeaderAt + 4) return false;
  return static_cast<unsigned char>(bytes[kBmpHeaderAt]) >= 12 &&
         bytes.substr(kBmpHeaderAt + 1, 3) == "\0\0\0"sv;
}

struct CarrierMagic {
  std::size_t at;
  std::string_view bytes;
  Carrier carrier;
};
constexpr std::array kCarrierMagics = {
    CarrierMagic{8, "WAVE", Carrier::audio},
    CarrierMagic{8, "AVI ", Carrier::video},
    CarrierMagic{8, "WEBP", Carrier::image},
    CarrierMagic{0, "GIF8", Carrier::image},
    CarrierMagic{0, "8BPS", Carrier::image},
    CarrierMagic{0, "ID3", Carrier::audio},
    CarrierMagic{0, "\xFF\xFB"sv, Carrier::audio},
    CarrierMagic{0, "\xFF\xF3"sv, Carrier::audio},
    CarrierMagic{0, "fLaC", Carrier::audio},
    CarrierMagic{0, "OggS", Carrier::audio},
    CarrierMagic{0, "#!AMR", Carrier::audio},
    CarrierMagic{4, "ftypM4A", Carrier::audio},
    CarrierMagic{4, "ftyphei", Carrier::image},
    CarrierMagic{4, "ftypavif", Carrier::image},
    CarrierMagic{4, "ftyp", Carrier::video},
    CarrierMagic{0, "\x1A\x45\xDF\xA3"sv, Carrier::video},
    CarrierMagic{0, "FLV\1"sv, Carrier::video},
    CarrierMagic{0, "\0\0\1\xBA"sv, Carrier::video},
    CarrierMagic{0, "\0\0\1\xB3"sv, Carrier::video},
    CarrierMagic{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, Carrier::document},
    CarrierMagic{0, "{\\rtf", Carrier::document},
};

struct Extension {
  std::string_view name;
  Carrier carrier;
};
constexpr std::array kExtensions = {
    Extension{".tif", Carrier::image},     Extension{".tiff", Carrier::image},
    Extension{".jpg", Carrier::image},     Extension{".jpeg", Carrier::image},
    Extension{".png", Carrier::image},     Extension{".bmp", Carrier::image},
    Extension{".jp2", Carrier::image},     Extension{".j2k", Carrier::image},
    Extension{".pdf", Carrier::image},     Extension{".gif", Carrier::image},
    Extension{".webp", Carrier::image},    Extension{".heic", Carrier::image},
    Extension{".wav", Carrier::audio},     Extension{".mp3", Carrier::audio},
    Extension{".wma", Carrier::audio},     Extension{".m4a", Carrier::audio},
    Extension{".aac", Carrier::audio},     Extension{".amr", Carrier::audio},
    Extension{".flac", Carrier::audio},    Extension{".ogg", Carrier::audio},
    Extension{".mp4", Carrier::video},     Extension{".avi", Carrier::video},
    Extension{".mov", Carrier::video},     Extension{".mkv", Carrier::video},
    Extension{".wmv", Carrier::video},     Extension{".mpg", Carrier::video},
    Extension{".mpeg", Carrier::video},    Extension{".flv", Carrier::video},
    Extension{".3gp", Carrier::video},     Extension{".doc", Carrier::document},
    Extension{".docx", Carrier::document}, Extension{".xls", Carrier::document},
    Extension{".xlsx", Carrier::document}, Extension{".ppt", Carrier::document},
    Extension{".pptx", Carrier::document}, Extension{".wps", Carrier::document},
    Extension{".et", Carrier::document},   Extension{".dps", Carrier::document},
    Extension{".ofd", Carrier::document},  Extension{".odt", Carrier::document},
    Extension{".ods", Carrier::document},  Extension{".rtf", Carrier::document},
    Extension{".txt", Carrier::document},  Extension{".csv", Carrier::document},
    Extension{".htm", Carrier::document},  Extension{".html", Carrier::document},
    Extension{".xml", Carrier::document},
};

Carrier carrier_by_extension(const std::filesystem::path& name) {
  std::string extension = name.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto known = std::ranges::find(kExtensions, extension, &Extension::name);
  return known == kExtensions.end() ? Carrier::other : known->carrier;
}

}  // namespace

SourceKind kind_of(std::string_view first_bytes) {
  for (const Magic& magic : kMagics) {
    if (first_bytes.starts_with(magic.bytes)) return magic.kind;
  }
  if (is_bmp(first_bytes)) return SourceKind::bmp;
  const std::size_t pdf = first_bytes.find("%PDF-");
  if (pdf != std::string_view::npos && pdf <= kPdfJunkMax) return SourceKind::pdf;
  return SourceKind::other;
}

Carrier carrier_of(std::string_view first_bytes, const std::filesystem::path& name) {
  if (kind_of(first_bytes) != SourceKind::other) return Carrier::image;
  for (const CarrierMagic& magic : kCarrierMagics) {
    if (first_bytes.size() >= magic.at + magic.bytes.size() &&
        first_bytes.substr(magic.at, magic.bytes.size()) == magic.bytes) {
      return magic.carrier;
    }
  }
  return carrier_by_extension(name);
}

}  // namespace archive
