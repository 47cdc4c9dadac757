#include "store/packages/bag_listing.h"

#include <system_error>

#include "core/error.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr int kDepthMax = 100;

class Lister {
 public:
  Lister(BagListing& listing, const fs::path& top, std::uint64_t files_max)
      : listing_(listing), top_(top), files_max_(files_max) {}

  void walk(const fs::path& folder, int depth) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error || depth > kDepthMax) {
      listing_.unreadable.push_back(name_in_bag(folder));
      return;
    }
    for (const auto end = fs::directory_iterator(); !error && entries != end;
         entries.increment(error)) {
      if (listing_.too_many) return;
      add(*entries, depth);
    }
    if (error) listing_.unreadable.push_back(name_in_bag(folder));
  }

 private:
  std::string name_in_bag(const fs::path& path) const {
    return path.lexically_relative(top_).generic_string();
  }

  void add(const fs::directory_entry& entry, int depth) {
    std::error_code error;
    const fs::file_status status = entry.symlink_status(error);
    const std::string name = name_in_bag(entry.path());
    if (fs::is_directory(status)) {
      walk(entry.path(), depth + 1);
    } else if (!fs::is_regular_file(status)) {
      listing_.links.push_back(name);
    } else if (listing_.files.size() >= files_max_) {
      listing_.too_many = true;
    } else {
      const std::uintmax_t size = entry.file_size(error);
      listing_.files.emplace(name, error ? 0 : size);
      if (error) listing_.unreadable.push_back(name);
    }
  }

  BagListing& listing_;
  const fs::path& top_;
  std::uint64_t files_max_;
};

}  // namespace

BagListing list_bag(const fs::path& folder, std::uint64_t files_max) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw ArchiveError(ErrorKind::input_missing, folder.string(), "there is no such folder",
                       "check the path; a medium may have to be mounted");
  }
  BagListing listing;
  Lister(listing, folder, files_max).walk(folder, 0);
  return listing;
}

}  // namespace archive
