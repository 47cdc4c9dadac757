#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/layout.h"
#include "store/archive_folder.h"
#include "store/custody/backup.h"
#include "store/custody/scrub.h"
#include "store/objects/compression.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {

/// An archive with one closed batch of files of two pages, each with layout and ALTO: five objects
/// a file. A second delivery can be added.
class KeptArchive {
 public:
  explicit KeptArchive(int files, bool encrypted = false)
      : archive_(encrypted ? create_encrypted() : ArchiveFolder::create(folder_ / "archive", "")),
        store_(archive_.objects()) {
    deliver("first", files);
  }

  void deliver(const std::string& batch_name, int files) {
    Records records = Records::open_writer(path());
    const BatchNumber batch = records.open_batch(batch_name, batch_name, {}).number;
    for (int i = 0; i < files; ++i) {
      const std::string name = batch_name + std::to_string(i) + ".tif";
      SourceRecord file = source(batch, name, "", 2, std::int64_t{i} * 2);
      file.blob = store_.put(scan(name));
      file = records.add_source(file);
      sources_.push_back(*file.blob);
      for (int p = 0; p < 2; ++p) {
        PageRecord page = full_page(file, p);
        PageLayout layout;
        layout.width = 100 + p;
        layout.height = 1000 + static_cast<int>(sources_.size());
        page.layout_blob = store_.put(compress(serialize_layout(layout)));
        page.alto_blob = store_.put(
            compress("<?xml version=\"1.0\"?><alto>" + name + std::to_string(p) + "</alto>"));
        records.put_page(page);
      }
    }
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
  }

  /// What the scripted reader of these tests can read.
  static std::string scan(const std::string& name) {
    return "II*picture of " + name + std::string(4000, 's');
  }

  const ArchiveFolder& folder() const { return archive_; }
  const std::filesystem::path& path() const { return archive_.path(); }
  ObjectStore& store() { return store_; }
  const ObjectStore& store() const { return store_; }
  const std::vector<BlobId>& sources() const { return sources_; }
  std::filesystem::path file_of(const BlobId& blob) const { return store_.path_of(blob); }
  std::filesystem::path beside(const std::string& name) const { return folder_ / name; }

  /// Every object with its bytes.
  std::map<std::string, std::string> objects() const {
    std::map<std::string, std::string> all;
    store_.for_each([&](const std::optional<BlobId>& blob, const std::filesystem::path& file) {
      all[blob ? blob->text() : file.string()] = blob ? store_.get(*blob) : read_file(file);
    });
    return all;
  }

  /// Of an encrypted archive.
  KeySource key() const {
    KeySource source;
    source.key_file = folder_ / "archive.key";
    return source;
  }
  const std::string& recovery() const { return recovery_; }

 private:
  ArchiveFolder create_encrypted() {
    make_key_file(key().key_file);
    ArchiveFolder made = ArchiveFolder::create_encrypted(folder_ / "archive", "", key(), recovery_);
    unlock_by(key());
    return made;
  }

  TemporaryFolder folder_;
  std::string recovery_;
  ArchiveFolder archive_;
  ObjectStore store_;
  std::vector<BlobId> sources_;
};

/// Backups of an archive, begun beside it, and the key that opens them.
struct BackupPlace {
  explicit BackupPlace(const KeptArchive& archive) : path(archive.beside("medium")) {
    key.key_file = archive.beside("key");
    make_key_file(key.key_file);
    BackupRepository::begin(path, Records::open_reader(archive.path()).archive_id(), "", key);
  }
  BackupRepository open() const { return BackupRepository(path, key); }

  std::filesystem::path path;
  KeySource key;
};

/// Stands for a decoder: reads what begins as scan() does.
inline std::optional<std::string> read_picture(const std::filesystem::path& file,
                                               const ObjectUse& use) {
  if (use.pages != std::vector<int>{0, 1}) return "asked for other pages than were filed";
  if (read_file(file).starts_with("II*picture")) return std::nullopt;
  return "strip 1 cannot be decoded";
}

inline void flip_one_bit(const std::filesystem::path& file, std::size_t byte, int bit = 0) {
  std::string bytes = read_file(file);
  bytes.at(byte) = static_cast<char>(bytes.at(byte) ^ (1 << bit));
  const auto mode = std::filesystem::status(file).permissions();
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  write_file(file, bytes);
  std::filesystem::permissions(file, mode);
}

}  // namespace archive
