#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/ledger.h"

namespace archive {

/// 32 secret bytes: in memory that is not swapped and in no core file, as far as the system grants
/// it (RLIMIT_MEMLOCK), and wiped when they go. By OpenSSL's secure heap.
class Secret {
 public:
  Secret();  ///< zeros, to be filled
  explicit Secret(const Digest& bytes);
  Secret(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();

  static Secret random();
  /// 64 hexadecimal digits, of any case; nothing for any other text.
  static std::optional<Secret> parse(std::string_view hex);

  std::span<const std::byte> bytes() const { return {bytes_, kBytes}; }
  std::span<std::byte> bytes() { return {bytes_, kBytes}; }
  /// HMAC-SHA256 with this key, as a key for one purpose or one file.
  Secret derive(std::string_view purpose) const;

  static constexpr std::size_t kBytes = sizeof(Digest);

 private:
  std::byte* bytes_;
};

/// What was read of a key or passphrase is wiped with it.
void wipe(std::span<char> text);

/// From now on nothing of this process goes into a core file, and no other process of the same
/// account may look into its memory. For whoever is about to hold a key.
void forbid_dumps();
/// Whether that is so.
bool dumps_are_forbidden();
/// Whether the system grants memory that is never swapped.
bool memory_is_locked();

}  // namespace archive
