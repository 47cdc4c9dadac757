#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/timestamp.h"
#include "store/records/records.h"

namespace archive {

/// One-time codes by time (动态口令; TOTP, RFC 6238 as authenticators have it: SHA-1, six digits,
/// 30 seconds).
std::string totp_code(std::string_view secret, std::int64_t step);
std::int64_t totp_step(TimePoint now);
/// The step whose code this is: now's, or one beside it, since clocks differ.
std::optional<std::int64_t> totp_fits(std::string_view secret, std::string_view code,
                                      TimePoint now);
/// RFC 4648, without padding: as authenticators take a secret.
std::string base32(std::string_view bytes);

/// The second factor of users who sign in over the network. A secret is kept sealed under its
/// user's password: whoever steals the records, or reads the ledger, has no codes. A new password,
/// which an administrator gives whose device is lost, therefore takes the factor away.
class SecondFactors {
 public:
  /// Lives as long as this.
  explicit SecondFactors(Records& records) : records_(records) {}

  static std::string new_secret();  ///< 20 random bytes

  bool has(std::string_view user) const;
  /// Nothing when there is none, or the password is another.
  std::optional<std::string> secret_of(std::string_view user, std::string_view password) const;
  /// For whoever writes; an earlier one is replaced, and the code of `step`, which showed that they
  /// have it, is used. REQUIRES: the password is theirs.
  void put(std::string_view password, std::string_view secret, std::int64_t step);
  /// Whether no code of this step, or a later one, was used before; it is now, durably. No entry of
  /// the ledger.
  bool use(std::string_view user, std::int64_t step);
  /// Of whoever writes.
  void remove();

 private:
  Records& records_;
};

}  // namespace archive
