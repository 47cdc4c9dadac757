#include "store/sealing/cipher.h"

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"
#include "store/sealing/passphrase.h"
#include "store/sealing/sealed_file.h"
#include "store/objects/digest.h"
#include "tests/store/custody_samples.h"

namespace archive {
namespace {

std::string hex_of_text(std::string_view text) { return hex_of(std::as_bytes(std::span(text))); }

Secret key_of(const char* hex) { return *Secret::parse(hex); }

constexpr const char* kKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";

// Test cases 15 and 16 of the GCM specification (McGrew, Viega), AES-256.
TEST(Cipher, IsAes256Gcm) {
  const std::string plain = *bytes_of_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
      "b525b16aedf5aa0de657ba637b391aafd255");
  Nonce nonce{};
  const std::string nonce_bytes = *bytes_of_hex("cafebabefacedbaddecaf888");
  std::ranges::copy(std::as_bytes(std::span(nonce_bytes)), nonce.begin());
  EXPECT_EQ(
      hex_of_text(sealed(key_of(kKey), nonce, "", std::as_bytes(std::span(plain)))),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
      "828838c5f61e6393ba7a0abcc9f662898015ad"
      "b094dac5d93471bdec1a502270e3cc6c");
  const std::string label = *bytes_of_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto text = std::as_bytes(std::span(plain)).first(60);
  const std::string cipher = sealed(key_of(kKey), nonce, label, text);
  EXPECT_EQ(hex_of_text(cipher.substr(60)), "76fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(unsealed(key_of(kKey), nonce, label, std::as_bytes(std::span(cipher))),
            plain.substr(0, 60));
  EXPECT_FALSE(unsealed(key_of(kKey), nonce, "other", std::as_bytes(std::span(cipher))));
}

// RFC 4231, test case 1 has a key of 20 bytes; this is its shape with one of 32.
TEST(Cipher, NamesAreHmacSha256) {
  const Secret key = key_of("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
  EXPECT_EQ(hex_of(hmac_of(key, "Hi There")),
            "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7");
}

TEST(Cipher, PassphrasesCostWhatTheySay) {
  Salt salt{};
  const PassphraseCost cost{1, 8 << 20};
  const Secret key = key_from("four words of mine", salt, cost);
  EXPECT_EQ(hex_of(key.bytes()), hex_of(key_from("four words of mine", salt, cost).bytes()));
  EXPECT_NE(hex_of(key.bytes()), hex_of(key_from("four words of mind", salt, cost).bytes()));
  EXPECT_NE(hex_of(key.bytes()),
            hex_of(key_from("four words of mine", salt, {2, 8 << 20}).bytes()));
  EXPECT_THROW(key_from("x", salt, {1'000'000, 8 << 20}), ArchiveError);
}

class SealedFile : public testing::TestWithParam<std::size_t> {
 protected:
  std::string open(std::string_view label, SealFault expected, const Secret& key) const {
    std::string bytes;
    EXPECT_EQ(unseal_file(file_, key, label,
                          [&](std::span<const std::byte> piece) {
                            bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
                          }),
              expected);
    return bytes;
  }

  void seal(const std::string& plain) {
    std::string out;
    Sealer sealer(key_, "object 1", [&out](std::span<const std::byte> piece) {
      out.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    const auto bytes = std::as_bytes(std::span(plain));
    sealer.add(bytes.first(bytes.size() / 3));
    sealer.add(bytes.subspan(bytes.size() / 3));
    sealer.finish();
    write_file(file_, out);
  }

  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "sealed";
  const Secret key_ = Secret::random();
};

INSTANTIATE_TEST_SUITE_P(Sizes, SealedFile,
                         testing::Values(0, 1, 4000, kSegmentBytes - 1, kSegmentBytes,
                                         kSegmentBytes + 1, 2 * kSegmentBytes));

TEST_P(SealedFile, ComesBackAndShowsNothing) {
  std::string plain(GetParam(), '\0');
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = static_cast<char>(i % 251);
  seal(plain);
  EXPECT_EQ(open("object 1", SealFault::none, key_), plain);
  open("object 2", SealFault::broken, key_);
  open("object 1", SealFault::broken, Secret::random());
  const std::string once = read_file(file_);
  EXPECT_TRUE(plain.size() < 100 || once.find(plain.substr(0, 50)) == std::string::npos);
  seal(plain);
  EXPECT_NE(read_file(file_), once) << "equal bytes look different each time";
}

TEST_P(SealedFile, IsBrokenByAnyBitAndAnyCut) {
  seal(std::string(GetParam(), 'x'));
  const std::string whole = read_file(file_);
  const std::size_t step =
      std::max<std::size_t>(1, whole.size() / (whole.size() < kSegmentBytes ? 97 : 5));
  for (std::size_t at = 0; at < whole.size(); at += step) {
    flip_one_bit(file_, at, static_cast<int>(at % 8));
    open("object 1", SealFault::broken, key_);
    write_file(file_, whole.substr(0, at));
    open("object 1", SealFault::broken, key_);
    write_file(file_, whole);
  }
  write_file(file_, whole + "x");
  open("object 1", SealFault::broken, key_);
  // A whole segment cut off, or given twice, is not the file either.
  constexpr std::size_t kSealed = kSegmentBytes + kTagBytes;
  if (whole.size() > kSealed + 40) {
    write_file(file_, whole.substr(0, 40 + kSealed));
    open("object 1", SealFault::broken, key_);
    write_file(file_, whole.substr(0, 40 + kSealed) + whole.substr(40));
    open("object 1", SealFault::broken, key_);
  }
}

}  // namespace
}  // namespace archive
