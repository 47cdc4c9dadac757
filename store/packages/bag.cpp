#include "store/packages/bag.h"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "core/error.h"
#include "store/objects/input_file.h"
#include "store/packages/bag_listing.h"
#include "store/packages/bag_names.h"
#include "store/packages/checksums.h"

namespace archive {
namespace {

struct ProblemWords {
  BagProblem problem;
  std::string_view name;
};
constexpr std::array kProblems = {
    ProblemWords{BagProblem::not_a_bag, "not_a_bag"},
    ProblemWords{BagProblem::bagit_txt, "bagit_txt"},
    ProblemWords{BagProblem::version, "version"},
    ProblemWords{BagProblem::tag_encoding, "tag_encoding"},
    ProblemWords{BagProblem::bag_info, "bag_info"},
    ProblemWords{BagProblem::no_manifest, "no_manifest"},
    ProblemWords{BagProblem::unknown_checksum, "unknown_checksum"},
    ProblemWords{BagProblem::manifest_line, "manifest_line"},
    ProblemWords{BagProblem::path_escape, "path_escape"},
    ProblemWords{BagProblem::path_place, "path_place"},
    ProblemWords{BagProblem::link, "link"},
    ProblemWords{BagProblem::unreadable, "unreadable"},
    ProblemWords{BagProblem::missing_file, "missing_file"},
    ProblemWords{BagProblem::extra_file, "extra_file"},
    ProblemWords{BagProblem::wrong_sum, "wrong_sum"},
    ProblemWords{BagProblem::listed_twice, "listed_twice"},
    ProblemWords{BagProblem::not_in_all, "not_in_all"},
    ProblemWords{BagProblem::fetch_line, "fetch_line"},
    ProblemWords{BagProblem::not_fetched, "not_fetched"},
    ProblemWords{BagProblem::wrong_oxum, "wrong_oxum"},
    ProblemWords{BagProblem::too_large, "too_large"},
    ProblemWords{BagProblem::relative_path, "relative_path"},
    ProblemWords{BagProblem::sum_tool_line, "sum_tool_line"},
    ProblemWords{BagProblem::listed_again, "listed_again"},
    ProblemWords{BagProblem::equal_names, "equal_names"},
    ProblemWords{BagProblem::system_file, "system_file"},
    ProblemWords{BagProblem::weak_checksum, "weak_checksum"},
    ProblemWords{BagProblem::tag_manifest_listed, "tag_manifest_listed"},
};

constexpr std::string_view kPayload = "data/";
constexpr std::string_view kTagManifest = "tagmanifest-";

/// "1.0" or newer: stricter than what was before.
bool strict(const std::string& version) { return version == "1.0"; }

/// The third part of "address length path"; empty when it is no such line.
std::string path_of_fetch(std::string_view line) {
  for (int part = 0; part < 2; ++part) {
    const std::size_t end = line.find_first_of(" \t");
    if (end == 0 || end == std::string_view::npos) return {};
    const std::string_view text = line.substr(0, end);
    const bool length = text == "-" || text.find_first_not_of("0123456789") == text.npos;
    if (part == 1 && !length) return {};
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t", end)));
  }
  return std::string(line);
}

struct Manifest {
  std::string file;       // its name
  std::string algorithm;  // of its digests
  bool of_tags = false;
  std::map<std::string, std::string> sums;  // by path
};

class BagCheck {
 public:
  BagCheck(const std::filesystem::path& folder, const BagLimits& limits)
      : folder_(folder), limits_(limits) {}

  BagReport run() {
    list();
    if (!report_.says(BagProblem::too_large) && read_declaration()) {
      read_info();
      read_manifests();
      read_fetch();
      compare_lists();
      compare_sums();
      compare_oxum();
    }
    return std::move(report_);
  }

 private:
  void remark(BagProblem problem, std::string file, std::string detail = {}) {
    if (makes_invalid(problem)) report_.valid = false;
    if (report_.remarks.size() < BagReport::kRemarksMost) {
      report_.remarks.push_back({problem, std::move(file), std::move(detail)});
    } else {
      ++report_.remarks_left;
    }
  }

  void list() {
    BagListing listing = list_bag(folder_, limits_.files_max);
    files_ = std::move(listing.files);
    if (listing.too_many) remark(BagProblem::too_large, "", "too many files");
    for (std::string& name : listing.links) remark(BagProblem::link, std::move(name));
    for (std::string& name : listing.unreadable) remark(BagProblem::unreadable, std::move(name));
  }

  /// The bytes of a tag file; nothing, and a remark, when they cannot be had.
  std::optional<std::string> bytes_of(const std::string& name) {
    std::string bytes;
    if (files_.at(name) == 0) return bytes;
    const auto file = InputFile::open(folder_ / name, limits_.tag_bytes_max);
    if (!file) {
      const bool large = file.error().reason == FaultReason::too_large;
      remark(large ? BagProblem::too_large : BagProblem::unreadable, name, file.error().detail);
      return std::nullopt;
    }
    const auto fault = file->read_all([&bytes](std::span<const std::byte> piece) {
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    if (!fault) return bytes;
    remark(BagProblem::unreadable, name, fault->detail);
    return std::nullopt;
  }

  std::optional<std::string> text_of(const std::string& name) {
    const auto bytes = bytes_of(name);
    if (!bytes) return std::nullopt;
    auto text = tag_text(*bytes, report_.encoding);
    if (!text) remark(BagProblem::tag_encoding, name, report_.encoding);
    return text;
  }

  // bagit.txt is always UTF-8, without a byte order mark (section 2.1.1).
  bool read_declaration() {
    static const std::regex exact(
        R"(BagIt-Version: (\d+\.\d+)(?:\r\n?|\n)Tag-File-Character-Encoding: (\S+)(?:\r\n?|\n)?)");
    static const std::regex loose(
        R"(BagIt-Version *: *(\d+\.\d+) *(?:\r\n?|\n)Tag-File-Character-Encoding *: *(\S+)\s*)");
    if (!files_.contains("bagit.txt")) {
      remark(BagProblem::not_a_bag, "bagit.txt");
      return false;
    }
    const auto bytes = bytes_of("bagit.txt");
    if (!bytes) return false;
    constexpr std::size_t kDeclarationBytesMax = 4096;
    std::smatch found;
    if (bytes->size() > kDeclarationBytesMax || !std::regex_match(*bytes, found, loose)) {
      remark(BagProblem::bagit_txt, "bagit.txt");
      return false;
    }
    report_.version = found[1];
    report_.encoding = found[2];
    if (strict(report_.version) && !std::regex_match(*bytes, exact)) {
      remark(BagProblem::bagit_txt, "bagit.txt", "blanks where version 1.0 has none");
      return false;
    }
    constexpr std::array kVersions = {"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"};
    if (std::ranges::find(kVersions, report_.version) == kVersions.end()) {
      remark(BagProblem::version, "bagit.txt", report_.version);
      return false;
    }
    if (tag_text("", report_.encoding)) return true;
    remark(BagProblem::tag_encoding, "bagit.txt", report_.encoding);
    return false;
  }

  void read_info() {
    for (const char* name : {"bag-info.txt", "package-info.txt"}) {
      if (!files_.contains(name)) continue;
      const auto text = text_of(name);
      if (!text) continue;
      auto elements = tag_elements(*text);
      if (elements) {
        report_.info = std::move(*elements);
      } else {
        remark(BagProblem::bag_info, name);
      }
    }
  }

  void read_manifests() {
    static const std::regex kName(R"((tag)?manifest-([A-Za-z0-9-]+)\.txt)", std::regex::icase);
    bool payload = false;
    for (const auto& [name, size] : files_) {
      std::smatch found;
      if (!std::regex_match(name, found, kName)) continue;
      Manifest manifest{name, found[2], found[1].matched, {}};
      std::ranges::transform(manifest.algorithm, manifest.algorithm.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      });
      std::erase(manifest.algorithm, '-');
      payload = payload || !manifest.of_tags;
      if (!known_checksum(manifest.algorithm)) {
        remark(BagProblem::unknown_checksum, name, manifest.algorithm);
        continue;
      }
      if (const auto text = text_of(name)) read_manifest(*text, manifest);
      manifests_.push_back(std::move(manifest));
    }
    if (!payload) remark(BagProblem::no_manifest, "");
    const auto strong = [](const Manifest& manifest) {
      return !manifest.of_tags && strong_checksum(manifest.algorithm);
    };
    report_.strongly_summed = std::ranges::any_of(manifests_, strong);
    if (payload && !report_.strongly_summed) remark(BagProblem::weak_checksum, "");
    const auto binding =
        std::ranges::find(manifests_, "tagmanifest-sha256.txt", &Manifest::file);
    report_.bound_by_sha256 =
        binding != manifests_.end() &&
        std::ranges::any_of(manifests_, [&](const Manifest& manifest) {
          return !manifest.of_tags && manifest.algorithm == "sha256" &&
                 binding->sums.contains(manifest.file);
        });
  }

  void read_manifest(const std::string& text, Manifest& manifest) {
    int number = 0;
    for (const std::string& line : tag_lines(text)) {
      ++number;
      if (line.find_first_not_of(" \t") == std::string::npos) continue;
      const std::string at = manifest.file + ":" + std::to_string(number);
      const std::size_t blank = line.find_first_of(" \t");
      const std::size_t begin =
          blank == std::string::npos ? blank : line.find_first_not_of(" \t", blank);
      std::string sum = line.substr(0, blank);
      const bool digits = sum.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
      if (begin == std::string::npos || !digits || sum.empty()) {
        remark(BagProblem::manifest_line, manifest.file, at);
        continue;
      }
      std::ranges::transform(sum, sum.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
      });
      std::string written = line.substr(begin);
      if (written.starts_with('*')) {
        written.erase(0, 1);
        remark(BagProblem::sum_tool_line, written, at);
      }
      const auto path = listed_path(written, at, manifest.of_tags);
      if (path) enter(manifest, *path, sum, at);
    }
  }

  void enter(Manifest& manifest, const std::string& path, const std::string& sum,
             const std::string& at) {
    if (manifest.of_tags && path.starts_with(kTagManifest)) {
      remark(BagProblem::tag_manifest_listed, path, at);
    }
    const auto [known, fresh] = manifest.sums.emplace(path, sum);
    if (fresh) return;
    const bool allowed = known->second == sum && !strict(report_.version);
    remark(allowed ? BagProblem::listed_again : BagProblem::listed_twice, path, at);
  }

  /// The path that a list has, where it is one that it may have.
  std::optional<std::string> listed_path(const std::string& written, const std::string& at,
                                         bool of_tags) {
    std::string path = bag_path_read(written, strict(report_.version));
    // A file may be called so before version 1.0.
    if (!strict(report_.version) && files_.contains(written)) path = written;
    if (escapes_the_bag(path)) {
      remark(BagProblem::path_escape, written, at);
      return std::nullopt;
    }
    if (path.starts_with("./")) {
      path.erase(0, 2);
      remark(BagProblem::relative_path, path, at);
    }
    if (path.starts_with(kPayload) == of_tags) {
      remark(BagProblem::path_place, path, at);
      return std::nullopt;
    }
    return path;
  }

  void read_fetch() {
    if (!files_.contains("fetch.txt")) return;
    const auto text = text_of("fetch.txt");
    if (!text) return;
    int number = 0;
    for (const std::string& line : tag_lines(*text)) {
      ++number;
      if (line.find_first_not_of(" \t") == std::string::npos) continue;
      const std::string at = "fetch.txt:" + std::to_string(number);
      const std::string written = path_of_fetch(line);
      if (written.empty()) {
        remark(BagProblem::fetch_line, "fetch.txt", at);
        continue;
      }
      const auto path = listed_path(written, at, false);
      if (path && !files_.contains(*path)) remark(BagProblem::not_fetched, *path, at);
      if (path) fetched_.insert(*path);
    }
  }

  // -- What is listed and what is there ----------------------------------------

  void compare_lists() {
    std::map<std::string, std::vector<std::string>> folded;
    for (const auto& [name, size] : files_) {
      if (name.starts_with(kPayload)) folded[folded_name(name)].push_back(name);
    }
    for (const Manifest& manifest : manifests_) {
      for (const auto& [path, sum] : manifest.sums) {
        if (files_.contains(path)) {
          wanted_[path].emplace_back(&manifest, &sum);
        } else {
          look_for_other_name(manifest, path, sum, folded);
        }
      }
    }
    for (const auto& [key, names] : folded) {
      if (names.size() > 1) remark(BagProblem::equal_names, names[1], names[0]);
    }
    for (const auto& [name, size] : files_) {
      if (name.starts_with(kPayload)) compare_payload(name, size);
    }
  }

  void compare_payload(const std::string& name, std::uint64_t size) {
    if (is_system_file(name)) remark(BagProblem::system_file, name);
    const auto wanted = wanted_.find(name);
    if (wanted == wanted_.end()) {
      remark(BagProblem::extra_file, name);
      return;
    }
    report_.payload[name].size_bytes = size;
    report_.payload_bytes += size;
    if (!strict(report_.version)) return;
    for (const Manifest& manifest : manifests_) {
      if (manifest.of_tags || manifest.sums.contains(name)) continue;
      remark(BagProblem::not_in_all, name, manifest.file);
    }
  }

  // A file system without capitals, or with a normal form of its own, made one file of two names,
  // or one name of another: its digest tells. A file browser's own file may be left out.
  void look_for_other_name(const Manifest& manifest, const std::string& path,
                           const std::string& sum,
                           const std::map<std::string, std::vector<std::string>>& folded) {
    if (fetched_.contains(path)) return;  // said already
    const auto others = folded.find(folded_name(path));
    if (!manifest.of_tags && others != folded.end()) {
      const std::string& other = others->second.front();
      remark(BagProblem::equal_names, path, other);
      wanted_[other].emplace_back(&manifest, &sum);
    } else if (is_system_file(path)) {
      remark(BagProblem::system_file, path);
      ++system_files_left_out_;
    } else {
      remark(BagProblem::missing_file, path, manifest.file);
    }
  }

  // Each file is read once, whatever the number of manifests.
  void compare_sums() {
    for (const auto& [path, wanted] : wanted_) {
      std::set<std::string> algorithms;
      for (const auto& [manifest, sum] : wanted) algorithms.insert(manifest->algorithm);
      const std::vector<std::string> names(algorithms.begin(), algorithms.end());
      const auto counted = sums_of(path, names);
      if (!counted) continue;
      std::map<std::string, std::string> by_name;
      for (std::size_t i = 0; i < names.size(); ++i) by_name[names[i]] = (*counted)[i];
      for (const auto& [manifest, sum] : wanted) {
        if (by_name[manifest->algorithm] != *sum) {
          remark(BagProblem::wrong_sum, path, manifest->file);
        }
      }
      const auto payload = report_.payload.find(path);
      if (payload != report_.payload.end()) payload->second.sums = std::move(by_name);
    }
  }

  std::optional<std::vector<std::string>> sums_of(const std::string& path,
                                                  const std::vector<std::string>& algorithms) {
    Checksums sums(algorithms);
    if (files_.at(path) == 0) return sums.finish();
    const auto file = InputFile::open(folder_ / path, limits_.file_bytes_max);
    if (!file) {
      remark(BagProblem::unreadable, path, file.error().detail);
      return std::nullopt;
    }
    const auto fault =
        file->read_all([&sums](std::span<const std::byte> piece) { sums.add(piece); });
    if (!fault) return sums.finish();
    remark(BagProblem::unreadable, path, fault->detail);
    return std::nullopt;
  }

  void compare_oxum() {
    for (const TagElement& element : report_.info) {
      if (folded_name(element.label) != "payload-oxum") continue;
      const auto is = [&](std::size_t files) {
        return element.value == std::to_string(report_.payload_bytes) + "." + std::to_string(files);
      };
      const std::size_t files = report_.payload.size();
      if (is(files) || is(files + system_files_left_out_)) continue;
      remark(BagProblem::wrong_oxum, "bag-info.txt", element.value);
    }
  }

  const std::filesystem::path& folder_;
  const BagLimits& limits_;
  BagReport report_;
  std::map<std::string, std::uint64_t> files_;  // every file of the bag, by path
  std::vector<Manifest> manifests_;
  std::set<std::string> fetched_;
  // The digests that each file should have, and who says so.
  std::map<std::string, std::vector<std::pair<const Manifest*, const std::string*>>> wanted_;
  std::size_t system_files_left_out_ = 0;
};

}  // namespace

std::string_view name_of(BagProblem problem) {
  return std::ranges::find(kProblems, problem, &ProblemWords::problem)->name;
}

bool makes_invalid(BagProblem problem) { return problem < BagProblem::relative_path; }

bool BagReport::says(BagProblem problem) const {
  return std::ranges::find(remarks, problem, &BagRemark::problem) != remarks.end();
}

BagReport check_bag(const std::filesystem::path& folder, const BagLimits& limits) {
  return BagCheck(folder, limits).run();
}

}  // namespace archive
