#include "store/sealing/disk_sealing.h"

#include <fcntl.h>
#include <linux/fscrypt.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "store/objects/small_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSmallMost = 4096;
constexpr int kLevelsMost = 8;  // of devices that lie on devices

std::string number_of(dev_t device) {
  return std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

bool has_policy(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  fscrypt_get_policy_ex_arg policy{};
  policy.policy_size = sizeof policy.policy;
  const bool has = ::ioctl(fd, FS_IOC_GET_ENCRYPTION_POLICY_EX, &policy) == 0;
  ::close(fd);
  return has;
}

DiskSealing sealing_of(const fs::path& device, int levels) {
  std::error_code error;
  if (levels == 0 || !fs::exists(device, error)) return DiskSealing::unknown;
  if (read_small_file(device / "dm" / "uuid", kSmallMost).starts_with("CRYPT-")) {
    return DiskSealing::luks;
  }
  // A logical volume or a RAID is as closed as the most open device under it.
  DiskSealing all = DiskSealing::none;
  bool any = false;
  for (const auto& under : fs::directory_iterator(device / "slaves", error)) {
    const DiskSealing one = sealing_of(under.path(), levels - 1);
    if (one != DiskSealing::luks) return one;
    all = one;
    any = true;
  }
  return any ? all : DiskSealing::none;
}

/// Of a file system that has no device number of its own, such as Btrfs: the device it was mounted
/// from.
std::string mounted_from(dev_t device) {
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string id;
    std::string parent;
    std::string number;
    words >> id >> parent >> number;
    if (number != number_of(device)) continue;
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream rest(line.substr(dash + 3));
    std::string type;
    std::string source;
    rest >> type >> source;
    struct stat state {};
    if (::stat(source.c_str(), &state) == 0 && S_ISBLK(state.st_mode)) {
      return number_of(state.st_rdev);
    }
  }
  return "";
}

}  // namespace

DiskSealing device_sealing(const std::string& device, const fs::path& sys) {
  return sealing_of(sys / "dev" / "block" / device, kLevelsMost);
}

DiskSealing disk_sealing(const fs::path& folder, const fs::path& sys) {
  // What is not there yet will lie where its folder lies.
  fs::path there = fs::absolute(folder);
  std::error_code error;
  while (!fs::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  struct statfs system {};
  if (::statfs(there.c_str(), &system) != 0) return DiskSealing::unknown;
  if (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC) return DiskSealing::memory;
  if (has_policy(there)) return DiskSealing::fscrypt;
  struct stat state {};
  if (::stat(there.c_str(), &state) != 0) return DiskSealing::unknown;
  if (major(state.st_dev) != 0) return device_sealing(number_of(state.st_dev), sys);
  const std::string device = mounted_from(state.st_dev);
  return device.empty() ? DiskSealing::unknown : device_sealing(device, sys);
}

std::string open_swap(const fs::path& proc, const fs::path& sys) {
  std::ifstream swaps(proc / "swaps");
  std::string line;
  std::getline(swaps, line);  // the heading
  while (std::getline(swaps, line)) {
    std::istringstream words(line);
    std::string place;
    std::string type;
    words >> place >> type;
    if (place.find("/zram") != std::string::npos) continue;  // memory
    struct stat state {};
    if (::stat(place.c_str(), &state) != 0) return place;
    const dev_t device = S_ISBLK(state.st_mode) ? state.st_rdev : state.st_dev;
    if (device_sealing(number_of(device), sys) != DiskSealing::luks) return place;
  }
  return "";
}

}  // namespace archive
