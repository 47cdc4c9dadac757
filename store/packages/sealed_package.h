#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

/// What opens a sealed file: a key of 32 random bytes, or a passphrase (Argon2id, RFC 9106).
struct SealKey {
  std::string key;         ///< 32 bytes; empty: the passphrase counts
  std::string passphrase;  ///< UTF-8

  /// The key in a file: 64 hexadecimal digits, as `openssl rand -hex 32` prints them. Throws
  /// ArchiveError{settings}.
  static SealKey from_key_file(const std::filesystem::path& file);
  /// The first line of a file, 12 characters at least.
  static SealKey from_passphrase_file(const std::filesystem::path& file);
};

/// Seals a stream: AES-256-GCM in pieces of 1 MiB with a key that is of this file alone, so that
/// no byte can be changed, moved, left out or cut off (docs/PACKAGE_FORMAT.md, "Sealed file").
/// Memory: a piece.
class PackageSealer {
 public:
  using Sink = std::function<void(std::string_view bytes)>;
  PackageSealer(const SealKey& key, Sink sink);
  ~PackageSealer();
  PackageSealer(const PackageSealer&) = delete;
  PackageSealer& operator=(const PackageSealer&) = delete;

  void write(std::string_view bytes);
  /// Without it the file does not open.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Why a sealed file does not open.
enum class PackageSealFault {
  not_sealed,  ///< the file is no such file
  wrong_kind,  ///< it wants a passphrase and a key was given, or the reverse
  wrong_key,   ///< the key is another, or the beginning of the file was changed
  changed,     ///< it was changed further on
  cut_off,     ///< its end is missing
  unreadable,  ///< the disk refuses
};
std::string_view name_of(PackageSealFault fault);

/// Hands over what was sealed, piece by piece, each only after its tag was found right. What was
/// handed over counts only when nothing is returned: a later piece may be wrong.
std::optional<PackageSealFault> unseal(const std::filesystem::path& file, const SealKey& key,
                                       const PackageSealer::Sink& take);

}  // namespace archive
