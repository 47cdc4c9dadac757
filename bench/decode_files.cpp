// Decodes every file under a folder through the sandboxed decoders and says what became
// of each.
//
//     juanzong_decode_files FOLDER [--threads N] [--seconds N] [--list] [--write OUT]
//
// Prints one figure a line, name<TAB>value<TAB>unit. --list adds a line for each page:
// file, page, width x height x channels, bits, dpi, mean red green blue, or the fault; and
// its warnings. --write stores each page as a PGM or PPM file in OUT.

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "core/fault.h"
#include "ingest/decoder/decoder_pool.h"

namespace {

using namespace archive;
using Clock = std::chrono::steady_clock;

struct Options {
  std::filesystem::path folder;
  int threads = 2;
  bool list = false;
  std::filesystem::path write;
  DecodeSettings settings;
};

struct Tally {
  std::mutex mutex;
  int files = 0;
  int unread = 0;  // no image container
  int pages = 0;
  int ok = 0;
  int with_warnings = 0;
  int partial = 0;
  std::map<std::string, int> faults;
  std::vector<double> page_ms;
};

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::array<double, 3> mean_rgb(const Pixels& pixels) {
  std::array<double, 3> sum{};
  const auto channels = static_cast<std::size_t>(pixels.channels);
  for (std::size_t i = 0; i < pixels.bytes.size(); ++i) sum[i % channels] += pixels.bytes[i];
  const double count = static_cast<double>(pixels.bytes.size() / channels);
  if (channels == 1) sum[1] = sum[2] = sum[0];
  return {sum[2] / count, sum[1] / count, sum[0] / count};
}

void write_page(const std::filesystem::path& folder, std::string name, int page,
                const Pixels& pixels) {
  std::ranges::replace(name, '/', '_');
  std::ofstream out(
      folder / (name + "." + std::to_string(page + 1) + (pixels.channels == 1 ? ".pgm" : ".ppm")),
      std::ios::binary);
  out << (pixels.channels == 1 ? "P5" : "P6") << '\n'
      << pixels.width << ' ' << pixels.height << "\n255\n";
  std::string rgb(pixels.bytes.begin(), pixels.bytes.end());
  for (std::size_t i = 0; pixels.channels == 3 && i + 2 < rgb.size(); i += 3) {
    std::swap(rgb[i], rgb[i + 2]);
  }
  out << rgb;
}

class Campaign {
 public:
  Campaign(const Options& options, std::vector<std::filesystem::path> files)
      : options_(options), files_(std::move(files)), pool_(options.settings, options.threads) {}

  void run() {
    std::vector<std::thread> threads;
    for (int i = 0; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads) thread.join();
  }
  const Tally& tally() const { return tally_; }

 private:
  void work() {
    for (std::size_t i = next_++; i < files_.size(); i = next_++) decode_file(files_[i]);
  }

  void decode_file(const std::filesystem::path& file) {
    const std::string name = std::filesystem::relative(file, options_.folder).string();
    const auto summary = pool_.summary(file);
    {
      const std::lock_guard lock(tally_.mutex);
      ++tally_.files;
    }
    if (!summary) return note_fault(name, -1, summary.error());
    if ((*summary).kind == SourceKind::other) {
      const std::lock_guard lock(tally_.mutex);
      ++tally_.unread;
      return;
    }
    for (int page = 0; page < (*summary).pages; ++page) decode_page(file, name, page);
  }

  void decode_page(const std::filesystem::path& file, const std::string& name, int page) {
    const auto start = Clock::now();
    const auto decoded = pool_.page(file, page);
    const double ms = ms_since(start);
    if (!decoded) {
      note_fault(name, page, decoded.error());
    } else {
      note_page(name, page, *decoded);
    }
    const std::lock_guard lock(tally_.mutex);
    ++tally_.pages;
    tally_.page_ms.push_back(ms);
  }

  void note_fault(const std::string& name, int page, const PageFault& fault) {
    const std::lock_guard lock(tally_.mutex);
    ++tally_.faults[std::string(name_of(fault.reason))];
    if (!options_.list) return;
    std::printf("%s\t%d\t%s\t%s\n", name.c_str(), page + 1,
                std::string(name_of(fault.reason)).c_str(), fault.detail.c_str());
  }

  void note_page(const std::string& name, int page, const PageImage& image) {
    if (!options_.write.empty()) write_page(options_.write, name, page, image.pixels);
    const std::lock_guard lock(tally_.mutex);
    ++tally_.ok;
    if (!image.warnings.empty()) ++tally_.with_warnings;
    if (std::ranges::any_of(image.warnings,
                            [](const std::string& w) { return w.starts_with("partial:"); })) {
      ++tally_.partial;
    }
    if (!options_.list) return;
    const auto mean = mean_rgb(image.pixels);
    std::printf("%s\t%d\tok\t%dx%dx%d\t%d bits\t%.0fx%.0f dpi\t%.0f,%.0f,%.0f\t%s%zu words",
                name.c_str(), page + 1, image.pixels.width, image.pixels.height,
                image.pixels.channels, image.bits_per_pixel, image.dpi_x, image.dpi_y, mean[0],
                mean[1], mean[2], image.rendered ? "drawn " : "", image.text_layer.size());
    for (const std::string& warning : image.warnings) std::printf("\t%s", warning.c_str());
    std::printf("\n");
  }

  const Options& options_;
  std::vector<std::filesystem::path> files_;
  DecoderPool pool_;
  std::atomic<std::size_t> next_{0};
  Tally tally_;
};

void print_figures(const Tally& tally, double seconds) {
  const auto figure = [](const std::string& name, double value, const char* unit) {
    std::printf("%s\t%g\t%s\n", name.c_str(), value, unit);
  };
  const auto fault_count = [&](const char* name) {
    const auto found = tally.faults.find(name);
    return found == tally.faults.end() ? 0 : found->second;
  };
  figure("files", tally.files, "files");
  figure("unread", tally.unread, "files");
  figure("pages", tally.pages, "pages");
  figure("ok", tally.ok, "pages");
  figure("with_warnings", tally.with_warnings, "pages");
  figure("partial", tally.partial, "pages");
  for (const auto& [name, count] : tally.faults) figure("fault_" + name, count, "faults");
  figure("crashes", fault_count("decoder_crashed"), "children");
  figure("hangs", fault_count("decoder_timeout"), "children");
  figure("seconds", seconds, "s");
  figure("files_per_second", tally.files / seconds, "files/s");
  auto ms = tally.page_ms;
  if (ms.empty()) return;
  std::ranges::sort(ms);
  figure("page_ms_median", ms[ms.size() / 2], "ms");
  figure("page_ms_max", ms.back(), "ms");
}

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  const auto number = [&](int i) {
    int value = 0;
    const std::string_view text = i < argc ? argv[i] : "";
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--threads") {
      options.threads = number(++i);
    } else if (word == "--seconds") {
      options.settings.seconds_max = number(++i);
    } else if (word == "--list") {
      options.list = true;
    } else if (word == "--write" && i + 1 < argc) {
      options.write = argv[++i];
    } else {
      options.folder = word;
    }
  }
  if (options.folder.empty() || options.threads < 1 || options.settings.seconds_max < 1) {
    return std::nullopt;
  }
  return options;
}

std::vector<std::filesystem::path> files_under(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_regular_file(folder)) return {folder};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options(argc, argv);
  if (!options) {
    std::fprintf(stderr,
                 "usage: juanzong_decode_files FOLDER [--threads N] [--seconds N] "
                 "[--list] [--write OUT]\n");
    return 2;
  }
  try {
    Campaign campaign(*options, files_under(options->folder));
    const auto start = Clock::now();
    campaign.run();
    print_figures(campaign.tally(), ms_since(start) / 1000);
  } catch (const ArchiveError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.kind());
  }
  return 0;
}
