#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <sstream>

#include "config/form_file.h"
#include "core/error.h"

namespace archive {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }

  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
      hex += "0123456789abcdef"[digest[i] >> 4];
      hex += "0123456789abcdef"[digest[i] & 15];
    }
    return hex;
  }

 private:
  static void check(bool sound) {
    if (!sound) {
      throw ArchiveError(ErrorKind::internal, "libcrypto", "SHA-256 cannot be computed",
                         "check the installation of OpenSSL");
    }
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string version_of(const std::filesystem::path& folder,
                       const std::vector<std::filesystem::path>& files) {
  constexpr std::size_t kHexDigits = 16;
  Sha256 sum;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string text = std::move(bytes).str();
    sum.add(std::filesystem::relative(file, folder).generic_string());
    sum.add("\n" + std::to_string(text.size()) + "\n");
    sum.add(text);
  }
  return "config-" + sum.hex().substr(0, kHexDigits);
}

}  // namespace archive
