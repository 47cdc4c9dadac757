#include "store/records/second_factor.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "store/objects/digest.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"
#include "store/sealing/cipher.h"
#include "store/sealing/passphrase.h"

namespace archive {
namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr std::int64_t kStepsBeside = 1;
constexpr std::size_t kSecretBytes = 20;
constexpr std::size_t kDigits = 6;
constexpr std::string_view kLabel = "juanzong second factor";
// As a password costs its guesser.
constexpr PassphraseCost kCost{2, std::uint64_t{64} << 20};

std::span<std::byte> writable(std::string& text) {
  return std::as_writable_bytes(std::span(text));
}

template <std::size_t N>
std::array<std::byte, N> front_of(std::string_view bytes) {
  std::array<std::byte, N> front{};
  std::ranges::copy(std::as_bytes(std::span(bytes)).first(N), front.begin());
  return front;
}

/// Salt, nonce and the sealed secret, in hexadecimal digits.
std::string stored(std::string_view secret, std::string_view password) {
  std::string head(sizeof(Salt) + sizeof(Nonce), '\0');
  random_bytes(writable(head));
  const auto salt = front_of<sizeof(Salt)>(head);
  const auto nonce = front_of<sizeof(Nonce)>(std::string_view(head).substr(sizeof(Salt)));
  const Secret key = key_from(password, salt, kCost);
  const std::string bytes = head + sealed(key, nonce, kLabel, std::as_bytes(std::span(secret)));
  return hex_of(std::as_bytes(std::span(bytes)));
}

std::optional<std::string> opened(const std::string& text, std::string_view password) {
  const auto bytes = bytes_of_hex(text);
  if (!bytes || bytes->size() <= sizeof(Salt) + sizeof(Nonce)) return std::nullopt;
  const std::string_view all = *bytes;
  const auto salt = front_of<sizeof(Salt)>(all);
  const auto nonce = front_of<sizeof(Nonce)>(all.substr(sizeof(Salt)));
  return unsealed(key_from(password, salt, kCost), nonce, kLabel,
                  std::as_bytes(std::span(all.substr(sizeof(Salt) + sizeof(Nonce)))));
}

UserNumber number_of(Database& database, std::string_view user) {
  return database.number("SELECT user FROM users WHERE name = $1 AND ended_at = ''", {user});
}

}  // namespace

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<std::byte, 8> counter{};
  for (std::size_t i = counter.size(); i-- > 0; step >>= 8) {
    counter[i] = static_cast<std::byte>(step & 0xff);
  }
  const auto digest = hmac_sha1_of(secret, counter);
  const auto byte_at = [&digest](std::size_t at) {
    return std::to_integer<std::uint32_t>(digest[at]);
  };
  const std::size_t at = byte_at(digest.size() - 1) & 0xfU;
  std::uint32_t number = byte_at(at) & 0x7fU;
  for (std::size_t i = 1; i < 4; ++i) number = number << 8U | byte_at(at + i);
  std::string code = std::to_string(number % 1'000'000);
  return std::string(kDigits - code.size(), '0') + code;
}

std::int64_t totp_step(TimePoint now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / kStepSeconds;
}

std::optional<std::int64_t> totp_fits(std::string_view secret, std::string_view code,
                                      TimePoint now) {
  const std::int64_t step = totp_step(now);
  for (std::int64_t one = step - kStepsBeside; one <= step + kStepsBeside; ++one) {
    if (totp_code(secret, one) == code) return one;
  }
  return std::nullopt;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xfffU;
    for (count += 8; count >= 5; count -= 5) {
      text += kAlphabet[bits >> static_cast<unsigned>(count - 5) & 0x1fU];
    }
  }
  if (count > 0) text += kAlphabet[bits << static_cast<unsigned>(5 - count) & 0x1fU];
  return text;
}

std::string SecondFactors::new_secret() {
  std::string secret(kSecretBytes, '\0');
  random_bytes(writable(secret));
  return secret;
}

bool SecondFactors::has(std::string_view user) const {
  Database& database = records_.inside().database;
  return database.number("SELECT COUNT(*) FROM second_factors WHERE user = $1",
                         {number_of(database, user)}) > 0;
}

std::optional<std::string> SecondFactors::secret_of(std::string_view user,
                                                    std::string_view password) const {
  Database& database = records_.inside().database;
  Rows rows = database.query("SELECT secret FROM second_factors WHERE user = $1",
                             {number_of(database, user)});
  return rows.next() ? opened(rows.text(), password) : std::nullopt;
}

void SecondFactors::put(std::string_view password, std::string_view secret, std::int64_t step) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl);
  const UserNumber user = number_of(impl.database, records_.writes_as());
  impl.database.execute(
      "INSERT INTO second_factors (user, secret, made_at, last_step) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (user) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at, "
      "last_step = excluded.last_step",
      {user, stored(secret, password), timestamp_now(), step});
  impl.note("second_factor_set", "user", user);
  transaction.commit();
}

bool SecondFactors::use(std::string_view user, std::int64_t step) {
  Database& database = records_.inside().database;
  // One statement: of two who come with the same code one is first.
  return database.execute(
             "UPDATE second_factors SET last_step = $2 WHERE user = $1 AND last_step < $2",
             {number_of(database, user), step}) > 0;
}

void SecondFactors::remove() {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl);
  const UserNumber user = number_of(impl.database, records_.writes_as());
  if (impl.database.execute("DELETE FROM second_factors WHERE user = $1", {user}) > 0) {
    impl.note("second_factor_removed", "user", user);
  }
  transaction.commit();
}

}  // namespace archive
