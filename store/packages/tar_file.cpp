#include "store/packages/tar_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <span>
#include <utility>

#include "core/error.h"
#include "store/objects/disk.h"
#include "store/objects/input_file.h"
#include "store/packages/bag_listing.h"
#include "store/packages/bag_names.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 512;
constexpr std::uint64_t kFilesMax = 2'000'000;
constexpr std::uint64_t kTarFileBytesMax = std::uint64_t{1} << 42;
constexpr std::uint64_t kExtendedBytesMax = 64 << 10;

using Block = std::array<char, kBlockBytes>;

// Places in a header of ustar.
constexpr std::size_t kModeAt = 100;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kTimeAt = 136;
constexpr std::size_t kSumAt = 148;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kMagicAt = 257;

void put_text(Block& block, std::size_t at, std::string_view text) {
  std::ranges::copy(text, block.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string octal(std::uint64_t value, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0; value >>= 3) {
    text[i] = static_cast<char>('0' + static_cast<int>(value & 7));
  }
  return text;
}

unsigned sum_of(const Block& block) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool own = i >= kSumAt && i < kSumAt + 8;
    sum += own ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

std::string_view as_text(const Block& block) { return {block.data(), block.size()}; }

Block header_of(std::string_view name, std::uint64_t size, char type) {
  constexpr std::uint64_t kOctalMax = (std::uint64_t{1} << 33) - 1;  // eleven digits
  Block block{};
  put_text(block, 0, name.substr(0, 100));
  put_text(block, kModeAt, "0000640");
  put_text(block, kModeAt + 8, "0000000");
  put_text(block, kModeAt + 16, "0000000");
  put_text(block, kSizeAt, octal(std::min(size, kOctalMax), 11));
  put_text(block, kTimeAt, octal(0, 11));
  block[kTypeAt] = type;
  put_text(block, kMagicAt, std::string_view("ustar\00000", 8));
  put_text(block, kSumAt, octal(sum_of(block), 6));
  block[kSumAt + 7] = ' ';
  return block;
}

/// "25 path=data/..." where the number counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (std::to_string(length).size() + rest != length) ++length;
  return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

std::string padding(std::uint64_t size) {
  return std::string((kBlockBytes - size % kBlockBytes) % kBlockBytes, '\0');
}

[[noreturn]] void refuse_to_read(const std::string& name, const std::string& why) {
  throw ArchiveError(ErrorKind::disk, name, why, "give the same command again");
}

}  // namespace

void write_tar(const fs::path& folder, const std::function<void(std::string_view)>& sink) {
  const BagListing listing = list_bag(folder, kFilesMax);
  if (listing.too_many || !listing.links.empty() || !listing.unreadable.empty()) {
    refuse_to_read(folder.string(), "it has something that is no readable file");
  }
  for (const auto& [name, size] : listing.files) {
    const std::string extended =
        pax_record("path", name) + pax_record("size", std::to_string(size));
    sink(as_text(header_of("pax", extended.size(), 'x')));
    sink(extended);
    sink(padding(extended.size()));
    sink(as_text(header_of(name, size, '0')));
    if (size == 0) continue;
    const auto file = InputFile::open(folder / name, kTarFileBytesMax);
    if (!file || file->size_bytes() != size) refuse_to_read(name, "it cannot be read");
    const auto fault = file->read_all([&sink](std::span<const std::byte> piece) {
      sink({reinterpret_cast<const char*>(piece.data()), piece.size()});
    });
    if (fault) refuse_to_read(name, fault->detail);
    sink(padding(size));
  }
  sink(std::string(2 * kBlockBytes, '\0'));
}

struct TarReader::State {
  enum class Part { header, extended, content, padding, end };

  fs::path folder;
  Part part = Part::header;
  std::string block;  // of a header, or of extended records, as far as it came
  std::uint64_t left = 0;
  std::uint64_t pad = 0;
  std::uint64_t files = 0;
  std::optional<std::string> path;  // of extended records
  std::optional<std::uint64_t> size;
  int fd = -1;

  explicit State(fs::path place) : folder(std::move(place)) {}
  ~State() {
    if (fd >= 0) real_disk().close(fd);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool header();
  bool records();
  bool open(const std::string& name);
  void write(std::string_view bytes);
  void end_of_content();
};

bool TarReader::State::header() {
  Block raw{};
  std::ranges::copy(block, raw.begin());
  block.clear();
  if (std::ranges::all_of(raw, [](char c) { return c == '\0'; })) {
    part = Part::end;
    return true;
  }
  const auto number = [&raw](std::size_t at, std::size_t digits) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const char* begin = raw.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + digits, value, 8);
    if (error != std::errc{} || end != begin + digits) return std::nullopt;
    return value;
  };
  const auto told = number(kSizeAt, 11);
  if (number(kSumAt, 6) != sum_of(raw) || !told) return false;
  left = *told;
  if (raw[kTypeAt] == 'x') {
    if (left == 0 || left > kExtendedBytesMax) return false;
    pad = padding(left).size();
    part = Part::extended;
    return true;
  }
  if (raw[kTypeAt] != '0' || !path || !size || ++files > kFilesMax) return false;
  left = *size;
  pad = padding(left).size();
  const std::string name = *std::exchange(path, std::nullopt);
  size.reset();
  if (!open(name)) return false;
  part = Part::content;
  if (left == 0) end_of_content();
  return true;
}

bool TarReader::State::records() {
  std::string_view rest = block;
  while (!rest.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    if (error != std::errc{} || length > rest.size() || length == 0) return false;
    std::string_view record = rest.substr(0, length);
    const std::size_t blank = record.find(' ');
    const std::size_t equals = record.find('=');
    if (!record.ends_with('\n') || blank > equals || equals == record.npos) return false;
    const std::string_view key = record.substr(blank + 1, equals - blank - 1);
    const std::string_view value = record.substr(equals + 1, record.size() - equals - 2);
    if (key == "path") path = value;
    if (key == "size") {
      std::uint64_t bytes = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), bytes);
      if (read.ec != std::errc{} || bytes > kTarFileBytesMax) return false;
      size = bytes;
    }
    rest.remove_prefix(length);
  }
  block.clear();
  return true;
}

bool TarReader::State::open(const std::string& name) {
  if (escapes_the_bag(name)) return false;
  fs::path place = folder;
  for (const fs::path& step : fs::path(name).parent_path()) {
    place /= step;
    if (real_disk().make_folder(place) != 0 && errno != EEXIST) {
      throw_disk_error(place, "making a folder", errno);
    }
  }
  fd = real_disk().create(folder / name);
  if (fd < 0 && errno == EEXIST) return false;  // a name that stands twice
  if (fd < 0) throw_disk_error(folder / name, "making a file", errno);
  return true;
}

void TarReader::State::write(std::string_view text) {
  std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  while (!bytes.empty()) {
    const ssize_t written = real_disk().write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw_disk_error(folder, "writing", written < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void TarReader::State::end_of_content() {
  if (real_disk().close(std::exchange(fd, -1)) != 0) throw_disk_error(folder, "closing", errno);
  left = pad;
  part = left > 0 ? Part::padding : Part::header;
}

TarReader::TarReader(fs::path folder) : state_(std::make_unique<State>(std::move(folder))) {}
TarReader::~TarReader() = default;

bool TarReader::ended() const { return state_->part == State::Part::end; }

bool TarReader::add(std::string_view bytes) {
  using Part = State::Part;
  State& now = *state_;
  while (!bytes.empty() && now.part != Part::end) {
    const std::uint64_t wanted =
        now.part == Part::header ? kBlockBytes - now.block.size() : now.left;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, bytes.size()));
    const std::string_view piece = bytes.substr(0, size);
    bytes.remove_prefix(size);
    if (now.part == Part::content) {
      now.write(piece);
    } else if (now.part != Part::padding) {
      now.block += piece;
    }
    if (now.part == Part::header) {
      if (now.block.size() == kBlockBytes && !now.header()) return false;
      continue;
    }
    now.left -= size;
    if (now.left > 0) continue;
    if (now.part == Part::content) {
      now.end_of_content();
    } else if (now.part == Part::padding) {
      now.part = Part::header;
    } else {
      if (!now.records()) return false;
      now.left = now.pad;
      now.part = now.left > 0 ? Part::padding : Part::header;
    }
  }
  return true;
}

}  // namespace archive
