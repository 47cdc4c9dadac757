#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "config/office_tables.h"
#include "config/settings.h"
#include "core/error.h"
#include "core/timestamp.h"
#include "store/custody/backup.h"
#include "store/custody/health.h"
#include "store/custody/workplace.h"
#include "store/objects/digest.h"
#include "store/objects/object_store.h"
#include "store/records/sealed_pages.h"
#include "store/sealing/keyring.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// Pages of a database change here and there; of files that grow, the end. Small pieces find both.
constexpr std::size_t kFilePieceBytes = std::size_t{256} << 10;
constexpr std::size_t kIdBytes = 2;

class BackupRun {
 public:
  BackupRun(const ArchiveFolder& archive, BackupRepository& repository,
            const std::atomic<bool>* stop, const BackupProgress& progress)
      : archive_(archive),
        repository_(repository),
        objects_(archive.objects()),
        keys_(keys_of(archive.path())),
        stop_(stop),
        progress_(progress) {}

  BackupOutcome run() {
    const WriterLock lock = repository_.lock();
    repository_.prepare();
    const Workplace workplace(archive_, "backup-");
    outcome_.manifest.taken_at = timestamp_now();
    // Heads before leaves before records: what is signed is there, and nothing signed is ahead.
    take_keys();
    take_ledger();
    take_file("juanzong.toml", archive_.settings_file(), 0640);
    take_office();
    if (keys_) share_keys(archive_.path(), workplace.path(), false);
    {
      const Records live = Records::open_reader(archive_.path());
      live.copy_database(workplace.path() / "records.sqlite");
    }
    take_records(workplace.path() / "records.sqlite");
    // After the records, which note how far it has come.
    std::error_code no_log;
    const fs::path access = archive_.path() / "access" / "log";
    if (fs::exists(access, no_log)) take_file("access/log", access, 0600);
    const Records records = Records::open_reader(workplace.path());
    outcome_.manifest.archive = records.archive_id();
    outcome_.manifest.entries = records.entries();
    refuse_foreign();
    for (int part = 0; part < kStoreParts && !stopped(); ++part) take_part(records, part);
    if (stopped()) return std::move(outcome_);
    repository_.settle();
    outcome_.id = new_id();
    repository_.put_backup(outcome_.id, manifest_text(outcome_.manifest));
    return std::move(outcome_);
  }

 private:
  bool stopped() const { return stop_ != nullptr && *stop_; }

  void refuse_foreign() const {
    if (repository_.mark().archive == outcome_.manifest.archive) return;
    throw ArchiveError(ErrorKind::archive_foreign, repository_.folder().string(),
                       "these are the backups of another archive",
                       "check the path and the medium; each archive has repositories of its own");
  }

  std::string new_id() const {
    std::array<std::byte, kIdBytes> random{};
    random_bytes(random);
    // In UTC, so that names sort by time.
    std::string id = iso8601(*parse_iso8601(outcome_.manifest.taken_at), {}).substr(0, 23);
    std::erase_if(id, [](char c) { return c == '-' || c == ':' || c == '.'; });
    return id + "Z-" + hex_of(random);
  }

  void take_ledger() {
    const fs::path folder = archive_.ledger();
    take_file("ledger/heads", folder / "heads", 0640);
    take_file("ledger/leaves", folder / "leaves", 0640);
    std::error_code error;
    std::vector<fs::path> keys;
    for (const auto& entry : fs::directory_iterator(folder / "keys", error)) {
      if (entry.path().extension() == ".pem") keys.push_back(entry.path());
    }
    std::ranges::sort(keys);
    for (const fs::path& key : keys) {
      take_file("ledger/keys/" + key.filename().string(), key, 0640);
    }
    // Where the settings put it elsewhere, it is not part of the archive.
    if (fs::exists(folder / "signing.key", error)) {
      take_file("ledger/signing.key", folder / "signing.key", 0600);
    }
  }

  /// The office's own tables, wherever they are: a restored archive has them in `office`.
  void take_office() {
    const Settings settings = read_settings(archive_.settings_file());
    if (settings.office_folder.empty()) return;
    const TablePath place = place_of_tables(settings);
    for (const std::string& table : office_files(place)) {
      take_file("office/" + table, (place / table).office(), 0640);
    }
  }

  // The master key too: whoever can read the backup reads everything in it anyway, and one that
  // makes an encrypted archive again needs it.
  void take_keys() {
    if (!keys_) return;
    const fs::path folder = archive_.path() / "keys";
    take_file("keys/mark", folder / "mark", 0440);
    for (const KeySlots::WayIn& way : key_slots_of(archive_.path()).ways_in()) {
      take_file("keys/" + way.file.filename().string(), way.file, 0440);
    }
    std::string master = hex_of(keys_->master.bytes()) + "\n";
    take_bytes(kMasterName, 0600, [&master](const ObjectStore::Take& take) {
      take(std::as_bytes(std::span(std::as_const(master))));
    });
    wipe(master);
  }

  // Plain pages: the same ones are sealed anew whenever they are copied, and would never be known
  // again.
  void take_records(const fs::path& copy) {
    if (!keys_) {
      take_file("records.sqlite", copy, 0640);
      return;
    }
    take_bytes("records.sqlite", 0640,
               [&](const ObjectStore::Take& take) { read_sealed_pages(copy, *keys_, take); });
  }

  void take_bytes(const std::string& name, unsigned mode,
                  const std::function<void(const ObjectStore::Take& take)>& produce) {
    BackedUpFile file{name, mode, 0, std::nullopt, {}};
    Sha256 hash;
    std::string piece;
    const auto put = [&] {
      file.pieces.push_back(repository_.put_piece(piece));
      wipe(piece);
      piece.clear();
    };
    produce([&](std::span<const std::byte> bytes) {
      hash.add(bytes);
      file.size_bytes += bytes.size();
      while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), kFilePieceBytes - piece.size());
        piece.append(reinterpret_cast<const char*>(bytes.data()), part);
        bytes = bytes.subspan(part);
        if (piece.size() == kFilePieceBytes) put();
      }
    });
    if (!piece.empty()) put();
    file.hash = hash.finish();
    outcome_.manifest.files.push_back(std::move(file));
  }

  void take_file(const std::string& name, const fs::path& path, unsigned mode) {
    take_bytes(name, mode, [&path](const ObjectStore::Take& take) { read_file(path, take); });
  }

  static void read_file(const fs::path& path, const ObjectStore::Take& take) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw_disk_error(path, "opening", errno);
    std::string buffer(kFilePieceBytes, '\0');
    for (;;) {
      const ssize_t got = ::read(fd, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        const int error = errno;
        ::close(fd);
        throw_disk_error(path, "reading", error);
      }
      if (got == 0) break;
      take(std::as_bytes(std::span(buffer)).first(static_cast<std::size_t>(got)));
    }
    ::close(fd);
  }

  void take_part(const Records& records, int part) {
    std::vector<BackedUpObject> list;
    records.for_each_use(part, [&](const BlobId& blob, const ObjectUse& use) {
      if (stopped()) return;
      list.push_back(take_object(blob, use));
    });
    if (list.empty() || stopped()) return;
    BackupManifest& manifest = outcome_.manifest;
    for (const BackedUpObject& object : list) {
      ++manifest.objects;
      manifest.lacking += object.lacking ? 1 : 0;
      manifest.bytes += static_cast<std::int64_t>(object.size_bytes);
    }
    manifest.lists.push_back(
        {part, static_cast<std::int64_t>(list.size()), repository_.put_piece(list_text(list))});
  }

  BackedUpObject take_object(const BlobId& blob, const ObjectUse& use) {
    BackedUpObject object{blob, 0, false, use};
    object.size_bytes = objects_.size_of(blob).value_or(0);
    if (!repository_.has(Item::object, blob)) {
      if (copy(blob, object.size_bytes)) {
        ++outcome_.copied;
        outcome_.copied_bytes += static_cast<std::int64_t>(object.size_bytes);
      } else {
        object.lacking = true;
        object.size_bytes = 0;
        const auto defect = defect_of(objects_.check(blob));
        outcome_.defects.push_back({blob, "", defect.value_or(Defect::unreadable), ""});
      }
    }
    if (progress_) progress_(outcome_.manifest.objects, outcome_.manifest.bytes);
    return object;
  }

  bool copy(const BlobId& blob, std::uint64_t& size_bytes) {
    const auto size = objects_.size_of(blob);
    if (!size || !objects_.contains(blob)) return false;
    size_bytes = *size;
    return repository_.put_object(blob, [&](const BackupRepository::Take& take) {
      // What was read of a file that failed half-way has another hash.
      [[maybe_unused]] const auto fault = objects_.read(blob, take);
    });
  }

  const ArchiveFolder& archive_;
  BackupRepository& repository_;
  ObjectStore objects_;
  ArchiveKeysPtr keys_;
  const std::atomic<bool>* stop_;
  const BackupProgress& progress_;
  BackupOutcome outcome_;
};

}  // namespace

BackupOutcome back_up(const ArchiveFolder& archive, BackupRepository& repository,
                      const std::atomic<bool>* stop, const BackupProgress& progress) {
  return BackupRun(archive, repository, stop, progress).run();
}

}  // namespace archive
