#include "store/packages/bag_signature.h"

#include <fstream>
#include <iterator>
#include <optional>

namespace archive {
namespace {

constexpr const char* kSignatureFile = "signature.txt";
constexpr const char* kSignatureKeyFile = "signature-key.pem";
constexpr std::string_view kFirstWord = "juanzong-signature 1 ";
constexpr std::uintmax_t kKeyBytesMax = 4096;

std::optional<std::string> bytes_of(const std::filesystem::path& file, std::uintmax_t most) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error || size > most) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return std::nullopt;
  return bytes;
}

}  // namespace

std::map<std::string, std::string> bag_signature(const SigningKey& key,
                                                 std::string_view tag_manifest) {
  return {
      {kSignatureFile, std::string(kFirstWord) + key.id() + " " + key.sign(tag_manifest) + "\n"},
      {kSignatureKeyFile, key.public_text()}};
}

BagSignature check_bag_signature(const std::filesystem::path& bag, std::string_view known_key) {
  BagSignature found;
  std::error_code error;
  if (!std::filesystem::exists(bag / kSignatureFile, error)) return found;
  found.state = BagSignature::State::broken;
  const auto line = bytes_of(bag / kSignatureFile, kKeyBytesMax);
  // What check_bag() allows for a tag file.
  const auto manifest = bytes_of(bag / "tagmanifest-sha256.txt", std::uintmax_t{512} << 20);
  auto key = bytes_of(bag / kSignatureKeyFile, kKeyBytesMax);
  if (!known_key.empty()) key = std::string(known_key);
  if (!line || !manifest || !key || !line->starts_with(kFirstWord)) return found;
  const std::size_t blank = line->rfind(' ');
  const std::string signature = line->substr(blank + 1, line->find_last_not_of("\r\n") - blank);
  const auto looked = SigningKey::look_at(*key, *manifest, signature);
  if (!looked) return found;
  found.key_id = looked->id;
  if (!looked->holds) return found;
  found.state = known_key.empty() ? BagSignature::State::unknown : BagSignature::State::known;
  return found;
}

}  // namespace archive
