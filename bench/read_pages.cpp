// Cleans and reads page images and writes what was read, for measuring and for looking:
//
//   juanzong_read_pages MODEL_FOLDER LIST OUT_DIR [--lines DIR] [--clean-only]
//
// LIST has a page a line: image file, file name in the set, page in file, bits a pixel.
// OUT_DIR/results.json has the format of the dossier scorer; --lines writes each page's
// lines and its grey upright picture. The CPU time of each stage goes to OUT_DIR/cpu.tsv.

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/page.h"
#include "core/text_place.h"
#include "ocr/page_reader.h"

namespace archive {
namespace {

struct Entry {
  std::string image;
  std::string file;
  int page_in_file = 0;
  int bits = 24;
};

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

std::vector<Entry> entries_of(const std::string& list) {
  std::ifstream in(list);
  std::vector<Entry> entries;
  for (std::string line; std::getline(in, line);) {
    std::istringstream row(line);
    Entry e;
    std::string page, bits;
    std::getline(row, e.image, '\t');
    std::getline(row, e.file, '\t');
    std::getline(row, page, '\t');
    std::getline(row, bits, '\t');
    e.page_in_file = page.empty() ? 0 : std::stoi(page);
    e.bits = bits.empty() ? 0 : std::stoi(bits);
    entries.push_back(e);
  }
  return entries;
}

PageImage image_of(const Entry& entry) {
  const int flags = cv::IMREAD_ANYCOLOR | cv::IMREAD_IGNORE_ORIENTATION;
  const cv::Mat picture = cv::imread(entry.image, flags);
  PageImage image;
  image.source_name = entry.file;
  image.occurrence.page_in_file = entry.page_in_file;
  image.bits_per_pixel = entry.bits != 0 ? entry.bits : 8 * picture.channels();
  image.pixels.width = picture.cols;
  image.pixels.height = picture.rows;
  image.pixels.channels = picture.channels();
  if (!picture.empty()) {
    image.pixels.bytes.assign(picture.data, picture.data + picture.total() * picture.elemSize());
  }
  return image;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
  }
  return out + '"';
}

std::string json_of(const Quad& quad) {
  std::ostringstream out;
  out.precision(6);
  for (std::size_t i = 0; i < 4; ++i) {
    out << (i == 0 ? "[[" : ",[") << quad.corners[i].x << ',' << quad.corners[i].y << ']';
  }
  out << ']';
  return out.str();
}

std::string result_of(const RecognizedPage& page) {
  const CleanPage& clean = page.clean;
  std::ostringstream out;
  out << "{\"file\":" << quoted(clean.delivered.source_name)
      << ",\"page_in_file\":" << clean.delivered.occurrence.page_in_file
      << ",\"rotation\":" << clean.rotation << ",\"skew_deg\":" << clean.skew_degrees
      << ",\"blank\":" << (clean.blank ? "true" : "false")
      << ",\"illegible\":" << (page.illegible ? "true" : "false") << ",\"text_lines\":[";
  // The scorer spreads a line's characters evenly over its quad. Ours know their places, so
  // each goes by itself.
  const char* separator = "\n";
  for (const TextLine& line : page.lines) {
    for (std::size_t i = 0; i < line.chars.size(); ++i) {
      out << separator << "{\"text\":" << quoted(line.chars[i].text)
          << ",\"quad\":" << json_of(clean.to_delivered(place_of(line, i)))
          << ",\"conf\":" << line.chars[i].confidence << (line.unsure ? ",\"unsure\":true}" : "}");
      separator = ",\n";
    }
  }
  out << "]}";
  return out.str();
}

std::string json_of(const TextChar& c) {
  std::ostringstream out;
  out << "{\"text\":" << quoted(c.text) << ",\"position\":" << c.position
      << ",\"confidence\":" << c.confidence;
  if (!c.alternatives.empty()) {
    const char* separator = ",\"alternatives\":[";
    for (const Alternative& other : c.alternatives) {
      out << separator << "{\"text\":" << quoted(other.text)
          << ",\"confidence\":" << other.confidence << '}';
      separator = ",";
    }
    out << ']';
  }
  out << '}';
  return out.str();
}

const char* name_of(LineKind kind) {
  switch (kind) {
    case LineKind::printed:
      return "printed";
    case LineKind::handwritten:
      return "handwritten";
    case LineKind::seal:
      return "seal";
  }
  return "";
}

std::string lines_of(const RecognizedPage& page) {
  const CleanPage& clean = page.clean;
  const Affine& m = clean.to_delivered;
  std::ostringstream out;
  out << "{\"file\":" << quoted(clean.delivered.source_name)
      << ",\"page_in_file\":" << clean.delivered.occurrence.page_in_file
      << ",\"rotation\":" << clean.rotation << ",\"skew_degrees\":" << clean.skew_degrees
      << ",\"blank\":" << (clean.blank ? "true" : "false")
      << ",\"illegible\":" << (page.illegible ? "true" : "false")
      << ",\"width\":" << clean.pixels.width << ",\"height\":" << clean.pixels.height
      << ",\"to_delivered\":[" << m.a << ',' << m.b << ',' << m.c << ',' << m.d << ',' << m.e << ','
      << m.f << "],\"seals\":[";
  for (std::size_t i = 0; i < page.seals.size(); ++i) {
    out << (i == 0 ? "" : ",") << "{\"quad\":" << json_of(page.seals[i].quad)
        << ",\"colour\":" << quoted(page.seals[i].colour)
        << ",\"shape\":" << quoted(page.seals[i].shape)
        << ",\"text\":" << quoted(page.seals[i].text)
        << ",\"confidence\":" << page.seals[i].confidence << '}';
  }
  out << "],\"lines\":[";
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    const TextLine& line = page.lines[i];
    out << (i == 0 ? "\n" : ",\n") << "{\"text\":" << quoted(line.text)
        << ",\"quad\":" << json_of(line.quad) << ",\"confidence\":" << line.confidence
        << ",\"unsure\":" << (line.unsure ? "true" : "false")
        << ",\"vertical\":" << (line.vertical ? "true" : "false")
        << ",\"kind\":" << quoted(name_of(line.kind)) << ",\"chars\":[";
    for (std::size_t k = 0; k < line.chars.size(); ++k) {
      out << (k == 0 ? "" : ",") << json_of(line.chars[k]);
    }
    out << "]}";
  }
  out << "]}\n";
  return out.str();
}

void write_lines(const RecognizedPage& page, const std::string& image,
                 const std::filesystem::path& folder) {
  const std::string stem = std::filesystem::path(image).stem().string();
  std::ofstream(folder / (stem + ".json")) << lines_of(page);
  const Pixels& pixels = page.clean.pixels;
  cv::Mat picture(pixels.height, pixels.width, CV_8UC(pixels.channels),
                  const_cast<std::uint8_t*>(pixels.bytes.data()));
  if (pixels.channels == 3) cv::cvtColor(picture, picture, cv::COLOR_BGR2GRAY);
  cv::imwrite((folder / (stem + ".png")).string(), picture, {cv::IMWRITE_PNG_COMPRESSION, 1});
}

int run(const std::vector<std::string>& arguments) {
  const std::filesystem::path models_folder = arguments[0];
  const std::filesystem::path out = arguments[2];
  std::filesystem::path lines;
  bool clean_only = false;
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    if (arguments[i] == "--clean-only") clean_only = true;
    if (arguments[i] == "--lines" && i + 1 < arguments.size()) lines = arguments[++i];
  }
  std::filesystem::create_directories(out);
  if (!lines.empty()) std::filesystem::create_directories(lines);

  const OcrSettings settings;
  const ReadingModels models(settings, models_folder);
  PageReader reader(models, settings);
  std::ofstream results(out / "results.json");
  std::ofstream cpu(out / "cpu.tsv");
  results << "{\"pages\":[";
  const char* separator = "\n";
  for (const Entry& entry : entries_of(arguments[1])) {
    PageImage image = image_of(entry);
    const double start = cpu_seconds();
    auto clean = reader.clean(std::move(image));
    const double cleaned = cpu_seconds();
    if (!clean) {
      std::cerr << entry.image << ": " << clean.error().detail << '\n';
      continue;
    }
    if (clean_only) clean->regions.clear();
    auto page = reader.read(*std::move(clean));
    const double read = cpu_seconds();
    if (!page) {
      std::cerr << entry.image << ": " << page.error().detail << '\n';
      continue;
    }
    cpu << entry.image << '\t' << cleaned - start << '\t' << read - cleaned << '\n';
    results << separator << result_of(*page);
    separator = ",\n";
    if (!lines.empty()) write_lines(*page, entry.image, lines);
  }
  results << "]}\n";
  return 0;
}

}  // namespace
}  // namespace archive

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 3) {
    std::cerr
        << "usage: juanzong_read_pages MODEL_FOLDER LIST OUT_DIR [--lines DIR] [--clean-only]\n";
    return 2;
  }
  return archive::run(arguments);
}
