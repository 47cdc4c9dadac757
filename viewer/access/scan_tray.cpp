#include "viewer/access/scan_tray.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "store/objects/digest.h"
#include "store/sealing/cipher.h"

namespace archive {

void ScanTray::drop_old() {
  const auto now = Clock::now();
  std::erase_if(files_, [&](const auto& one) { return now - one.second.used >= limits_.kept; });
}

std::optional<std::string> ScanTray::begin(UserNumber user, const std::string& name,
                                           std::uint64_t size, const std::string& sha256) {
  if (size == 0 || size > limits_.file_bytes_max) return std::nullopt;
  std::array<std::byte, 16> random{};
  random_bytes(random);
  const std::string id = hex_of(random);
  const std::lock_guard lock(mutex_);
  drop_old();
  std::uint64_t all = size;
  std::size_t of_user = 0;
  for (const auto& [known, file] : files_) {
    all += file.size;
    of_user += file.user == user ? 1 : 0;
  }
  if (all > limits_.all_bytes_max || of_user >= limits_.files_of_user_max) return std::nullopt;
  files_.emplace(id, Kept{user, name, sha256, {}, size, Clock::now()});
  return id;
}

std::optional<ScanTray::State> ScanTray::add(UserNumber user, std::string_view id,
                                             std::uint64_t offset, std::string_view piece) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(id);
  if (found == files_.end() || found->second.user != user) return std::nullopt;
  Kept& file = found->second;
  if (offset > file.bytes.size() || offset + piece.size() > file.size) return std::nullopt;
  file.used = Clock::now();
  if (offset + piece.size() > file.bytes.size()) {
    file.bytes.resize(offset);
    file.bytes += piece;
  }
  return State{file.size, file.bytes.size()};
}

std::optional<ScanTray::File> ScanTray::take(UserNumber user, std::string_view id) {
  Kept file;
  {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(id);
    if (found == files_.end() || found->second.user != user) return std::nullopt;
    if (found->second.bytes.size() != found->second.size) return std::nullopt;
    file = std::move(found->second);
    files_.erase(found);
  }
  DigestCounter counter(DigestKind::sha256);
  counter.add(file.bytes);
  if (hex_of(counter.finish()) != file.sha256) return std::nullopt;
  return File{std::move(file.name), std::move(file.bytes)};
}

}  // namespace archive
