#pragma once

#include <string>
#include <string_view>

// Names of files in bags (RFC 8493, sections 2.1.3 and 5.1).

namespace archive {

/// How a manifest writes a path: a return, a line's end and '%' as %0D, %0A and %25.
std::string bag_path_written(std::string_view path);
/// The path that a manifest wrote. Before version 1.0 '%' stood for itself.
std::string bag_path_read(std::string_view written, bool percent_encoded);

/// A path that leads out of the bag, or would on another system: absolute, with a drive, a home
/// folder or a variable in front, or with "..".
bool escapes_the_bag(std::string_view path);

/// Letters without case and in one normal form: names that are equal so are one file on some
/// systems. Bytes that are not UTF-8 stay as they are.
std::string folded_name(std::string_view path);

/// What file browsers leave in folders: .DS_Store, Thumbs.db, desktop.ini.
bool is_system_file(std::string_view path);

/// A name for one file or folder made of any text, such as an archive number: without what some
/// system refuses in names, and never empty, hidden or longer than 120 bytes.
std::string file_name_of(std::string_view text);

}  // namespace archive
