#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/settings.h"
#include "store/objects/disk.h"

namespace archive {

/// A file that comes from a scanning station over the network, piece by piece (R41).
struct Upload {
  std::string id;     ///< 32 hexadecimal digits, not to be guessed
  std::string batch;  ///< the folder it is for
  std::string name;   ///< below it; '/' parts folders
  std::uint64_t size = 0;
  std::string sha256;  ///< 64 hexadecimal digits, as the station says
  std::string by;      ///< whose session began it
  std::string begun_at;
  std::uint64_t received = 0;
  bool accepted = false;  ///< all is there and has that hash
};

/// Why a piece or a file is not taken. `kind` is stable: "name", "size", "hash", "digest",
/// "offset", "taken", "blocked", "many", "unknown", "unfinished", "count".
struct UploadRefused : std::runtime_error {
  UploadRefused(std::string kind_, const std::string& text)
      : std::runtime_error(text), kind(std::move(kind_)) {}
  std::string kind;
  std::uint64_t received = 0;  ///< of "offset": where to go on
};

/// A batch whose files lie here and were not handed over yet.
struct WaitingDelivery {
  std::string batch;
  std::int64_t files = 0;
  std::uint64_t bytes = 0;
};

/// Files on their way in. What is accepted waits by batch until whoever sent it says how many files
/// there are: only then the whole batch goes into the hot folder, so that a station that stops in
/// the middle never leaves half a batch that is taken for the whole.
///
///     spool/uploads/<id>.part, <id>.json    being received; goes on after a kill
///     spool/uploads/accepted/<batch>/...    whole, with the hash that was said
///     spool/uploads/handed/...              was copied to another disk, is being removed
///     <hot folder>/.<batch>.coming/...      is being copied from another disk
///
/// A kill leaves all of a batch in the hot folder or nothing; the same hand-over again completes
/// it. Only files for a batch that is there already come one by one, each whole.
/// Nothing of a file enters whose bytes have another hash or length: its part is removed. All
/// members may be called from any thread. Throw ArchiveError{disk} when the disk is sick.
class Uploads {
 public:
  Uploads(const std::filesystem::path& spool, std::filesystem::path hot_folder,
          const UploadSettings& settings, Disk& disk = real_disk());
  ~Uploads();
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  /// The same file of the same batch by the same person is the one that was begun. A file that
  /// was accepted before is told so. REFUSES "blocked" while a file lies where the batch needs a
  /// folder; so do append() and hand_over(), and nothing that came is lost.
  Upload begin(const std::string& batch, const std::string& name, std::uint64_t size,
               const std::string& sha256, const std::string& by);
  /// The next piece, where what came ends. The last one makes the file accepted, or refuses it:
  /// "hash".
  Upload append(const std::string& id, const std::string& by, std::uint64_t offset,
                std::string_view bytes);
  void give_up(const std::string& id, const std::string& by);
  /// The batch has so many files, all of which were accepted: it goes into the hot folder.
  /// Nothing of it waits, and so many lie there: it was handed over already, and that is that.
  /// REFUSES "unfinished" while a file of it is being received, "count" for another number, "taken"
  /// when the hot folder has a file of that name with other bytes.
  void hand_over(const std::string& batch, std::int64_t files);

  std::vector<Upload> of(const std::string& by) const;  ///< being received, oldest first
  std::vector<WaitingDelivery> waiting() const;

 private:
  struct Coming;
  Coming& mine(const std::string& id, const std::string& by);
  void take_up(const std::string& id);
  void remove_files_of(const std::string& id);
  void drop_old();
  void keep(const Coming& coming);
  void accept(Coming& coming);
  void put_away(const std::filesystem::path& batch);
  std::filesystem::path part_of(const std::string& id) const { return folder_ / (id + ".part"); }
  std::filesystem::path note_of(const std::string& id) const { return folder_ / (id + ".json"); }
  std::filesystem::path handed() const { return folder_ / "handed"; }
  std::filesystem::path accepted_of(const std::string& batch, const std::string& name) const;

  std::filesystem::path folder_, hot_folder_;
  UploadSettings settings_;
  Disk& disk_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Coming>> coming_;  // guarded by mutex_, by id
};

}  // namespace archive
