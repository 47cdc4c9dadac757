#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/objects/temporary_file.h"
#include "store/sealing/keyring.h"

// The records of an encrypted archive on disk (docs/STORE_FORMAT.md, "Encrypted archives"). The
// database sees plain files; each unit that it writes at once (a page, the head of the log or of a
// frame, the page of a frame) lies sealed in its place, 32 bytes longer.

namespace archive {

constexpr std::size_t kPageBytes = 4096;     ///< of the database, the only size there is
constexpr std::size_t kUnitExtraBytes = 32;  ///< 16 random bytes before it, 16 of its tag behind
constexpr std::size_t kPagesHeadBytes = 32;  ///< before the first page: mark, the file's own salt
constexpr std::size_t kLogHeadBytes = 32;    ///< of the write-ahead log, as SQLite writes it
constexpr std::size_t kFrameHeadBytes = 24;  ///< of a frame of the log
constexpr std::size_t kSealedPageBytes = kPageBytes + kUnitExtraBytes;

/// What a unit is; stands in its label.
enum class UnitKind { page, log_head, frame_head, frame };

/// A place in a file of the database: which unit, how far into it, and where it lies sealed.
struct UnitPlace {
  UnitKind kind = UnitKind::page;
  std::uint64_t number = 0;  ///< of the page or frame, from 0
  std::size_t size = 0;      ///< of the unit, plain
  std::size_t inside = 0;    ///< how far the place is into it
  std::uint64_t at = 0;      ///< where the sealed unit begins in its file
};
UnitPlace place_in_pages(std::uint64_t plain_offset);
UnitPlace place_in_log(std::uint64_t plain_offset);
/// The length of the plain file that lies in a sealed one of this length, whole units only.
std::uint64_t plain_pages_bytes(std::uint64_t sealed_bytes);
std::uint64_t plain_log_bytes(std::uint64_t sealed_bytes);

/// Seals and opens the units of one database and its log. Every unit has a key of its own each time
/// it is written, so that no number of writes is too many.
class UnitCipher {
 public:
  using Salt = std::array<std::byte, 16>;

  UnitCipher(const ArchiveKeys& keys, const Salt& file_salt);
  /// For a new database.
  static UnitCipher fresh(const ArchiveKeys& keys);
  /// By the head of a database's file; nothing when it is none.
  static std::optional<UnitCipher> of_head(const ArchiveKeys& keys, std::string_view head);

  std::string head() const;
  std::string seal(const UnitPlace& unit, std::span<const std::byte> plain) const;
  /// Nothing when it is broken, or lay in another place.
  std::optional<std::string> open(const UnitPlace& unit, std::string_view sealed) const;

 private:
  Salt salt_;
  Secret key_;
};

/// Hands over the plain pages of a database that nobody has open for writing, one by one. Throws
/// ArchiveError{records} when a page is broken, {disk} when it cannot be read.
void read_sealed_pages(const std::filesystem::path& file, const ArchiveKeys& keys,
                       const std::function<void(std::span<const std::byte>)>& take);

/// Writes plain bytes of a database as they come into a sealed file.
class SealedPagesWriter {
 public:
  SealedPagesWriter(TemporaryFile& file, const ArchiveKeys& keys);
  void add(std::span<const std::byte> bytes);
  /// REQUIRES: whole pages came.
  void finish();

 private:
  TemporaryFile& file_;
  UnitCipher cipher_;
  std::string pending_;
  std::uint64_t pages_ = 0;
};

}  // namespace archive
