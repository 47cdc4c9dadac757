#include "store/records/sealed_pages.h"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <utility>

#include "core/error.h"
#include "store/objects/disk.h"
#include "store/sealing/cipher.h"

namespace archive {
namespace {

constexpr std::string_view kPagesMark = "juanzong pages 1";
constexpr std::size_t kUnitSaltBytes = 16;
constexpr std::uint64_t kSealedLogHead = kLogHeadBytes + kUnitExtraBytes;
constexpr std::uint64_t kSealedFrameHead = kFrameHeadBytes + kUnitExtraBytes;
constexpr std::uint64_t kFrame = kFrameHeadBytes + kPageBytes;
constexpr std::uint64_t kSealedFrame = kSealedFrameHead + kSealedPageBytes;
static_assert(kPagesMark.size() + sizeof(UnitCipher::Salt) == kPagesHeadBytes);

std::string label_of(const UnitPlace& unit) {
  constexpr std::array<std::string_view, 4> kNames = {"page", "log", "frame head", "frame"};
  return "juanzong records " + std::string(kNames.at(static_cast<std::size_t>(unit.kind))) + " " +
         std::to_string(unit.number);
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

UnitCipher::Salt random_salt() {
  UnitCipher::Salt salt{};
  random_bytes(salt);
  return salt;
}

}  // namespace

UnitPlace place_in_pages(std::uint64_t plain_offset) {
  const std::uint64_t page = plain_offset / kPageBytes;
  return {UnitKind::page, page, kPageBytes, static_cast<std::size_t>(plain_offset % kPageBytes),
          kPagesHeadBytes + page * kSealedPageBytes};
}

UnitPlace place_in_log(std::uint64_t plain_offset) {
  if (plain_offset < kLogHeadBytes) {
    return {UnitKind::log_head, 0, kLogHeadBytes, static_cast<std::size_t>(plain_offset), 0};
  }
  const std::uint64_t frame = (plain_offset - kLogHeadBytes) / kFrame;
  const auto inside = static_cast<std::size_t>((plain_offset - kLogHeadBytes) % kFrame);
  const std::uint64_t at = kSealedLogHead + frame * kSealedFrame;
  if (inside < kFrameHeadBytes) return {UnitKind::frame_head, frame, kFrameHeadBytes, inside, at};
  return {UnitKind::frame, frame, kPageBytes, inside - kFrameHeadBytes, at + kSealedFrameHead};
}

std::uint64_t plain_pages_bytes(std::uint64_t sealed_bytes) {
  if (sealed_bytes < kPagesHeadBytes) return 0;
  return (sealed_bytes - kPagesHeadBytes) / kSealedPageBytes * kPageBytes;
}

std::uint64_t plain_log_bytes(std::uint64_t sealed_bytes) {
  if (sealed_bytes < kSealedLogHead) return 0;
  const std::uint64_t frames = (sealed_bytes - kSealedLogHead) / kSealedFrame;
  const std::uint64_t rest = (sealed_bytes - kSealedLogHead) % kSealedFrame;
  return kLogHeadBytes + frames * kFrame + (rest >= kSealedFrameHead ? kFrameHeadBytes : 0);
}

UnitCipher::UnitCipher(const ArchiveKeys& keys, const Salt& file_salt)
    : salt_(file_salt),
      key_(keys.records.derive("juanzong records file " + std::string(text_of(file_salt)))) {}

UnitCipher UnitCipher::fresh(const ArchiveKeys& keys) { return {keys, random_salt()}; }

std::optional<UnitCipher> UnitCipher::of_head(const ArchiveKeys& keys, std::string_view head) {
  if (head.size() != kPagesHeadBytes || !head.starts_with(kPagesMark)) return std::nullopt;
  Salt salt{};
  std::ranges::copy(std::as_bytes(std::span(head.substr(kPagesMark.size()))), salt.begin());
  return UnitCipher(keys, salt);
}

std::string UnitCipher::head() const {
  return std::string(kPagesMark) + std::string(text_of(salt_));
}

std::string UnitCipher::seal(const UnitPlace& unit, std::span<const std::byte> plain) const {
  assert(plain.size() == unit.size);
  const Salt salt = random_salt();
  std::string all(text_of(salt));
  all += sealed(key_.derive(all), Nonce{}, label_of(unit), plain);
  return all;
}

std::optional<std::string> UnitCipher::open(const UnitPlace& unit, std::string_view bytes) const {
  if (bytes.size() != unit.size + kUnitExtraBytes) return std::nullopt;
  return unsealed(key_.derive(bytes.substr(0, kUnitSaltBytes)), Nonce{}, label_of(unit),
                  std::as_bytes(std::span(bytes.substr(kUnitSaltBytes))));
}

void read_sealed_pages(const std::filesystem::path& file, const ArchiveKeys& keys,
                       const std::function<void(std::span<const std::byte>)>& take) {
  std::ifstream in(file, std::ios::binary);
  std::string head(kPagesHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  const auto cipher = UnitCipher::of_head(keys, in ? head : std::string());
  const auto refuse = [&file](const std::string& what) {
    return ArchiveError(ErrorKind::records, file.string(), what,
                        "run `juanzong verify`; `juanzong backup restore` makes the archive again");
  };
  if (!cipher) throw refuse("it is not the sealed database of this archive");
  std::string sealed(kSealedPageBytes, '\0');
  for (std::uint64_t number = 0;; ++number) {
    in.read(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    if (in.gcount() == 0) break;
    sealed.resize(static_cast<std::size_t>(in.gcount()));
    const auto page = cipher->open(place_in_pages(number * kPageBytes), sealed);
    if (!page) throw refuse("page " + std::to_string(number + 1) + " is not as it was written");
    take(std::as_bytes(std::span(*page)));
  }
  if (in.bad()) throw_disk_error(file, "reading", EIO);
}

SealedPagesWriter::SealedPagesWriter(TemporaryFile& file, const ArchiveKeys& keys)
    : file_(file), cipher_(UnitCipher::fresh(keys)) {
  const std::string head = cipher_.head();
  file_.write(std::as_bytes(std::span(head)));
}

void SealedPagesWriter::add(std::span<const std::byte> bytes) {
  pending_.append(text_of(bytes));
  std::size_t done = 0;
  for (; pending_.size() - done >= kPageBytes; done += kPageBytes) {
    const auto page = std::as_bytes(std::span(std::as_const(pending_))).subspan(done, kPageBytes);
    const std::string sealed = cipher_.seal(place_in_pages(pages_++ * kPageBytes), page);
    file_.write(std::as_bytes(std::span(sealed)));
  }
  pending_.erase(0, done);
}

void SealedPagesWriter::finish() {
  if (pending_.empty()) return;
  throw ArchiveError(ErrorKind::damage, file_.path().string(),
                     "the database is not a whole number of pages", "restore an earlier backup");
}

}  // namespace archive
