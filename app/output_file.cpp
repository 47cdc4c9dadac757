#include "app/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "store/objects/disk.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kMode = 0640;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

fs::path unfinished_name(const fs::path& file) {
  return folder_of(file) / ("." + file.filename().string() + ".part-" + std::to_string(::getpid()));
}

[[noreturn]] void refuse_to_replace(const fs::path& file, const char* what_to_do) {
  throw ArchiveError(ErrorKind::usage, file.string(), "there is something of this name already",
                     what_to_do);
}

void require_folder_of(const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(folder_of(file), error)) return;
  throw ArchiveError(ErrorKind::usage, folder_of(file).string(), "there is no such folder",
                     "make it first, or name another place");
}

constexpr const char* kNameAnother = "name another file, or give --overwrite to replace it";

[[noreturn]] void refuse_standard_output() {
  throw ArchiveError(ErrorKind::disk, "standard output", "cannot be written",
                     "check where it goes, or name a file");
}

}  // namespace

OutputFile::OutputFile(fs::path file, bool replace)
    : file_(std::move(file)), unfinished_(unfinished_name(file_)), replace_(replace) {
  require_folder_of(file_);
  std::error_code error;
  const auto status = fs::symlink_status(file_, error);
  if (fs::exists(status) && (!replace_ || !fs::is_regular_file(status))) {
    refuse_to_replace(file_, kNameAnother);
  }
  real_disk().remove(unfinished_);
  fd_ = real_disk().create(unfinished_);
  if (fd_ < 0) throw_disk_error(unfinished_, "making a file", errno);
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) real_disk().close(fd_);
  if (!unfinished_.empty()) real_disk().remove(unfinished_);
}

void OutputFile::write(std::string_view text) {
  std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  while (!bytes.empty()) {
    const ssize_t written = real_disk().write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw_disk_error(unfinished_, "writing", written < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void OutputFile::finish() {
  Disk& disk = real_disk();
  if (disk.set_mode(fd_, kMode) != 0) throw_disk_error(unfinished_, "setting the mode", errno);
  if (disk.sync(fd_) != 0) throw_disk_error(unfinished_, "fsync", errno);
  if (disk.close(std::exchange(fd_, -1)) != 0) throw_disk_error(unfinished_, "closing", errno);
  const int status =
      replace_ ? disk.rename_over(unfinished_, file_) : disk.rename_new(unfinished_, file_);
  if (status != 0 && errno == EEXIST) refuse_to_replace(file_, kNameAnother);
  if (status != 0) throw_disk_error(file_, "giving the file its name", errno);
  unfinished_.clear();
  sync_folder(disk, folder_of(file_));
}

Output::Output(const std::filesystem::path& file, bool replace) {
  if (!file.empty() && file != "-") file_ = std::make_unique<OutputFile>(file, replace);
}

void Output::write(std::string_view bytes) {
  if (file_) {
    file_->write(bytes);
  } else if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) {
    refuse_standard_output();
  }
}

void Output::finish() {
  if (file_) {
    file_->finish();
  } else if (std::fflush(stdout) != 0) {
    refuse_standard_output();
  }
}

OutputFolder::OutputFolder(fs::path folder)
    : folder_(folder.has_filename() ? std::move(folder) : folder.parent_path()),
      unfinished_(unfinished_name(folder_)) {
  require_folder_of(folder_);
  if (fs::exists(fs::symlink_status(folder_))) {
    refuse_to_replace(folder_, "name a folder that is not there");
  }
  std::error_code error;
  fs::remove_all(unfinished_, error);
  if (real_disk().make_folder(unfinished_) != 0) {
    throw_disk_error(unfinished_, "making a folder", errno);
  }
}

OutputFolder::~OutputFolder() {
  std::error_code error;
  if (!unfinished_.empty()) fs::remove_all(unfinished_, error);
}

void OutputFolder::finish() {
  if (real_disk().rename_new(unfinished_, folder_) != 0) {
    if (errno == EEXIST) refuse_to_replace(folder_, "name a folder that is not there");
    throw_disk_error(folder_, "giving the folder its name", errno);
  }
  unfinished_.clear();
  sync_folder(real_disk(), folder_of(folder_));
}

}  // namespace archive
