#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/objects/disk.h"
#include "store/packages/tag_text.h"

namespace archive {

/// Writes a bag of version 1.0 into an empty folder, file by file, each durable when it is there.
/// SHA-256 always, SM3 when asked. Nothing of it counts before finish() has returned. Every failure
/// to write throws ArchiveError{disk}.
class BagWriter {
 public:
  using Sink = std::function<void(std::string_view bytes)>;

  BagWriter(std::filesystem::path folder, bool with_sm3, Disk& disk = real_disk());

  struct Written {
    std::uint64_t size_bytes = 0;
    std::string sha256;  ///< small hexadecimal digits
    std::string sm3;     ///< empty when not asked for
  };
  /// A file of the payload, `path` below data/. `fill` gives its bytes. REQUIRES: a path that no
  /// file has, and that leads nowhere else.
  Written add(const std::string& path, const std::function<void(const Sink&)>& fill);
  Written add(const std::string& path, std::string_view bytes);
  bool has(const std::string& path) const { return payload_.contains("data/" + path); }

  std::uint64_t payload_bytes() const { return payload_bytes_; }
  std::size_t payload_files() const { return payload_.size(); }

  /// Writes tag files and manifests. `info` are the elements of bag-info.txt beside Payload-Oxum.
  /// `sign` may give further tag files, by name, for the text of tagmanifest-sha256.txt. Returns
  /// the SHA-256 of that text: it is that of the whole bag.
  using Sign = std::function<std::map<std::string, std::string>(std::string_view tag_manifest)>;
  std::string finish(const std::vector<TagElement>& info, const Sign& sign = {});

 private:
  Written write(const std::string& path, const std::function<void(const Sink&)>& fill);
  Written write(const std::string& path, std::string_view bytes);
  void make_folders_for(const std::string& path);
  std::string manifest(const std::map<std::string, Written>& files,
                       std::string Written::*sum) const;

  std::filesystem::path folder_;
  bool with_sm3_;
  Disk& disk_;
  std::map<std::string, Written> payload_;  // by path in the bag
  std::map<std::string, Written> tags_;
  std::set<std::filesystem::path> folders_;  // to be synced
  std::uint64_t payload_bytes_ = 0;
};

}  // namespace archive
