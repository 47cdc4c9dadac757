#pragma once

#include <filesystem>
#include <string>

namespace archive {

/// The bytes of a file that somebody else wrote, 256 MB at most. Throws
/// ArchiveError{input_missing}.
std::string foreign_bytes(const std::filesystem::path& file);

/// A text that somebody else wrote.
struct ForeignText {
  std::string text;      ///< UTF-8, without a byte order mark
  std::string encoding;  ///< what it was: "UTF-8" or "GB18030" (GBK and GB 2312 are in it)
};

/// Throws ArchiveError{input_missing} naming `name`: more than 256 MB, or neither encoding.
ForeignText as_utf8(const std::string& name, std::string bytes);

}  // namespace archive
