#pragma once

#include <string>
#include <string_view>

namespace archive {

/// Passwords as they are kept: Argon2id strings (RFC 9106) by libsodium, 64 MiB and two rounds,
/// so that a stolen database costs its thief a tenth of a second a guess.
std::string hash_password(std::string_view password);

/// Takes as long for an empty hash, so that nobody learns by waiting which names there are.
bool password_fits(std::string_view password, const std::string& hash);

}  // namespace archive
