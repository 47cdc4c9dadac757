#include "store/custody/backup_manifest.h"

#include <charconv>

namespace archive {
namespace {

constexpr std::string_view kManifestMark = "juanzong backup 1";
constexpr std::string_view kManifestEnd = "end";

std::vector<std::string_view> split(std::string_view text, char sign) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0;;) {
    const std::size_t to = text.find(sign, from);
    parts.push_back(text.substr(from, to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

template <class Number>
bool take_number(std::string_view text, Number& number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

bool take_blob(std::string_view text, std::optional<BlobId>& blob) {
  blob = BlobId::parse(text);
  return blob.has_value();
}

std::string octal(unsigned mode) {
  char digits[16];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), mode, 8);
  return "0" + std::string(digits, end);
}

/// Whole numbers as "0-3,5".
std::string ranges_of(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(numbers[i]);
    if (last > i) text += "-" + std::to_string(numbers[last]);
    i = last + 1;
  }
  return text;
}

bool take_ranges(std::string_view text, std::vector<int>& numbers) {
  constexpr int kNumbersMost = 10'000'000;
  if (text.empty()) return true;
  for (const std::string_view range : split(text, ',')) {
    const auto ends = split(range, '-');
    int first = 0;
    int last = 0;
    if (ends.size() > 2 || !take_number(ends.front(), first) || !take_number(ends.back(), last) ||
        first < 0 || last < first || last > kNumbersMost) {
      return false;
    }
    for (int i = first; i <= last; ++i) numbers.push_back(i);
  }
  return true;
}

bool take_file(const std::vector<std::string_view>& cells, BackupManifest& manifest) {
  BackedUpFile file;
  if (cells.size() != 5 || !take_number(cells[2], file.mode, 8) ||
      !take_number(cells[3], file.size_bytes) || !take_blob(cells[4], file.hash)) {
    return false;
  }
  file.name = cells[1];
  manifest.files.push_back(std::move(file));
  return true;
}

bool take_piece(const std::vector<std::string_view>& cells, BackupManifest& manifest) {
  const auto blob = cells.size() == 2 ? BlobId::parse(cells[1]) : std::nullopt;
  if (!blob || manifest.files.empty()) return false;
  manifest.files.back().pieces.push_back(*blob);
  return true;
}

bool take_list(const std::vector<std::string_view>& cells, BackupManifest& manifest) {
  BackedUpList list;
  if (cells.size() != 4 || !take_number(cells[1], list.part) ||
      !take_number(cells[2], list.objects) || !take_blob(cells[3], list.piece)) {
    return false;
  }
  manifest.lists.push_back(list);
  return true;
}

bool take_line(const std::vector<std::string_view>& cells, BackupManifest& manifest) {
  const std::string_view name = cells.front();
  if (name == "file") return take_file(cells, manifest);
  if (name == "piece") return take_piece(cells, manifest);
  if (name == "list") return take_list(cells, manifest);
  if (cells.size() != 2) return false;
  if (name == "archive") manifest.archive = cells[1];
  if (name == "taken_at") manifest.taken_at = cells[1];
  if (name == "entries") return take_number(cells[1], manifest.entries);
  if (name == "objects") return take_number(cells[1], manifest.objects);
  if (name == "bytes") return take_number(cells[1], manifest.bytes);
  if (name == "lacking") return take_number(cells[1], manifest.lacking);
  return true;
}

}  // namespace

std::string manifest_text(const BackupManifest& manifest) {
  std::string text(kManifestMark);
  text += "\narchive\t" + manifest.archive + "\ntaken_at\t" + manifest.taken_at + "\nentries\t" +
          std::to_string(manifest.entries) + "\nobjects\t" + std::to_string(manifest.objects) +
          "\nbytes\t" + std::to_string(manifest.bytes) + "\nlacking\t" +
          std::to_string(manifest.lacking) + "\n";
  for (const BackedUpFile& file : manifest.files) {
    text += "file\t" + file.name + "\t" + octal(file.mode) + "\t" +
            std::to_string(file.size_bytes) + "\t" + file.hash->text() + "\n";
    for (const BlobId& piece : file.pieces) text += "piece\t" + piece.text() + "\n";
  }
  for (const BackedUpList& list : manifest.lists) {
    text += "list\t" + std::to_string(list.part) + "\t" + std::to_string(list.objects) + "\t" +
            list.piece->text() + "\n";
  }
  text += std::string(kManifestEnd) + "\n";
  return text;
}

std::optional<BackupManifest> parse_manifest(std::string_view text) {
  BackupManifest manifest;
  auto lines = split(text, '\n');
  if (lines.size() < 3 || lines.front() != kManifestMark || !lines.back().empty() ||
      lines[lines.size() - 2] != kManifestEnd) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i + 2 < lines.size(); ++i) {
    if (!take_line(split(lines[i], '\t'), manifest)) return std::nullopt;
  }
  return manifest;
}

std::string list_text(const std::vector<BackedUpObject>& objects) {
  std::string text;
  for (const BackedUpObject& object : objects) {
    text += object.blob.text() + "\t" +
            (object.lacking ? std::string("-") : std::to_string(object.size_bytes)) + "\t" +
            object.use.purpose + "\t" + ranges_of(object.use.pages) + "\n";
  }
  return text;
}

std::optional<std::vector<BackedUpObject>> parse_list(std::string_view text) {
  std::vector<BackedUpObject> objects;
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  for (const std::string_view line : split(text, '\n')) {
    const auto cells = split(line, '\t');
    const auto blob = cells.size() == 4 ? BlobId::parse(cells[0]) : std::nullopt;
    if (!blob) return std::nullopt;
    BackedUpObject object{*blob, 0, cells[1] == "-", {std::string(cells[2]), {}}};
    if (!object.lacking && !take_number(cells[1], object.size_bytes)) return std::nullopt;
    if (!take_ranges(cells[3], object.use.pages)) return std::nullopt;
    objects.push_back(std::move(object));
  }
  return objects;
}

}  // namespace archive
