#pragma once

#include <cstdint>

namespace archive {

/// What the spreadsheet of somebody else may cost. Whatever is beyond is refused with a clear
/// word, before it fills the memory: an archive of a few kilobytes can unpack to terabytes.
struct SheetLimits {
  std::uint64_t file_bytes = 256ULL << 20;  ///< of the file as it was given
  std::uint64_t part_bytes = 512ULL << 20;  ///< of one part of it, unpacked
  std::uint64_t text_bytes = 256ULL << 20;  ///< of all cells that are kept, and of shared strings
  int parts = 10'000;                       ///< files inside the file
  int sheets = 1'000;
  int rows = 1'048'576;  ///< of a sheet, as Excel has it
  int columns = 16'384;  ///< the same
};

}  // namespace archive
