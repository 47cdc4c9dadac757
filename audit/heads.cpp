#include "audit/heads.h"

#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

namespace archive::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "juanzong-head 1";
constexpr std::size_t kSignatureBytes = 64;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return in ? bytes.str() : "";
}

std::vector<std::string_view> parts_of(std::string_view text, char between) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(between, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

std::optional<SignedHead> head_in(std::string_view line,
                                  const std::map<std::string, PublicKey>& keys) {
  const std::vector<std::string_view> parts = parts_of(line, '\t');
  if (parts.size() != 7 || parts[0] != kMark) return std::nullopt;
  SignedHead head;
  const char* end = parts[1].data() + parts[1].size();
  const auto [stop, error] = std::from_chars(parts[1].data(), end, head.size);
  const auto sha256 = unhex_digest(parts[3]);
  const auto sm3 = unhex_digest(parts[4]);
  const auto signature = unhex(parts[6], kSignatureBytes);
  if (error != std::errc() || stop != end || head.size < 0 || !sha256 || !sm3 || !signature) {
    return std::nullopt;
  }
  head.signed_at = parts[2];
  head.sha256 = *sha256;
  head.sm3 = *sm3;
  head.key_id = parts[5];
  const auto key = keys.find(head.key_id);
  const std::string_view signed_text = line.substr(0, line.rfind('\t', line.rfind('\t') - 1));
  head.signature_holds = key != keys.end() && key->second.verifies(signed_text, *signature);
  return head;
}

}  // namespace

HeadsFolder read_heads(const fs::path& folder) {
  HeadsFolder found;
  found.folder = folder;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(folder / "keys", error)) {
    if (file.path().extension() != ".pem") continue;  // a kill left it
    // By what the key is, not by what its file is called.
    const std::string text = bytes_of(file.path());
    const auto key = PublicKey::read(text);
    if (key) found.keys.emplace(key->id(), *key);
    if (!key || key->text() != text || file.path().stem() != key->id()) {
      found.damaged_keys.push_back(file.path());
    }
  }
  const std::string heads = bytes_of(folder / "heads");
  std::int64_t number = 0;
  for (std::size_t from = 0; from < heads.size();) {
    const std::size_t to = std::min(heads.find('\n', from), heads.size());
    ++number;
    const std::string_view line = std::string_view(heads).substr(from, to - from);
    const bool whole = to < heads.size();
    from = to + 1;
    if (!whole) {
      found.unfinished_bytes = line.size();
      // An unfinished last line is what a power cut leaves, and the next writer takes it away; but
      // one that goes on where its end should be was whole once.
      const auto head = head_in(line.substr(0, line.size() - 1), found.keys);
      if (head && head->signature_holds) found.broken_lines.push_back(number);
      break;
    }
    if (auto head = head_in(line, found.keys)) {
      head->line = number;
      found.heads.push_back(*head);
    } else {
      found.broken_lines.push_back(number);
    }
  }
  const std::string leaves = bytes_of(folder / "leaves");
  found.leaf_bytes = leaves.size();
  found.leaves.resize(leaves.size() / sizeof(Digest));
  if (!found.leaves.empty()) {
    std::memcpy(found.leaves.data(), leaves.data(), found.leaves.size() * sizeof(Digest));
  }
  return found;
}

}  // namespace archive::audit
