#include "ingest/upload_batches.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include "core/error.h"
#include "ingest/uploads.h"
#include "store/objects/digest.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::string sha256_of_file(const fs::path& file) {
  DigestCounter counter(DigestKind::sha256);
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::array<char, 64 * 1024> block{};
  while (in.read(block.data(), block.size()) || in.gcount() > 0) {
    counter.add(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
  }
  // No digest is not another digest: it says nothing against the bytes.
  if (!in.is_open() || in.bad()) {
    throw_disk_error(file, "reading a file that was received", errno != 0 ? errno : EIO);
  }
  return hex_of(counter.finish());
}

bool is_file_with(const fs::path& file, std::uint64_t size, const std::string& sha256) {
  return fs::is_regular_file(file) && fs::file_size(file) == size && sha256_of_file(file) == sha256;
}

std::vector<fs::path> files_of_batch(const fs::path& folder) {
  std::vector<fs::path> names;
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(folder, missing)) {
    if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(names);
  return names;
}

Folders folders_for(const fs::path& top, const std::vector<fs::path>& names) {
  Folders folders{top};
  for (const fs::path& name : names) {
    fs::path folder = (top / name).parent_path();
    while (folders.insert(folder).second) folder = folder.parent_path();
  }
  return folders;
}

void refuse_what_is_in_the_way(const Folders& folders) {
  for (const fs::path& folder : folders) {
    std::error_code missing;
    if (!fs::exists(folder, missing) || fs::is_directory(folder, missing)) continue;
    throw UploadRefused("blocked",
                        "a file lies where a folder of the batch should be: choose another name, "
                        "or have it moved away from spool/uploads/accepted or the hot folder, and "
                        "send the same again");
  }
}

void make_folders(Disk& disk, const Folders& folders) {
  refuse_what_is_in_the_way(folders);
  for (const fs::path& folder : folders) {
    if (disk.make_folder(folder) != 0 && errno != EEXIST) {
      throw_disk_error(folder, "making a folder", errno);
    }
  }
}

void sync_folders(Disk& disk, const Folders& folders) {
  sync_folder(disk, folders.begin()->parent_path());
  for (const fs::path& folder : folders) sync_folder(disk, folder);
}

namespace {

/// Copies on the disk of the hot folder, under a hidden name that its readers pass over. What was
/// not moved to its place goes away; what a kill leaves, with the next hand-over of the batch.
class Staged {
 public:
  Staged(Disk& disk, const fs::path& place)
      : disk_(disk), path_(place.parent_path() / ("." + place.filename().string() + ".coming")) {
    std::error_code error;
    fs::remove_all(path_, error);
    if (error) throw_disk_error(path_, "removing an unfinished copy", error.value());
  }
  ~Staged() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;

  void copy(const fs::path& from, const std::vector<fs::path>& names) {
    const auto folders = folders_for(path_, names);
    make_folders(disk_, folders);
    for (const fs::path& name : names) {
      std::error_code error;
      fs::copy_file(from / name, path_ / name, error);
      if (error) throw_disk_error(path_ / name, "copying a file", error.value());
      sync_file(disk_, path_ / name);
    }
    sync_folders(disk_, folders);
  }
  const fs::path& path() const { return path_; }

 private:
  Disk& disk_;
  fs::path path_;
};

/// False when the hot folder lies on another disk. A folder that holds anything is never replaced.
bool move_batch(Disk& disk, const fs::path& from, const fs::path& to) {
  if (disk.rename_over(from, to) != 0) {
    if (errno == EXDEV) return false;
    throw_disk_error(to, "giving a batch its place", errno);
  }
  sync_folder(disk, to.parent_path());
  sync_folder(disk, from.parent_path());
  return true;
}

void copy_batch(Disk& disk, const fs::path& from, const std::vector<fs::path>& names,
                const fs::path& to) {
  Staged staged(disk, to);
  staged.copy(from, names);
  if (disk.rename_over(staged.path(), to) != 0) {
    throw_disk_error(to, "giving a batch its place", errno);
  }
  sync_folder(disk, to.parent_path());
}

/// Into a batch that has files already.
void add_files(Disk& disk, const fs::path& from, const std::vector<fs::path>& names,
               const fs::path& to) {
  std::vector<fs::path> missing;
  for (const fs::path& name : names) {
    if (!fs::exists(to / name)) {
      missing.push_back(name);
    } else if (!is_file_with(to / name, fs::file_size(from / name), sha256_of_file(from / name))) {
      throw UploadRefused("taken", "the hot folder has a file of this name with other bytes");
    }
  }
  const auto folders = folders_for(to, names);
  if (!missing.empty()) {
    Staged staged(disk, to);
    staged.copy(from, missing);
    make_folders(disk, folders);
    for (const fs::path& name : missing) {
      if (disk.rename_new(staged.path() / name, to / name) != 0) {
        throw_disk_error(to / name, "giving a file its name", errno);
      }
    }
  }
  // Also those that an earlier hand-over moved before it ended.
  sync_folders(disk, folders);
}

}  // namespace

bool give_place(Disk& disk, const fs::path& from, const std::vector<fs::path>& names,
                const fs::path& to) {
  refuse_what_is_in_the_way(folders_for(to, names));
  const bool whole = !fs::exists(to) || fs::is_empty(to);
  if (whole && move_batch(disk, from, to)) return true;
  if (whole) {
    copy_batch(disk, from, names, to);
  } else {
    add_files(disk, from, names, to);
  }
  return false;
}

}  // namespace archive
