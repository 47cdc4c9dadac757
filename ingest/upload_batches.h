#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "store/objects/disk.h"

namespace archive {

// What ingest/uploads.h does with files and folders. ArchiveError{disk} when the disk is sick.

/// Whether it is a file of this length and SHA-256.
bool is_file_with(const std::filesystem::path& file, std::uint64_t size, const std::string& sha256);
/// Of a file that was received, as hexadecimal digits.
std::string sha256_of_file(const std::filesystem::path& file);

/// The files in a folder and below it, in order, named from there; none where there is no folder.
std::vector<std::filesystem::path> files_of_batch(const std::filesystem::path& folder);

using Folders = std::set<std::filesystem::path>;
/// `top` and the folders below it that these files need, each behind the one that holds it.
Folders folders_for(const std::filesystem::path& top,
                    const std::vector<std::filesystem::path>& names);
/// REFUSES "blocked" while something else lies where one of them should be: nothing was done then.
void refuse_what_is_in_the_way(const Folders& folders);
/// The same, else makes those that are missing.
void make_folders(Disk& disk, const Folders& folders);
/// All names in these folders, and that of the first, last.
void sync_folders(Disk& disk, const Folders& folders);

/// Gives the files their places in the batch `to`, all or none where it is new. REFUSES "blocked",
/// and "taken" for a file that is there with other bytes. False while `from` is still there: they
/// were copied.
bool give_place(Disk& disk, const std::filesystem::path& from,
                const std::vector<std::filesystem::path>& names, const std::filesystem::path& to);

}  // namespace archive
