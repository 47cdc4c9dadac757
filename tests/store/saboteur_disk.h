#pragma once

#include <cerrno>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "store/objects/disk.h"

namespace archive {

/// What a saboteur can spoil.
enum class DiskCall {
  create,
  write,
  set_mode,
  sync,
  close,
  rename,
  make_folder,
  open_folder,
  remove,
  touch
};

/// A disk that counts its calls and fails the nth of one kind, once or from then on.
class FailingDisk : public Disk {
 public:
  struct Plan {
    DiskCall call = DiskCall::write;
    int nth = 1;
    int error = EIO;
    bool forever = false;
  };
  explicit FailingDisk(Plan plan) : plan_(plan) {}

  bool failed() const { return failures_ > 0; }
  /// How often one file or folder was synced after a sync of it had failed.
  int syncs_after_failure() const { return syncs_after_failure_; }

  int create(const std::filesystem::path& file) override {
    return fails(DiskCall::create) ? -1 : Disk::create(file);
  }
  ssize_t write(int fd, const std::byte* bytes, std::size_t size) override {
    return fails(DiskCall::write) ? -1 : Disk::write(fd, bytes, size);
  }
  int set_mode(int fd, mode_t mode) override {
    return fails(DiskCall::set_mode) ? -1 : Disk::set_mode(fd, mode);
  }
  int sync(int fd) override {
    if (failed_syncs_.contains(fd)) ++syncs_after_failure_;
    if (!fails(DiskCall::sync)) return Disk::sync(fd);
    failed_syncs_.insert(fd);
    errno = plan_.error;
    return -1;
  }
  int close(int fd) override {
    failed_syncs_.erase(fd);
    const int closed = Disk::close(fd);
    return fails(DiskCall::close) ? -1 : closed;
  }
  int rename_new(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return fails(DiskCall::rename) ? -1 : Disk::rename_new(from, to);
  }
  int rename_over(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return fails(DiskCall::rename) ? -1 : Disk::rename_over(from, to);
  }
  int make_folder(const std::filesystem::path& folder) override {
    return fails(DiskCall::make_folder) ? -1 : Disk::make_folder(folder);
  }
  int open_folder(const std::filesystem::path& folder) override {
    return fails(DiskCall::open_folder) ? -1 : Disk::open_folder(folder);
  }
  int remove(const std::filesystem::path& file) override {
    return fails(DiskCall::remove) ? -1 : Disk::remove(file);
  }
  int touch(const std::filesystem::path& file) override {
    return fails(DiskCall::touch) ? -1 : Disk::touch(file);
  }

 private:
  bool fails(DiskCall call) {
    if (call != plan_.call) return false;
    ++count_;
    if (count_ != plan_.nth && !(plan_.forever && count_ > plan_.nth)) return false;
    ++failures_;
    errno = plan_.error;
    return true;
  }

  Plan plan_;
  int count_ = 0;
  int failures_ = 0;
  std::set<int> failed_syncs_;
  int syncs_after_failure_ = 0;
};

/// A disk that writes one byte at a time and is interrupted before each.
class HesitantDisk : public Disk {
 public:
  ssize_t write(int fd, const std::byte* bytes, std::size_t size) override {
    interrupted_ = !interrupted_;
    if (interrupted_) {
      errno = EINTR;
      return -1;
    }
    return Disk::write(fd, bytes, size < 1 ? size : 1);
  }

 private:
  bool interrupted_ = false;
};

/// A disk that forgets: what was not synced when the power goes may be gone, in whole or
/// in part, in any combination.
class PowerCutDisk : public Disk {
 public:
  struct PowerCut {};
  /// `honest_*`: whether fsync of files, and of folders, does what it promises. A test
  /// of the test makes them lie.
  PowerCutDisk(int calls_until_cut, bool honest_files = true, bool honest_folders = true)
      : calls_left_(calls_until_cut),
        honest_files_(honest_files),
        honest_folders_(honest_folders) {}

  int create(const std::filesystem::path& file) override {
    tick();
    const int fd = Disk::create(file);
    if (fd >= 0) open_[fd] = file;
    if (fd >= 0) unsynced_.insert(file);
    return fd;
  }
  ssize_t write(int fd, const std::byte* bytes, std::size_t size) override {
    tick();
    return Disk::write(fd, bytes, size);
  }
  int sync(int fd) override {
    tick();
    const std::filesystem::path path = open_.at(fd);
    const bool folder = std::filesystem::is_directory(path);
    if (folder && honest_folders_) {
      std::erase_if(renamed_, [&path](const auto& to) { return to.parent_path() == path; });
      std::erase_if(made_, [&path](const auto& made) { return made.parent_path() == path; });
    }
    if (!folder && honest_files_) unsynced_.erase(path);
    return 0;
  }
  int close(int fd) override {
    open_.erase(fd);
    return Disk::close(fd);
  }
  int rename_new(const std::filesystem::path& from, const std::filesystem::path& to) override {
    tick();
    return note_rename(Disk::rename_new(from, to), from, to);
  }
  int rename_over(const std::filesystem::path& from, const std::filesystem::path& to) override {
    tick();
    return note_rename(Disk::rename_over(from, to), from, to);
  }
  int make_folder(const std::filesystem::path& folder) override {
    tick();
    const int made = Disk::make_folder(folder);
    if (made == 0) made_.insert(folder);
    return made;
  }
  int open_folder(const std::filesystem::path& folder) override {
    const int fd = Disk::open_folder(folder);
    open_[fd] = folder;
    return fd;
  }
  int remove(const std::filesystem::path& file) override {
    if (dead_) return 0;
    unsynced_.erase(file);
    return Disk::remove(file);
  }

  /// What is left when the power comes back.
  void forget(std::mt19937& random) {
    const auto coin = [&random] { return random() % 2 == 0; };
    for (const auto& file : unsynced_) {
      const auto size = std::filesystem::file_size(file);
      std::filesystem::permissions(file, std::filesystem::perms(0640));
      std::filesystem::resize_file(file, size == 0 ? 0 : random() % size);
    }
    for (const auto& file : renamed_) {
      if (coin()) std::filesystem::remove(file);
    }
    for (const auto& folder : made_) {
      if (coin()) std::filesystem::remove_all(folder);
    }
  }

 private:
  void tick() {
    if (calls_left_-- > 0) return;
    dead_ = true;
    throw PowerCut{};
  }
  int note_rename(int result, const std::filesystem::path& from, const std::filesystem::path& to) {
    if (result != 0) return result;
    renamed_.insert(to);
    if (unsynced_.erase(from) > 0) unsynced_.insert(to);
    return 0;
  }

  int calls_left_;
  bool honest_files_;
  bool honest_folders_;
  bool dead_ = false;
  std::map<int, std::filesystem::path> open_;
  std::set<std::filesystem::path> unsynced_;
  std::set<std::filesystem::path> renamed_;
  std::set<std::filesystem::path> made_;
};

/// A disk that does something of the test's while a file is being copied.
class MeddlingDisk : public Disk {
 public:
  explicit MeddlingDisk(std::function<void()> meddle) : meddle_(std::move(meddle)) {}
  ssize_t write(int fd, const std::byte* bytes, std::size_t size) override {
    if (meddle_) meddle_();
    meddle_ = nullptr;
    return Disk::write(fd, bytes, size);
  }

 private:
  std::function<void()> meddle_;
};

}  // namespace archive
