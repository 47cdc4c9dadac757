#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

/// The address of stored bytes: the name of a hash function and the hash of the
/// bytes, such as "sha256-9f86d0...". It names its function, so that another one
/// can take over one day. The hash is over the bytes as handed in, before any
/// encryption.
class BlobId {
 public:
  /// Accepts "sha256-" and 64 small hexadecimal digits; anything else is nothing.
  static std::optional<BlobId> parse(std::string_view text);

  /// "sha256-..." in full.
  const std::string& text() const { return text_; }
  /// The 64 hexadecimal digits alone, as `sha256sum` prints them.
  std::string_view hex() const { return std::string_view(text_).substr(kPrefix.size()); }

  auto operator<=>(const BlobId&) const = default;

  static constexpr std::string_view kPrefix = "sha256-";

 private:
  explicit BlobId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace archive
