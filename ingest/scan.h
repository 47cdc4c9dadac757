#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace archive {

struct ScanRequest {
  std::string device;  ///< as `scanimage -L` prints it, such as "test:0"
  int dpi = 300;
  std::string mode = "Color";  ///< Color, Gray or Lineart
  int pages_max = 0;           ///< 0: until the feeder is empty
};

/// Scans pages into a folder as 0001.tif, 0002.tif, ... after those that are there, and
/// returns how many came. SANE's own `scanimage` does the work as a child process: it
/// knows every device's habits, and a driver that crashes does not take us with it.
/// Each page is written under another name first and renamed when it is whole.
///
/// `arrived` is told of each page within a tenth of a second, while the feeder goes on with
/// the next: its file, under a name that it does not keep, and the name it will have. Called
/// from one other thread; what it throws ends the telling, and is thrown again after all pages
/// lie in the folder.
///
/// Throws ArchiveError{device} when the scanner does not answer or stops in the middle;
/// the pages that came before stay in the folder.
using PageArrived = std::function<void(const std::filesystem::path& file, const std::string& name)>;
int scan_to_folder(const ScanRequest& request, const std::filesystem::path& folder,
                   const PageArrived& arrived = nullptr);

}  // namespace archive
