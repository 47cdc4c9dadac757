#include "config/table_version.h"

#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "core/error.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

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

std::vector<TablePath> files_below(const TablePath& folder, std::string_view extension) {
  std::set<std::string> names;
  const auto look = [&](const fs::path& at, std::error_code& error) {
    for (const auto& entry : fs::directory_iterator(at, error)) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() == extension && !name.starts_with('.')) names.insert(name);
    }
  };
  std::error_code error;
  look(folder.ours(), error);
  if (error) {
    throw ArchiveError(ErrorKind::settings, folder.ours().string(), "the folder cannot be read",
                       "install the program again, or set JUANZONG_CONFIG");
  }
  if (folder.office_has()) look(folder.office(), error);
  if (error) {
    throw ArchiveError(ErrorKind::settings, folder.office().string(), "the folder cannot be read",
                       "let the program's account read it");
  }
  std::vector<TablePath> files;
  for (const std::string& name : names) files.push_back(folder / name);
  return files;
}

std::string version_of(std::string_view what, const std::vector<TablePath>& files) {
  constexpr std::size_t kHexDigits = 16;
  Sha256 sum;
  const auto add = [&sum](const std::string& name, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return;
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string text = std::move(bytes).str();
    sum.add(name);
    sum.add("\n" + std::to_string(text.size()) + "\n");
    sum.add(text);
  };
  for (const TablePath& file : files) {
    add(file.name(), file.ours());
    if (file.office_has()) add("office/" + file.name(), file.office());
  }
  return std::string(what) + "-" + sum.hex().substr(0, kHexDigits);
}

}  // namespace archive
