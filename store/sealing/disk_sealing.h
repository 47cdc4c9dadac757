#pragma once

#include <filesystem>
#include <string>

namespace archive {

/// How what lies in a folder is kept from whoever gets the disk.
enum class DiskSealing {
  luks,     ///< the block device is one of dm-crypt, or lies on such ones alone
  fscrypt,  ///< the folder has an encryption policy of its file system (Linux fscrypt)
  memory,   ///< tmpfs: gone with the power, unless it is swapped
  none,     ///< nothing of it is encrypted, as far as this machine knows
  unknown,  ///< the file system does not say what it lies on (network, overlay, ZFS)
};

/// `sys`: where sysfs is, for tests.
DiskSealing disk_sealing(const std::filesystem::path& folder,
                         const std::filesystem::path& sys = "/sys");

/// The same of a block device by its number, "253:0".
DiskSealing device_sealing(const std::string& device, const std::filesystem::path& sys);

/// A place that the system swaps to and that is not encrypted; "" when there is none. `proc` and
/// `sys`: for tests.
std::string open_swap(const std::filesystem::path& proc = "/proc",
                      const std::filesystem::path& sys = "/sys");

}  // namespace archive
