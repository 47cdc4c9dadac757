#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/blob_id.h"
#include "core/fault.h"
#include "store/objects/digest.h"
#include "store/objects/temporary_file.h"
#include "store/sealing/keyring.h"
#include "store/sealing/sealed_file.h"

namespace archive {

/// How objects are named and how their bytes lie in files: as they are, or sealed by the keys of an
/// encrypted archive (docs/STORE_FORMAT.md, "Encrypted archives"). For ObjectStore.
class ObjectBytes {
 public:
  explicit ObjectBytes(ArchiveKeysPtr keys) : keys_(std::move(keys)) {}

  bool sealed() const { return keys_ != nullptr; }
  /// The folder of `objects` that all of them are in.
  const char* folder() const { return sealed() ? "sealed" : "sha256"; }
  /// 64 hexadecimal digits: folder and file.
  std::string name_of(const BlobId& blob) const;
  /// Which object a file of this name is; nothing when it is none.
  std::optional<BlobId> blob_in(const std::filesystem::path& file, const std::string& name) const;

  /// The length of the object in a file of this length.
  std::optional<std::uint64_t> size_in(std::uint64_t file_bytes) const;
  /// Hands over the object's bytes. On a fault what was handed over is worthless.
  using Take = std::function<void(std::span<const std::byte>)>;
  std::optional<PageFault> read(const std::filesystem::path& file, const Take& take) const;

 private:
  friend class ObjectWriter;
  ArchiveKeysPtr keys_;
};

/// Writes an object into a file whose hash is known at its end only.
class ObjectWriter {
 public:
  ObjectWriter(TemporaryFile& file, const ObjectBytes& how);
  void add(std::span<const std::byte> bytes);
  /// REQUIRES: once.
  BlobId finish();
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  TemporaryFile& file_;
  Sha256 hash_;
  std::optional<Sealer> sealer_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace archive
