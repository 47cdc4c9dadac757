#pragma once

#include <filesystem>
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
/// Throws ArchiveError{device} when the scanner does not answer or stops in the middle;
/// the pages that came before stay in the folder.
int scan_to_folder(const ScanRequest& request, const std::filesystem::path& folder);

}  // namespace archive
