#include "ocr/text/file_hash.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

#include "core/error.h"

namespace archive {
namespace {

using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string hexadecimal(const unsigned char* bytes, unsigned count) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string sha256_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const Digest digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool good = in && digest && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1;
  std::array<char, 1 << 16> block;
  while (good && in) {
    in.read(block.data(), block.size());
    good = EVP_DigestUpdate(digest.get(), block.data(), static_cast<std::size_t>(in.gcount())) == 1;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> result{};
  unsigned length = 0;
  if (!good || !in.eof() || EVP_DigestFinal_ex(digest.get(), result.data(), &length) != 1) {
    throw ArchiveError(ErrorKind::model_missing, file.string(), "cannot be read",
                       "run ./install.sh, or set ocr.engine = \"tesseract\"");
  }
  return hexadecimal(result.data(), length);
}

}  // namespace archive
