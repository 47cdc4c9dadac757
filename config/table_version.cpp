#include "config/table_version.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>

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

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               std::string_view extension) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  if (error) {
    throw ArchiveError(ErrorKind::settings, folder.string(), "the folder cannot be read",
                       "install the program again, or set JUANZONG_CONFIG");
  }
  std::ranges::sort(files);
  return files;
}

std::string version_of(std::string_view what, const std::filesystem::path& folder,
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
  return std::string(what) + "-" + sum.hex().substr(0, kHexDigits);
}

}  // namespace archive
