#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// The digests that manifests of bags name, by the part of the manifest's name: "md5", "sha1",
/// "sha224", "sha256", "sha384", "sha512", "sm3".
bool known_checksum(std::string_view algorithm);
/// MD5 and SHA-1 find an accident and no attacker.
bool strong_checksum(std::string_view algorithm);

/// Counts several digests over the same bytes. By OpenSSL.
class Checksums {
 public:
  /// REQUIRES: each is known_checksum().
  explicit Checksums(const std::vector<std::string>& algorithms);
  ~Checksums();
  Checksums(const Checksums&) = delete;
  Checksums& operator=(const Checksums&) = delete;

  void add(std::span<const std::byte> bytes);
  /// Small hexadecimal digits, in the order of the algorithms. The next add() begins anew.
  std::vector<std::string> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace archive
