#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/packages/tag_text.h"

namespace archive {

/// What may be wrong with a bag. The names are stable (docs/PACKAGE_FORMAT.md).
enum class BagProblem {
  // These make it invalid.
  not_a_bag,         ///< no bagit.txt
  bagit_txt,         ///< bagit.txt is not as the format has it
  version,           ///< a version that nobody knows
  tag_encoding,      ///< a tag file is not in the encoding that the bag declares
  bag_info,          ///< bag-info.txt has a line without a label
  no_manifest,       ///< no manifest of the payload
  unknown_checksum,  ///< a manifest with digests that cannot be counted here
  manifest_line,     ///< a line that is no digest and path
  path_escape,       ///< a path that leads out of the bag
  path_place,        ///< a payload file outside data/, or a tag file in it
  link,              ///< a link or a special file
  unreadable,        ///< the disk or the rights refuse, or it changed meanwhile
  missing_file,
  extra_file,  ///< a payload file that no manifest lists
  wrong_sum,
  listed_twice,  ///< with two digests, or from version 1.0 on at all
  not_in_all,    ///< not every manifest lists it (from version 1.0 on)
  fetch_line,    ///< a line of fetch.txt that is no address, length and path
  not_fetched,   ///< to be fetched from elsewhere: nothing is fetched here
  wrong_oxum,    ///< other numbers of bytes and files than Payload-Oxum says
  too_large,     ///< beyond the limits
  // These it may have and be valid.
  relative_path,        ///< "./" in front of a path
  sum_tool_line,        ///< '*' in front of a path, as md5sum writes it
  listed_again,         ///< with the same digest
  equal_names,          ///< names that differ in case or normal form only
  system_file,          ///< a file browser left it
  weak_checksum,        ///< only MD5 or SHA-1
  tag_manifest_listed,  ///< a tag manifest lists a tag manifest
};
std::string_view name_of(BagProblem problem);
bool makes_invalid(BagProblem problem);

struct BagRemark {
  BagProblem problem = BagProblem::not_a_bag;
  std::string file;    ///< path in the bag; may be empty
  std::string detail;  ///< such as the manifest and the line
};

/// A file of the payload that a manifest lists and that is there.
struct BagFile {
  std::uint64_t size_bytes = 0;
  std::map<std::string, std::string> sums;  ///< by algorithm, as counted here
};

struct BagReport {
  static constexpr std::size_t kRemarksMost = 1000;

  std::string version;
  std::string encoding;
  std::vector<TagElement> info;  ///< of bag-info.txt
  std::map<std::string, BagFile> payload;
  std::uint64_t payload_bytes = 0;
  std::vector<BagRemark> remarks;  ///< the first kRemarksMost
  std::int64_t remarks_left = 0;   ///< how many more there are
  bool valid = true;
  bool strongly_summed = false;  ///< some payload manifest is of a strong_checksum()
  /// tagmanifest-sha256.txt has the digest of a payload manifest of SHA-256: no other bag has one
  /// like it.
  bool bound_by_sha256 = false;

  bool warned() const { return valid && !remarks.empty(); }
  bool says(BagProblem problem) const;
};

struct BagLimits {
  std::uint64_t files_max = 2'000'000;
  std::uint64_t tag_bytes_max = std::uint64_t{512} << 20;  ///< of one tag file
  std::uint64_t file_bytes_max = std::uint64_t{1} << 42;
};

/// Checks a bag (BagIt, RFC 8493, and versions from 0.93 on) and counts every digest that its
/// manifests have. Goes on after a fault so that one look lists everything. Changes nothing,
/// fetches nothing, follows no link. Throws ArchiveError{input_missing} when `folder` is not there.
///
/// Memory: the names of the files and their digests.
BagReport check_bag(const std::filesystem::path& folder, const BagLimits& limits = {});

}  // namespace archive
