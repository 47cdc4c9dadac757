#include "store/ledger/access_log.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/access_actions.h"
#include "core/error.h"
#include "core/timestamp.h"
#include "store/objects/digest.h"
#include "store/sealing/cipher.h"
#include "store/sealing/keyring.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t kBlockBytes = 64 << 10;
constexpr std::size_t kChainDigits = 64;
constexpr std::size_t kLineMost = 64 * 1024;
const std::string kChainBegin(kChainDigits, '0');

fs::path file_in(const fs::path& archive_folder) { return archive_folder / "access" / "log"; }

std::string chained(const std::string& before, std::string_view text) {
  DigestCounter counter(DigestKind::sha256);
  counter.add(before);
  counter.add(text);
  return hex_of(counter.finish());
}

std::string text_of(const AccessEntry& e) {
  return Json{e.number, e.at,      e.who,       e.post,  e.action, e.object,
              e.channel, e.purpose, e.applicant, e.agent, e.reason, e.address}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<AccessEntry> entry_of(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_array() || json.size() != 12 || !json[0].is_number_integer()) return std::nullopt;
  for (std::size_t i = 1; i < json.size(); ++i) {
    if (!json[i].is_string()) return std::nullopt;
  }
  return AccessEntry{json[0], json[1], json[2], json[3], json[4],  json[5],
                     json[6], json[7], json[8], json[9], json[10], json[11]};
}

/// The end of the chain with this line; nothing when it is not the next one.
std::optional<std::string> chain_of(const std::string& line, const std::string& before) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string::npos || line.size() != tab + 1 + kChainDigits) return std::nullopt;
  std::string chain = chained(before, std::string_view(line).substr(0, tab));
  if (line.compare(tab + 1, std::string::npos, chain) != 0) return std::nullopt;
  return chain;
}

/// Held by one process at a time, while it writes.
class FileLock {
 public:
  FileLock(int fd, const fs::path& file) : fd_(fd) {
    while (::flock(fd, LOCK_EX) != 0) {
      if (errno != EINTR) throw_disk_error(file, "locking the access log", errno);
    }
  }
  ~FileLock() { ::flock(fd_, LOCK_UN); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

ArchiveError broken(const fs::path& file, std::int64_t number) {
  return {ErrorKind::damage, file.string(),
          "entry " + std::to_string(number) + " of the access log is not as it was written",
          "keep the file as it is and bring it back from a backup; until then nobody is shown "
          "anything"};
}

}  // namespace

// REQUIRES: mutex_ and the file's lock are held. A line without its end was never acknowledged.
void AccessLog::read_what_others_added() {
  const std::uintmax_t length = fs::file_size(file_);
  if (length == size_) return;
  std::ifstream in(file_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(size_));
  std::string line;
  while (std::getline(in, line) && !in.eof()) {
    const std::string before = end_.chain.empty() ? kChainBegin : end_.chain;
    const auto chain = chain_of(line, before);
    if (!chain) throw broken(file_, end_.entries + 1);
    end_ = {end_.entries + 1, *chain};
    size_ += line.size() + 1;
  }
  if (size_ < length && ::ftruncate(fd_, static_cast<off_t>(size_)) != 0) {
    throw_disk_error(file_, "taking half a line away", errno);
  }
}

struct AccessLog::Sealing {
  Secret key;

  static std::unique_ptr<Sealing> of(const fs::path& archive_folder) {
    const ArchiveKeysPtr keys = keys_of(archive_folder);
    if (!keys) return nullptr;
    return std::make_unique<Sealing>(Sealing{keys->records.derive("access log")});
  }

  std::string close(std::string_view text) const {
    Nonce nonce;
    random_bytes(nonce);
    const std::string cipher =
        sealed(key, nonce, "access", std::as_bytes(std::span(text)));
    return hex_of(nonce) + hex_of(std::as_bytes(std::span(cipher)));
  }
  std::optional<std::string> open(std::string_view hex) const {
    const auto bytes = bytes_of_hex(hex);
    Nonce nonce;
    if (!bytes || bytes->size() < nonce.size()) return std::nullopt;
    const auto all = std::as_bytes(std::span(*bytes));
    std::ranges::copy(all.first(nonce.size()), nonce.begin());
    return unsealed(key, nonce, "access", all.subspan(nonce.size()));
  }
};

AccessLog::AccessLog(const fs::path& archive_folder, Disk& disk)
    : file_(file_in(archive_folder)), disk_(disk), sealing_(Sealing::of(archive_folder)) {
  if (disk_.make_folder(file_.parent_path()) == 0) {
    sync_folder(disk_, archive_folder);
  } else if (errno != EEXIST) {
    throw_disk_error(file_.parent_path(), "making a folder", errno);
  }
  const bool fresh = !fs::exists(file_);
  fd_ = disk_.open_append(file_);
  if (fd_ < 0) throw_disk_error(file_, "opening the access log", errno);
  if (fresh && disk_.set_mode(fd_, 0600) != 0) {
    throw_disk_error(file_, "giving the access log its mode", errno);
  }
  if (fresh) sync_folder(disk_, file_.parent_path());
  const std::lock_guard lock(mutex_);
  const FileLock locked(fd_, file_);
  read_what_others_added();
}

AccessLog::~AccessLog() {
  if (fd_ >= 0) disk_.close(fd_);
}

std::int64_t AccessLog::append(AccessEntry entry) {
  assert(is_access_action(entry.action));
  const std::lock_guard lock(mutex_);
  if (failed_) {
    throw ArchiveError(ErrorKind::disk, file_.string(), "an earlier entry could not be written",
                       "check the disk, then start the server again");
  }
  const FileLock locked(fd_, file_);
  read_what_others_added();
  entry.number = end_.entries + 1;
  entry.at = timestamp_now();
  std::string text = text_of(entry);
  if (text.size() > kLineMost) {
    throw ArchiveError(ErrorKind::usage, file_.string(), "an entry would be too long",
                       "shorten purpose and reason");
  }
  if (sealing_) text = sealing_->close(text);
  std::string chain = chained(end_.chain.empty() ? kChainBegin : end_.chain, text);
  const std::string line = text + "\t" + chain + "\n";
  failed_ = true;
  for (std::size_t done = 0; done < line.size();) {
    const auto left = std::as_bytes(std::span(line)).subspan(done);
    const ssize_t wrote = disk_.write(fd_, left.data(), left.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) throw_disk_error(file_, "writing the access log", wrote < 0 ? errno : ENOSPC);
    done += static_cast<std::size_t>(wrote);
  }
  if (disk_.sync(fd_) != 0) throw_disk_error(file_, "fsync of the access log", errno);
  failed_ = false;
  end_ = {entry.number, std::move(chain)};
  size_ += line.size();
  return entry.number;
}

AccessLog::End AccessLog::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

void AccessLog::read_on(Cursor& cursor, std::int64_t at_most,
                        const std::function<void(const AccessEntry&)>& visit) const {
  std::ifstream in(file_, std::ios::binary);
  in.seekg(cursor.bytes);
  std::string line;
  // A line without its end is still being written.
  while (at_most > 0 && std::getline(in, line) && !in.eof()) {
    const AccessEntry entry = entry_in(line, cursor.entries + 1);
    ++cursor.entries;
    cursor.bytes += static_cast<std::int64_t>(line.size()) + 1;
    --at_most;
    visit(entry);
  }
}

void AccessLog::for_each(std::int64_t after, std::int64_t at_most,
                         const std::function<void(const AccessEntry&)>& visit) const {
  Cursor cursor;
  read_on(cursor, after, [](const AccessEntry&) {});
  read_on(cursor, at_most, visit);
}

AccessEntry AccessLog::entry_in(std::string_view line, std::int64_t number) const {
  const std::string_view text = line.substr(0, line.find('\t'));
  const auto plain = sealing_ ? sealing_->open(text) : std::optional(std::string(text));
  auto entry = plain ? entry_of(*plain) : std::nullopt;
  if (!entry) throw broken(file_, number);
  return *std::move(entry);
}

void AccessLog::newest_first(std::int64_t before,
                             const std::function<bool(const AccessEntry&)>& visit) const {
  std::uint64_t left = 0;
  std::int64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    left = size_;
    number = end_.entries;
  }
  std::ifstream in(file_, std::ios::binary);
  std::string tail;  // of the file's part before what was visited
  while (number > 0) {
    std::size_t end = tail.rfind('\n', tail.size() < 2 ? 0 : tail.size() - 2);
    if (tail.empty() || (end == std::string::npos && left > 0)) {
      const std::uint64_t more = std::min<std::uint64_t>(left, kBlockBytes);
      if (more == 0) return;
      left -= more;
      std::string block(more, '\0');
      in.seekg(static_cast<std::streamoff>(left));
      if (!in.read(block.data(), static_cast<std::streamsize>(more))) throw broken(file_, number);
      tail.insert(0, block);
      continue;
    }
    const std::size_t begin = end == std::string::npos ? 0 : end + 1;
    if (before == 0 || number < before) {
      if (!visit(entry_in(std::string_view(tail).substr(begin), number))) return;
    }
    tail.resize(begin);
    --number;
  }
}

std::optional<std::int64_t> AccessLog::first_broken(
    const fs::path& archive_folder, const std::function<void(const End&)>& each) {
  std::ifstream in(file_in(archive_folder), std::ios::binary);
  End end{0, kChainBegin};
  std::string line;
  while (std::getline(in, line) && !in.eof()) {
    const auto next = chain_of(line, end.chain);
    if (!next) return end.entries + 1;
    end = {end.entries + 1, *next};
    if (each) each(end);
  }
  return std::nullopt;
}

}  // namespace archive
