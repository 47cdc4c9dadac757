#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// What the auditor knows of encrypted archives: its own reading of docs/STORE_FORMAT.md, "Encrypted
// archives", which shares nothing with the program that writes them.

namespace archive::audit {

/// A way into an encrypted archive, as the auditor was given it: one member is not empty.
struct WayIn {
  std::filesystem::path key_file;
  std::filesystem::path passphrase_file;
  std::filesystem::path recovery_file;
};

/// 32 bytes.
using SecretKey = std::string;

bool is_encrypted(const std::filesystem::path& archive);

/// The master key. Throws std::runtime_error that says why it cannot be had.
SecretKey master_key(const std::filesystem::path& archive, const WayIn& way);

/// HMAC-SHA256 as a key for one purpose.
SecretKey derived(const SecretKey& key, std::string_view purpose);

/// Bytes that AES-256-GCM sealed, the tag behind them. Nothing when they are not what was sealed.
std::optional<std::string> opened(const SecretKey& key, std::string_view nonce,
                                  std::string_view label, std::string_view sealed);

/// Reads a sealed object. Its contents go to `take`; returns the hash that its trailer says,
/// nothing when any part of it does not open.
std::optional<std::string> read_sealed_object(const std::filesystem::path& file,
                                              const SecretKey& objects_key,
                                              const std::function<void(std::string_view)>& take);

}  // namespace archive::audit
