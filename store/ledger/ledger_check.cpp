#include "store/ledger/ledger_check.h"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "store/ledger/signing_key.h"
#include "store/objects/digest.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLineMost = 1024;
constexpr std::size_t kHeadParts = 7;  // name, size, time, two roots, key, signature

std::string bytes_of(const fs::path& file, std::uint64_t from, std::uint64_t count) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  std::string bytes(count, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  return bytes;
}

/// The last whole line, without its end.
std::string last_line(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error || size == 0) return {};
  const std::uintmax_t from = size > 2 * kLineMost ? size - 2 * kLineMost : 0;
  const std::string tail = bytes_of(file, from, size - from);
  const std::size_t end = tail.rfind('\n');
  if (end == std::string::npos || end == 0) return {};
  const std::size_t before = tail.rfind('\n', end - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return tail.substr(begin, end - begin);
}

std::vector<std::string> parts_of(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, '\t');) parts.push_back(std::move(part));
  return parts;
}

Digest digest_at(std::string_view bytes, std::size_t index) {
  Digest digest{};
  bytes.copy(reinterpret_cast<char*>(digest.data()), digest.size(), index * digest.size());
  return digest;
}

}  // namespace

LedgerCheck::Head LedgerCheck::look() {
  const std::lock_guard lock(mutex_);
  const std::string line = last_line(folder_ / "heads");
  if (line == head_.line) return head_;
  const auto parts = parts_of(line);
  Head head;
  head.line = line;
  if (parts.size() == kHeadParts) {
    std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), head.size);
    head.signed_at = parts[2];
    head.sha256 = parts[3];
    head.key_id = parts[5];
  }
  if (head.size < tree_.size()) tree_.become(0, {});
  const auto known = static_cast<std::uint64_t>(tree_.size());
  const auto wanted = static_cast<std::uint64_t>(head.size) - known;
  const std::string leaves =
      bytes_of(folder_ / "leaves", known * sizeof(Digest), wanted * sizeof(Digest));
  for (std::size_t i = 0; i < leaves.size() / sizeof(Digest); ++i) {
    tree_.append_leaf(digest_at(leaves, i));
  }
  head.root_holds =
      head.size > 0 && tree_.size() == head.size && hex_of(tree_.root()) == head.sha256;
  // A key's id is sixteen digits: nothing else becomes part of a path.
  if (head.size > 0 && head.key_id.find_first_not_of("0123456789abcdef") == std::string::npos) {
    std::ifstream in(folder_ / "keys" / (head.key_id + ".pem"));
    std::ostringstream key;
    key << in.rdbuf();
    const std::string text = line.substr(0, line.find("\t" + parts[5] + "\t"));
    const auto looked = SigningKey::look_at(key.str(), text, parts[6]);
    head.signature_holds = looked && looked->id == head.key_id && looked->holds;
  }
  head_ = head;
  return head_;
}

std::optional<Digest> LedgerCheck::leaf(std::int64_t entry) const {
  {
    const std::lock_guard lock(mutex_);
    if (entry < 1 || entry > head_.size) return std::nullopt;
  }
  const std::string bytes = bytes_of(
      folder_ / "leaves", static_cast<std::uint64_t>(entry - 1) * sizeof(Digest), sizeof(Digest));
  if (bytes.size() != sizeof(Digest)) return std::nullopt;
  return digest_at(bytes, 0);
}

std::optional<LedgerCheck::Proof> LedgerCheck::proof(std::int64_t entry) {
  const Head head = look();
  if (entry < 1 || entry > head.size) return std::nullopt;
  const auto count = static_cast<std::size_t>(head.size);
  const std::string bytes = bytes_of(folder_ / "leaves", 0, count * sizeof(Digest));
  if (bytes.size() != count * sizeof(Digest)) return std::nullopt;
  std::vector<Digest> leaves;
  leaves.reserve(count);
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(digest_at(bytes, i));
  MerkleHasher hasher(DigestKind::sha256);
  const auto index = static_cast<std::size_t>(entry - 1);
  return Proof{entry, head.size, leaves[index], inclusion_proof(hasher, index, leaves)};
}

}  // namespace archive
