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
constexpr std::size_t kZipNameAt = 30;  // where the name of the first packed file stands

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

// The header of a PDF may be anywhere in the first kilobyte, and readers do without it when
// the objects are there.
bool is_pdf(std::string_view bytes) {
  const std::string_view beginning = bytes.substr(0, kPdfJunkMax);
  if (bytes.substr(0, kPdfJunkMax + 5).find("%PDF-") != std::string_view::npos) return true;
  return (beginning.starts_with('%') || beginning.starts_with("1 0 obj")) &&
         beginning.find(" 0 obj") != std::string_view::npos;
}

struct CarrierMagic {
  std::size_t at;
  std::string_view bytes;
  Carrier carrier;
  std::string_view unread = {};  // the name of the format, where a person should hear of it
};
constexpr std::array kCarrierMagics = {
    CarrierMagic{8, "WAVE", Carrier::audio},
    CarrierMagic{8, "AVI ", Carrier::video},
    CarrierMagic{8, "WEBP", Carrier::image, "WebP"},
    CarrierMagic{0, "GIF8", Carrier::image, "GIF"},
    CarrierMagic{0, "8BPS", Carrier::image, "PSD"},
    CarrierMagic{0, "ID3", Carrier::audio},
    CarrierMagic{0, "\xFF\xFB"sv, Carrier::audio},
    CarrierMagic{0, "\xFF\xF3"sv, Carrier::audio},
    CarrierMagic{0, "fLaC", Carrier::audio},
    CarrierMagic{0, "OggS", Carrier::audio},
    CarrierMagic{0, "#!AMR", Carrier::audio},
    CarrierMagic{4, "ftypM4A", Carrier::audio},
    CarrierMagic{4, "ftyphei", Carrier::image, "HEIF"},
    CarrierMagic{4, "ftypmif1", Carrier::image, "HEIF"},
    CarrierMagic{4, "ftypavif", Carrier::image, "AVIF"},
    CarrierMagic{4, "ftyp", Carrier::video},
    CarrierMagic{0, "\x1A\x45\xDF\xA3"sv, Carrier::video},
    CarrierMagic{0, "FLV\1"sv, Carrier::video},
    CarrierMagic{0, "\0\0\1\xBA"sv, Carrier::video},
    CarrierMagic{0, "\0\0\1\xB3"sv, Carrier::video},
    CarrierMagic{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, Carrier::document},
    CarrierMagic{0, "{\\rtf", Carrier::document},
    // Office files are ZIP files that begin with one of these.
    CarrierMagic{kZipNameAt, "[Content_Types].xml", Carrier::document},
    CarrierMagic{kZipNameAt, "_rels/.rels", Carrier::document},
    CarrierMagic{kZipNameAt, "docProps/", Carrier::document},
    CarrierMagic{kZipNameAt, "mimetypeapplication/", Carrier::document},
    CarrierMagic{kZipNameAt, "OFD.xml", Carrier::document},
};

// Looked at after the name: half of all document formats are packed as ZIP.
constexpr std::array kPackedMagics = {
    CarrierMagic{0, "PK\3\4"sv, Carrier::other, "ZIP"},
    CarrierMagic{0, "PK\5\6"sv, Carrier::other, "ZIP"},
    CarrierMagic{0, "Rar!\x1A\7"sv, Carrier::other, "RAR"},
    CarrierMagic{0, "7z\xBC\xAF\x27\x1C"sv, Carrier::other, "7-Zip"},
    CarrierMagic{0, "\x1F\x8B\x8"sv, Carrier::other, "gzip"},
};

bool matches(std::string_view bytes, const CarrierMagic& magic) {
  return bytes.size() >= magic.at + magic.bytes.size() &&
         bytes.substr(magic.at, magic.bytes.size()) == magic.bytes;
}

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
  return is_pdf(first_bytes) ? SourceKind::pdf : SourceKind::other;
}

Carrier carrier_of(std::string_view first_bytes, const std::filesystem::path& name) {
  if (kind_of(first_bytes) != SourceKind::other) return Carrier::image;
  for (const CarrierMagic& magic : kCarrierMagics) {
    if (matches(first_bytes, magic)) return magic.carrier;
  }
  const bool packed = std::ranges::any_of(
      kPackedMagics, [&](const CarrierMagic& magic) { return matches(first_bytes, magic); });
  const Carrier named = carrier_by_extension(name);
  return packed && named != Carrier::document ? Carrier::other : named;
}

std::string_view unread_format(std::string_view first_bytes) {
  if (kind_of(first_bytes) != SourceKind::other) return {};
  const auto name_in = [&](const auto& magics) {
    const auto found = std::ranges::find_if(
        magics, [&](const CarrierMagic& magic) { return matches(first_bytes, magic); });
    return found == magics.end() ? std::string_view() : found->unread;
  };
  const std::string_view name = name_in(kCarrierMagics);
  return name.empty() ? name_in(kPackedMagics) : name;
}

}  // namespace archive
