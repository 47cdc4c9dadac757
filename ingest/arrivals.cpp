#include "ingest/arrivals.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "config/job_sheet.h"
#include "ingest/natural_order.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

bool is_page_file(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code error;
  return !name.starts_with('.') && name != kJobSheetName && entry.is_regular_file(error);
}

}  // namespace

Arrivals::Arrivals(fs::path folder, std::chrono::milliseconds quiet)
    : folder_(std::move(folder)), quiet_(quiet) {
  look();
  for (auto& [file, seen] : seen_) seen.given = true;
}

std::vector<SourceFile> Arrivals::look() {
  const auto now = fs::file_time_type::clock::now();
  std::map<fs::path, Seen> there;
  std::vector<SourceFile> whole;
  std::error_code error;
  fs::recursive_directory_iterator entries(folder_, error);
  for (const fs::recursive_directory_iterator end; !error && entries != end;
       entries.increment(error)) {
    const bool hidden = entries->path().filename().string().starts_with('.');
    std::error_code unknown;
    if (hidden && entries->is_directory(unknown)) entries.disable_recursion_pending();
    if (entries.depth() == 0 || !is_page_file(*entries)) continue;
    std::error_code gone;
    Seen fresh{entries->file_size(gone), entries->last_write_time(gone), false};
    if (gone) continue;
    const auto known = seen_.find(entries->path());
    const bool same = known != seen_.end() && known->second.size == fresh.size &&
                      known->second.date == fresh.date;
    if (same) fresh.given = known->second.given;
    const auto age = now - fresh.date;
    // A date in the future is a wrong clock somewhere, not a file being written.
    if (same && !fresh.given && (age >= quiet_ || age < -quiet_)) {
      fresh.given = true;
      whole.push_back(
          {entries->path(), entries->path().lexically_relative(folder_).string(), fresh.size});
    }
    there.emplace(entries->path(), fresh);
  }
  seen_ = std::move(there);
  std::ranges::sort(
      whole, [](const SourceFile& a, const SourceFile& b) { return natural_less(a.name, b.name); });
  return whole;
}

}  // namespace archive
