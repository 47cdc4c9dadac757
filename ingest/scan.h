#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "store/objects/disk.h"

namespace archive {

struct ScanRequest {
  std::string device;  ///< as `scanimage -L` prints it, such as "test:0"
  int dpi = 300;
  std::string mode = "Color";  ///< Color, Gray or Lineart
  int pages_max = 0;           ///< 0: until the feeder is empty
};

/// A page that came: its file, under a name that it does not keep, and the name it will have.
using PageArrived = std::function<void(const std::filesystem::path& file, const std::string& name)>;
/// Pages of a scan that was killed, which have their names now: how many.
using PagesKept = std::function<void(int pages)>;

/// Scans pages into a folder as 0001.tif, 0002.tif, ... behind the highest number that is there,
/// and returns how many came. SANE's own `scanimage` does the work as a child process: it knows
/// every device's habits, and a driver that crashes does not take us with it. Pages lie in a
/// hidden folder until they are whole; each is durable before it gets its name, and nothing is
/// ever overwritten. Whole pages that a killed scan left get their names first (`kept`, when
/// there are any).
///
/// `arrived` is told of each page within a tenth of a second, while the feeder goes on with the
/// next. Called from one other thread; what it throws ends the telling, and is thrown again after
/// all pages lie in the folder.
///
/// Throws ArchiveError{device} when the scanner does not answer, stops in the middle or has no
/// paper; the pages that came before stay in the folder. ArchiveError{archive_locked} while
/// another scan into the folder goes on, also one whose command was killed and whose scanner
/// still runs. ArchiveError{disk}: pages that have no name yet are kept by the next scan.
int scan_to_folder(const ScanRequest& request, const std::filesystem::path& folder,
                   const PageArrived& arrived = nullptr, const PagesKept& kept = nullptr,
                   Disk& disk = real_disk());

}  // namespace archive
