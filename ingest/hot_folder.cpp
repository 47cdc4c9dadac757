#include "ingest/hot_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "ingest/natural_order.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

bool hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// Mixed by addition, so that the order in which a folder lists its files is no change.
std::uint64_t mixed(const std::string& name, std::uint64_t size, std::int64_t date) {
  std::uint64_t hash = std::hash<std::string>{}(name);
  for (const std::uint64_t part : {size, static_cast<std::uint64_t>(date)}) {
    hash ^= part + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
  }
  return hash;
}

}  // namespace

HotFolder::HotFolder(fs::path folder, std::chrono::milliseconds quiet, Clock clock)
    : folder_(std::move(folder)), quiet_(quiet), clock_(std::move(clock)) {}

HotFolder::Print HotFolder::print_of(const fs::path& batch) {
  Print print;
  std::error_code error;
  fs::recursive_directory_iterator entries(batch, error);
  for (const fs::recursive_directory_iterator end; !error && entries != end;
       entries.increment(error)) {
    if (!entries->is_regular_file(error)) continue;
    const auto size = entries->file_size(error);
    const auto date = entries->last_write_time(error).time_since_epoch().count();
    // Hidden files count for the quiet, not as pages: many programs write under such
    // a name first.
    print.files += hidden(entries->path()) ? 0 : 1;
    print.hash += mixed(entries->path().string(), size, static_cast<std::int64_t>(date));
  }
  return print;
}

HotFolder::Look HotFolder::look() {
  std::error_code error;
  fs::directory_iterator entries(folder_, error);
  if (error) {
    throw ArchiveError(ErrorKind::input_missing, folder_.string(),
                       "the hot folder cannot be read: " + error.message(),
                       "mount it again; watching goes on with the same command");
  }
  Look look;
  std::set<fs::path> seen;
  for (const fs::directory_entry& entry : entries) {
    if (hidden(entry.path())) continue;
    if (!entry.is_directory(error)) {
      if (loose_.insert(entry.path()).second) look.loose.push_back(entry.path());
      continue;
    }
    seen.insert(entry.path());
    const Print print = print_of(entry.path());
    auto [batch, fresh] = batches_.try_emplace(entry.path(), Watched{print, clock_(), false});
    Watched& watched = batch->second;
    if (!fresh && !(watched.print == print)) watched = {print, clock_(), false};
    if (watched.given || print.files == 0) continue;
    if (clock_() - watched.since < quiet_) {
      ++look.filling;
      continue;
    }
    watched.given = true;
    look.ready.push_back(entry.path());
  }
  std::erase_if(batches_, [&seen](const auto& batch) { return !seen.contains(batch.first); });
  std::ranges::sort(look.ready, [](const fs::path& a, const fs::path& b) {
    return natural_less(a.string(), b.string());
  });
  return look;
}

}  // namespace archive
