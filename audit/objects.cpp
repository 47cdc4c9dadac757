#include "audit/objects.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "audit/digests.h"

namespace archive::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 64;

bool is_hex(const std::string& text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

struct Found {
  const char* kind;
  std::string where;
  std::string what;
};

/// The keys of an encrypted archive's objects.
struct ObjectKeys {
  explicit ObjectKeys(const SecretKey& master)
      : names(derived(master, "juanzong archive names")),
        bytes(derived(master, "juanzong archive objects")) {}
  std::string name_of(const std::string& hash) const { return hex(derived(names, hash)); }

  SecretKey names;
  SecretKey bytes;
};

/// What is wrong with a sealed object; empty: nothing.
std::string fault_of(const fs::path& file, const std::string& name, const ObjectKeys& keys,
                     std::uint64_t& bytes) {
  DigestOf digest(Function::sha256);
  const auto said = read_sealed_object(file, keys.bytes, [&](std::string_view part) {
    digest.add(part);
    bytes += part.size();
  });
  std::error_code error;
  if (!said) {
    return fs::file_size(file, error) == 0 ? "it is empty" : "the archive's key does not open it";
  }
  const std::string actual = hex(digest.finish());
  if (actual != hex(*said)) return "its bytes have the hash " + actual + ", it says " + hex(*said);
  return keys.name_of(actual) == name ? "" : "its bytes are those of another object: " + actual;
}

// What lies in one of the 256 folders.
void check_shard(const fs::path& shard, const std::optional<ObjectKeys>& keys,
                 std::set<std::string>& seen, ObjectCounts& counts, std::vector<Found>& found) {
  std::error_code error;
  fs::directory_iterator entries(shard, error);
  if (error) {
    found.push_back({"object_unreadable", shard.string(), "the folder cannot be listed"});
    return;
  }
  const std::string first = shard.filename().string();
  for (const auto& entry : entries) {
    const std::string name = first + entry.path().filename().string();
    if (!is_hex(name, kDigits) || !entry.is_regular_file(error) || entry.is_symlink(error)) {
      found.push_back({"object_stray", entry.path().string(), "this is no object"});
      continue;
    }
    std::uint64_t bytes = 0;
    if (keys) {
      seen.insert(name);
      ++counts.objects;
      const std::string fault = fault_of(entry.path(), name, *keys, bytes);
      if (!fault.empty()) found.push_back({"object_damaged", entry.path().string(), fault});
      counts.bytes += bytes;
      continue;
    }
    const auto actual = digest_of_file(entry.path(), bytes);
    seen.insert(name);
    ++counts.objects;
    counts.bytes += bytes;
    if (!actual) {
      found.push_back({"object_unreadable", entry.path().string(), "the file cannot be read"});
    } else if (hex(*actual) != name) {
      found.push_back({"object_damaged", entry.path().string(),
                       bytes == 0 ? "it is empty" : "its bytes have the hash " + hex(*actual)});
    }
  }
}

}  // namespace

ObjectCounts check_objects(const fs::path& objects, const std::set<std::string>& wanted,
                           const std::optional<SecretKey>& master, int threads,
                           const std::function<void(const char* kind, const std::string& where,
                                                    const std::string& what)>& report) {
  const fs::path top = objects / (master ? "sealed" : "sha256");
  std::optional<ObjectKeys> keys;
  if (master) keys.emplace(*master);
  std::vector<fs::path> shards;
  std::vector<Found> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(top, error)) {
    if (entry.is_directory(error) && !entry.is_symlink(error) &&
        is_hex(entry.path().filename().string(), 2)) {
      shards.push_back(entry.path());
    } else {
      found.push_back({"object_stray", entry.path().string(), "this is no folder of objects"});
    }
  }
  std::ranges::sort(shards);

  std::set<std::string> seen;
  ObjectCounts counts;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < shards.size(); i = next++) {
      std::set<std::string> seen_here;
      ObjectCounts counts_here;
      std::vector<Found> found_here;
      check_shard(shards[i], keys, seen_here, counts_here, found_here);
      const std::lock_guard lock(mutex);
      seen.merge(seen_here);
      counts.objects += counts_here.objects;
      counts.bytes += counts_here.bytes;
      found.insert(found.end(), found_here.begin(), found_here.end());
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < std::max(1, threads); ++i) workers.emplace_back(work);
  }
  for (const std::string& hash : wanted) {
    const std::string name = keys ? keys->name_of(hash) : hash;
    if (seen.contains(name)) continue;
    found.push_back({"object_missing", (top / name.substr(0, 2) / name.substr(2)).string(),
                     "the records name it, and it is not there"});
  }
  std::ranges::sort(found, {}, &Found::where);
  for (const Found& one : found) report(one.kind, one.where, one.what);
  return counts;
}

void add_object_names(const std::string& rest, std::set<std::string>& names) {
  constexpr std::string_view kMark = "='sha256-";
  for (std::size_t at = rest.find(kMark); at != std::string::npos; at = rest.find(kMark, at + 1)) {
    std::string name = rest.substr(at + kMark.size(), kDigits);
    const std::size_t end = at + kMark.size() + kDigits;
    const bool ends = end == rest.size() || (end < rest.size() && rest[end] == '\t');
    if (ends && is_hex(name, kDigits)) names.insert(std::move(name));
  }
}

}  // namespace archive::audit
