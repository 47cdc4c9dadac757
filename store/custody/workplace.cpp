#include "store/custody/workplace.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "store/objects/disk.h"

namespace archive {

namespace fs = std::filesystem;

Workplace::Workplace(const ArchiveFolder& archive, std::string_view purpose) {
  const fs::path spool = archive.spool() / "tmp";
  const std::string own = std::to_string(::getpid());
  std::error_code error;
  for (const auto& left : fs::directory_iterator(spool, error)) {
    const std::string name = left.path().filename().string();
    if (!name.starts_with(purpose)) continue;
    // What a process left that is no more; numbers come again, so our own is such a one too.
    const std::string process = name.substr(purpose.size());
    if (process != own && fs::exists("/proc/" + process, error)) continue;
    fs::remove_all(left.path(), error);
  }
  path_ = spool / (std::string(purpose) + own);
  if (::mkdir(path_.c_str(), 0700) != 0) throw_disk_error(path_, "making a folder", errno);
}

Workplace::~Workplace() {
  std::error_code error;
  fs::remove_all(path_, error);
}

}  // namespace archive
