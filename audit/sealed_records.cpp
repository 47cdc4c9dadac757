#include "audit/sealed_records.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "audit/journal.h"
#include "audit/tables.h"

namespace archive::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPagesMark = "juanzong pages 1";
constexpr std::size_t kHeadBytes = 32;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kExtra =
    32;  // of a sealed unit: 16 random bytes before, 16 of the tag behind
constexpr std::size_t kSalt = 16;
constexpr std::size_t kJournalHead = 32;
constexpr std::size_t kFrameHead = 24;
constexpr int kTries = 5;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::optional<std::string> unit(const SecretKey& key, const char* kind, std::uint64_t number,
                                std::string_view sealed) {
  static const std::string nonce(12, '\0');
  return opened(derived(key, sealed.substr(0, kSalt)), nonce,
                std::string("juanzong records ") + kind + " " + std::to_string(number),
                sealed.substr(kSalt));
}

/// The journal as SQLite wrote it; what does not open is zeros, which end it.
std::string plain_journal(const SecretKey& key, std::string_view sealed) {
  std::string plain;
  std::uint64_t frame = 0;
  const auto take = [&](const char* kind, std::size_t size) {
    if (sealed.size() < size + kExtra) return false;
    const auto bytes = unit(key, kind, frame, sealed.substr(0, size + kExtra));
    plain += bytes.value_or(std::string(size, '\0'));
    sealed.remove_prefix(size + kExtra);
    return true;
  };
  if (!take("log", kJournalHead)) return plain;
  while (take("frame head", kFrameHead) && take("frame", kPage)) ++frame;
  return plain;
}

/// Which turn of the journal it is: what its sealed head begins with is other in each.
std::string turn_of(const fs::path& journal) {
  std::ifstream in(journal, std::ios::binary);
  std::string head(kJournalHead + kExtra, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  return in ? head : "";
}

}  // namespace

RecordsImage read_sealed_records(const fs::path& file, const SecretKey& master) {
  const fs::path journal = file.string() + "-wal";
  std::string sealed;
  std::string sealed_journal;
  // Pages that were moved from the journal meanwhile are still in it, unless it began a new turn.
  for (int tries = 1;; ++tries) {
    const std::string turn = turn_of(journal);
    sealed = bytes_of(file);
    sealed_journal = bytes_of(journal);
    const std::string_view now =
        std::string_view(sealed_journal).substr(0, std::min(sealed_journal.size(), turn.size()));
    if ((now == turn && (!turn.empty() || sealed_journal.empty())) || tries == kTries) break;
  }
  if (!sealed.starts_with(kPagesMark) || sealed.size() < kHeadBytes) {
    throw UnreadableRecords("it is not the database of an encrypted archive");
  }
  const SecretKey key = derived(derived(master, "juanzong archive records"),
                                "juanzong records file " + sealed.substr(kPagesMark.size(), kSalt));
  RecordsImage image;
  std::set<std::uint64_t> broken;
  const std::string_view pages = std::string_view(sealed).substr(kHeadBytes);
  for (std::uint64_t number = 0; number * (kPage + kExtra) < pages.size(); ++number) {
    const std::string_view one = pages.substr(number * (kPage + kExtra), kPage + kExtra);
    // A hole is a page that was free and never written.
    const bool hole = one.find_first_not_of('\0') == std::string_view::npos;
    const auto page =
        hole || one.size() < kPage + kExtra ? std::nullopt : unit(key, "page", number, one);
    if (!page && !hole) broken.insert(number + 1);
    image.database += page.value_or(std::string(kPage, '\0'));
  }
  const std::string plain = plain_journal(key, sealed_journal);
  std::istringstream in(plain);
  image.journal_left = journal_left(in);
  for (const std::uint32_t number : apply_journal(plain, image.database)) broken.erase(number);
  image.broken.assign(broken.begin(), broken.end());
  return image;
}

}  // namespace archive::audit
