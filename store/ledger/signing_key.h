#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

/// An Ed25519 key (RFC 8032) that signs the heads of the ledger. By OpenSSL.
class SigningKey {
 public:
  static SigningKey make();
  /// From the text that private_text() gives, PKCS#8 in PEM. Throws ArchiveError{damage} naming
  /// `where`.
  static SigningKey read(std::string_view private_text, const std::string& where);

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  std::string private_text() const;
  std::string public_text() const;  ///< SubjectPublicKeyInfo in PEM; `openssl pkeyutl` reads it
  /// Tells keys apart: the first 16 hexadecimal digits of SHA-256 of the 32 public bytes.
  std::string id() const;
  /// 64 bytes as 128 hexadecimal digits.
  std::string sign(std::string_view text) const;

  /// Nothing when the text is no public key as public_text() gives it; else its id, and whether the
  /// signature is that of the text by it.
  struct Looked {
    std::string id;
    bool holds = false;
  };
  static std::optional<Looked> look_at(std::string_view public_text, std::string_view text,
                                       std::string_view signature);

 private:
  struct State;
  explicit SigningKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace archive
