#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/source_root.h"

// The rules of the house that no compiler sees (docs/ARCHITECTURE.md).

namespace {

namespace fs = std::filesystem;

// Who may include whom; a folder may always include itself.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"core", {}},
    {"config", {"core"}},
    {"ocr", {"core", "config"}},
    {"checks", {"core", "config"}},
    {"store", {"core", "config"}},
    {"index", {"core", "config"}},
    {"ingest", {"core", "config", "ocr", "checks", "store", "index"}},
    {"viewer", {"core", "config", "ocr", "checks", "store", "index", "ingest"}},
    // The outside auditor shares words with the writer, and no code.
    {"audit", {"core"}},
    {"app", {"core", "config", "ocr", "checks", "store", "index", "ingest", "viewer", "audit"}},
};

// The doors: which files may include a library. A place that ends with '/' is a folder.
struct Door {
  const char* library;
  const char* include;  // what follows #include <
  std::set<std::string> places;

  bool opens_to(const std::string& file) const {
    return std::ranges::any_of(places, [&file](const std::string& place) {
      return file == place || (place.ends_with('/') && file.starts_with(place));
    });
  }
};
const std::vector<Door> kDoors = {
    {"TBB", "(oneapi/)?tbb/", {"ingest/pipeline.cpp", "ingest/ingest.cpp"}},
    {"Tesseract", "tesseract/", {"ocr/text/tesseract_engine.cpp"}},
    {"Leptonica", "(leptonica/|allheaders)", {"ocr/text/tesseract_engine.cpp"}},
    {"ONNX Runtime", "(onnxruntime/)?onnxruntime_", {"ocr/text/network.cpp"}},
    {"Xapian",
     "xapian",
     {"index/xapian_index.cpp", "index/xapian_query.h", "index/xapian_shards.h"}},
    {"OpenCC", "opencc/", {"index/script.cpp"}},
    {"libtiff", "tiff", {"ingest/sources/tiff_reader.cpp", "ingest/sources/tiff_page.cpp"}},
    {"libjpeg", "(jpeglib|jerror|turbojpeg)", {"ingest/sources/jpeg_reader.cpp", "viewer/iiif/encoding.cpp"}},
    {"libpng", "png", {"ingest/sources/png_reader.cpp", "viewer/iiif/encoding.cpp"}},
    {"OpenJPEG", "openjpeg", {"ingest/sources/jp2_reader.cpp", "ingest/conversion/jp2_writer.cpp"}},
    {"libmicrohttpd", "microhttpd", {"viewer/http/server.cpp"}},
    {"libwebp", "webp/", {"viewer/iiif/encoding.cpp"}},
    {"libsodium",
     "sodium",
     {"store/records/password.cpp", "store/sealing/passphrase.cpp", "audit/sealing.cpp"}},
    {"libseccomp", "seccomp", {"ingest/decoder/sandbox.cpp"}},
    {"zxing-cpp", "(ZXing/|ReadBarcode)", {"ingest/codes.cpp"}},
    {"cairo", "cairo", {"ingest/sheets.cpp", "viewer/cairo_handles.h"}},
    {"Pango", "pango/", {"ingest/sheets.cpp", "viewer/copy_sheet_drawing.cpp"}},
    {"SQLite",
     "sqlite3",
     {"store/records/sqlite.cpp", "store/records/change_watch.cpp", "store/records/sealed_vfs.cpp",
      "audit/tables.cpp"}},
    {"zlib", "zlib", {"viewer/flate.cpp"}},
    {"Zstandard", "zstd", {"store/objects/compression.cpp", "audit/entries.cpp"}},
    {"toml++", "toml", {"config/toml_tree.cpp", "config/job_sheet.cpp"}},
    {"RE2", "re2/", {"config/pattern.cpp"}},
    {"CLI11", "CLI/", {"app/command_parser.h"}},
    {"ICU", "unicode/", {"index/fold.cpp", "index/pinyin.cpp", "store/packages/bag_names.cpp"}},
    {"iconv", "iconv", {"ingest/foreign_text.cpp", "store/packages/tag_text.cpp"}},
    {"libzip", "zip\\.h", {"ingest/spreadsheet/zip_parts.cpp"}},
    {"Expat", "expat", {"ingest/spreadsheet/xml_stream.cpp"}},
    {"libxlsxwriter", "xlsxwriter", {"ingest/spreadsheet/xlsx_writer.cpp"}},
    // Its headers are the only ones that begin with a capital letter.
    {"Poppler",
     R"(([A-Z][A-Za-z]+\.h|splash/|poppler))",
     {"ingest/sources/pdf_reader.cpp", "ingest/sources/pdf_content.cpp",
      "ingest/sources/pdf_actions.cpp"}},
    {"fontconfig", "fontconfig/", {"ingest/sources/pdf_reader.cpp"}},
    {"libqrcodegen", "qrcodegen", {"ingest/sheets.cpp", "viewer/access/qr_code.cpp"}},
    {"pugixml", "pugixml", {"ocr/", "store/packages/"}},
    {"OpenSSL",
     "openssl/",
     {"store/objects/digest.cpp", "store/ledger/signing_key.cpp", "store/sealing/cipher.cpp",
      "store/sealing/secret.cpp", "store/packages/checksums.cpp", "audit/digests.cpp",
      "audit/sealing.cpp", "config/table_version.cpp", "ocr/text/file_hash.cpp"}},
    // Three libraries that many files share: a worker or a door each, not the whole house.
    {"OpenCV", "opencv", {"ocr/"}},
    {"nlohmann-json", "nlohmann/", {"store/", "ingest/", "viewer/", "audit/", "app/"}},
    {"fmt", "fmt/", {"app/"}},
};

// What needs no door: the language's own library and the system's.
constexpr const char* kSystemHeaders =
    R"(([a-z_]+|(arpa|linux|netinet|sys)/.*|(dirent|dlfcn|fcntl|malloc|poll|pwd|sched|signal|spawn|termios|time|unistd)\.h)>)";

constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kLinesMax = 500;

struct SourceFile {
  std::string folder;
  std::string name;  // below the root, with '/'
  std::vector<std::string> lines;
  std::vector<std::size_t> includes;  // which lines they are
};

const std::vector<SourceFile>& source_files() {
  static const std::vector<SourceFile> files = [] {
    std::vector<SourceFile> found;
    for (const auto& [folder, allowed] : kMayInclude) {
      const fs::path top = archive::source_root() / folder;
      if (!fs::exists(top)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(top)) {
        const fs::path extension = entry.path().extension();
        if (extension != ".h" && extension != ".cpp") continue;
        SourceFile file{
            folder, entry.path().lexically_relative(archive::source_root()).generic_string(), {}, {}};
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) {
          if (line.find("include") != std::string::npos) file.includes.push_back(file.lines.size());
          file.lines.push_back(line);
        }
        found.push_back(std::move(file));
      }
    }
    return found;
  }();
  return files;
}

std::string at(const SourceFile& file, std::size_t line) {
  return file.name + ":" + std::to_string(line + 1) + ": ";
}

// What the eye sees: a Chinese character is three bytes and two columns, a dash three
// bytes and one.
std::size_t columns(const std::string& line) {
  std::size_t count = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;
    count += byte >= 0xE3 ? 2 : 1;
  }
  return count;
}

TEST(Layout, FindsTheSources) { EXPECT_GT(source_files().size(), 50u); }

TEST(Layout, IncludesPointDownwards) {
  const std::regex include(R"re(^\s*#\s*include\s+"([a-z_]+)/)re");
  for (const SourceFile& file : source_files()) {
    for (const std::size_t i : file.includes) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, include) || match[1] == file.folder) continue;
      EXPECT_TRUE(kMayInclude.at(file.folder).contains(match[1]))
          << at(file, i) << file.folder << "/ may not include " << match[1] << "/";
    }
  }
}

TEST(Layout, EachLibraryHasItsDoor) {
  for (const Door& door : kDoors) {
    const std::regex include(std::string(R"re(^\s*#\s*include\s+<)re") + door.include);
    for (const SourceFile& file : source_files()) {
      for (const std::size_t i : file.includes) {
        if (!std::regex_search(file.lines[i], include)) continue;
        EXPECT_TRUE(door.opens_to(file.name))
            << at(file, i) << door.library << " has another door: " << *door.places.begin();
      }
    }
  }
}

// A library that nobody wrote into the table would be guarded by no rule.
TEST(Layout, NoLibraryComesInWithoutADoor) {
  std::string known = std::string(R"re(^\s*#\s*include\s+<()re") + kSystemHeaders;
  for (const Door& door : kDoors) known += std::string("|") + door.include;
  const std::regex any(R"re(^\s*#\s*include\s+<)re");
  const std::regex with_door(known + ")");
  for (const SourceFile& file : source_files()) {
    for (const std::size_t i : file.includes) {
      if (!std::regex_search(file.lines[i], any)) continue;
      EXPECT_TRUE(std::regex_search(file.lines[i], with_door))
          << at(file, i) << file.lines[i] << " has no door in the table of " << __FILE__;
    }
  }
}

TEST(Layout, FilesAndLinesFitTheEye) {
  for (const SourceFile& file : source_files()) {
    EXPECT_LE(file.lines.size(), kLinesMax) << file.name;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_LE(columns(file.lines[i]), kColumnsMax) << at(file, i);
    }
  }
}

TEST(Layout, HeadersAreGuardedAndExplained) {
  for (const SourceFile& file : source_files()) {
    if (!file.name.ends_with(".h")) continue;
    ASSERT_FALSE(file.lines.empty()) << file.name;
    EXPECT_EQ(file.lines.front(), "#pragma once") << file.name;
    const bool explained = std::ranges::any_of(
        file.lines, [](const std::string& line) { return line.find("//") != std::string::npos; });
    EXPECT_TRUE(explained || file.lines.size() < 12) << file.name << " says nothing";
  }
}

// A door's name in the table above must be a real file, or the rule guards nothing; and a
// door through which nobody goes is left over.
TEST(Layout, DoorsExistAndAreUsed) {
  for (const Door& door : kDoors) {
    const std::regex include(std::string(R"re(^\s*#\s*include\s+<)re") + door.include);
    for (const std::string& place : door.places) {
      EXPECT_TRUE(fs::exists(archive::source_root() / place)) << door.library << ": " << place;
      const bool used = std::ranges::any_of(source_files(), [&](const SourceFile& file) {
        return (file.name == place || (place.ends_with('/') && file.name.starts_with(place))) &&
               std::ranges::any_of(file.includes, [&](std::size_t line) {
                 return std::regex_search(file.lines[line], include);
               });
      });
      EXPECT_TRUE(used) << door.library << " does not come in by " << place;
    }
  }
}

}  // namespace
