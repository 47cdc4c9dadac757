#include "store/records/sealed_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "store/records/sealed_pages.h"

namespace archive {
namespace {

// While another process moves pages out of the log, a reader that has no lock yet may see half of
// one: it looks again.
constexpr int kReadTries = 8;
constexpr std::chrono::milliseconds kBetweenReads{2};

/// The file system of one archive's keys. Lives as long as the program.
struct Layer {
  sqlite3_vfs vfs{};
  sqlite3_vfs* below = nullptr;
  std::string name;
  ArchiveKeysPtr keys;
};

struct FileState {
  const Layer* layer = nullptr;
  bool is_log = false;
  bool head_is_there = false;          // of a database, on the disk
  FileState* database = nullptr;       // of a log: whose it is
  std::unique_ptr<UnitCipher> cipher;  // of a database, once its head is known
};

/// What SQLite holds of an open file; the file below lies behind it in the same memory.
struct SealedFile {
  sqlite3_file base;
  FileState* state;
};

SealedFile* sealed_file(sqlite3_file* file) { return reinterpret_cast<SealedFile*>(file); }
FileState& state_of(sqlite3_file* file) { return *sealed_file(file)->state; }
sqlite3_file* below(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(sealed_file(file) + 1);
}

Layer& layer_of(sqlite3_vfs* vfs) { return *static_cast<Layer*>(vfs->pAppData); }

/// Nothing that C++ throws may pass through SQLite.
template <class Action>
int guarded(int code, Action action) noexcept {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  } catch (...) {
    return code;
  }
}

UnitPlace place_of(const FileState& state, std::uint64_t offset) {
  return state.is_log ? place_in_log(offset) : place_in_pages(offset);
}

int sealed_size(sqlite3_file* file, sqlite3_int64& bytes) {
  return below(file)->pMethods->xFileSize(below(file), &bytes);
}

/// Reads the head of a database when it is there. SQLITE_NOTADB when it is of something else.
int look_for_head(sqlite3_file* file) {
  FileState& state = state_of(file);
  if (state.cipher || state.is_log) return SQLITE_OK;
  sqlite3_int64 size = 0;
  if (const int code = sealed_size(file, size); code != SQLITE_OK) return code;
  if (size == 0) return SQLITE_OK;
  std::string head(kPagesHeadBytes, '\0');
  const int code =
      below(file)->pMethods->xRead(below(file), head.data(), static_cast<int>(head.size()), 0);
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return code;
  auto cipher = UnitCipher::of_head(*state.layer->keys, head);
  if (!cipher) return SQLITE_NOTADB;
  state.cipher = std::make_unique<UnitCipher>(std::move(*cipher));
  state.head_is_there = true;
  return SQLITE_OK;
}

const UnitCipher* cipher_of(const FileState& state) {
  return state.is_log ? (state.database == nullptr ? nullptr : state.database->cipher.get())
                      : state.cipher.get();
}

bool all_zero(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

/// The plain unit in `unit`. SQLITE_IOERR_SHORT_READ when the file ends before it does;
/// SQLITE_IOERR_DATA when it does not open.
int read_unit(sqlite3_file* file, const UnitPlace& place, std::string& unit) {
  const FileState& state = state_of(file);
  const UnitCipher* cipher = cipher_of(state);
  unit.assign(place.size, '\0');
  if (cipher == nullptr) return SQLITE_IOERR_SHORT_READ;
  std::string sealed(place.size + kUnitExtraBytes, '\0');
  for (int tries = 1;; ++tries) {
    const int code =
        below(file)->pMethods->xRead(below(file), sealed.data(), static_cast<int>(sealed.size()),
                                     static_cast<sqlite3_int64>(place.at));
    if (code != SQLITE_OK) return code;
    if (auto plain = cipher->open(place, sealed)) {
      unit = std::move(*plain);
      return SQLITE_OK;
    }
    // A page that the database counts and never wrote, because it was free: a hole in the file.
    if (!state.is_log && all_zero(sealed)) return SQLITE_OK;
    if (state.is_log || tries == kReadTries) return SQLITE_IOERR_DATA;
    std::this_thread::sleep_for(kBetweenReads);
  }
}

int read(sqlite3_file* file, void* buffer, int amount, sqlite3_int64 offset) {
  return guarded(SQLITE_IOERR_READ, [&] {
    if (const int code = look_for_head(file); code != SQLITE_OK) return code;
    const FileState& state = state_of(file);
    auto* out = static_cast<char*>(buffer);
    auto at = static_cast<std::uint64_t>(offset);
    auto left = static_cast<std::size_t>(amount);
    std::memset(out, 0, left);
    // Whoever looks for the end of the log reads frames with their heads.
    const UnitPlace first = place_of(state, at);
    const bool counted_on = first.kind == UnitKind::frame && left <= first.size - first.inside;
    std::string unit;
    while (left > 0) {
      const UnitPlace place = place_of(state, at);
      const std::size_t part = std::min(left, place.size - place.inside);
      const int code = read_unit(file, place, unit);
      if (code == SQLITE_OK) {
        std::memcpy(out, unit.data() + place.inside, part);
      } else if (code != SQLITE_IOERR_DATA || !state.is_log || counted_on) {
        return code;
      }
      out += part;
      at += part;
      left -= part;
    }
    return SQLITE_OK;
  });
}

int write(sqlite3_file* file, const void* buffer, int amount, sqlite3_int64 offset) {
  return guarded(SQLITE_IOERR_WRITE, [&] {
    if (const int code = look_for_head(file); code != SQLITE_OK) return code;
    FileState& state = state_of(file);
    const UnitPlace place = place_of(state, static_cast<std::uint64_t>(offset));
    // SQLite writes whole units and nothing else; anything else would be another SQLite.
    if (place.inside != 0 || place.size != static_cast<std::size_t>(amount)) {
      return SQLITE_IOERR_WRITE;
    }
    if (!state.is_log && !state.cipher) {
      state.cipher = std::make_unique<UnitCipher>(UnitCipher::fresh(*state.layer->keys));
    }
    const UnitCipher* cipher = cipher_of(state);
    if (cipher == nullptr) return SQLITE_IOERR_WRITE;
    if (!state.is_log && !state.head_is_there) {
      const std::string head = cipher->head();
      const int code =
          below(file)->pMethods->xWrite(below(file), head.data(), static_cast<int>(head.size()), 0);
      if (code != SQLITE_OK) return code;
      state.head_is_there = true;
    }
    const std::string sealed =
        cipher->seal(place, {static_cast<const std::byte*>(buffer), place.size});
    return below(file)->pMethods->xWrite(below(file), sealed.data(),
                                         static_cast<int>(sealed.size()),
                                         static_cast<sqlite3_int64>(place.at));
  });
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  FileState& state = state_of(file);
  const UnitPlace place = place_of(state, static_cast<std::uint64_t>(size));
  const std::uint64_t unit = place.inside == 0 ? 0 : place.size + kUnitExtraBytes;
  const auto sealed = static_cast<sqlite3_int64>(size == 0 ? 0 : place.at + unit);
  if (size == 0) state.head_is_there = false;
  return below(file)->pMethods->xTruncate(below(file), sealed);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  sqlite3_int64 sealed = 0;
  if (const int code = sealed_size(file, sealed); code != SQLITE_OK) return code;
  const auto bytes = static_cast<std::uint64_t>(sealed);
  *size = static_cast<sqlite3_int64>(state_of(file).is_log ? plain_log_bytes(bytes)
                                                           : plain_pages_bytes(bytes));
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  const int code = below(file)->pMethods->xClose(below(file));
  delete sealed_file(file)->state;
  sealed_file(file)->state = nullptr;
  return code;
}

int sync(sqlite3_file* file, int flags) { return below(file)->pMethods->xSync(below(file), flags); }
int lock(sqlite3_file* file, int level) { return below(file)->pMethods->xLock(below(file), level); }
int unlock(sqlite3_file* file, int level) {
  return below(file)->pMethods->xUnlock(below(file), level);
}
int check_reserved_lock(sqlite3_file* file, int* held) {
  return below(file)->pMethods->xCheckReservedLock(below(file), held);
}

int file_control(sqlite3_file* file, int operation, void* argument) {
  // They are about lengths, which are others below.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE ||
      operation == SQLITE_FCNTL_MMAP_SIZE) {
    return SQLITE_NOTFOUND;
  }
  return below(file)->pMethods->xFileControl(below(file), operation, argument);
}

int sector_size(sqlite3_file* file) { return below(file)->pMethods->xSectorSize(below(file)); }

int device_characteristics(sqlite3_file* file) {
  constexpr int kKept = SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_SEQUENTIAL |
                        SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
  return below(file)->pMethods->xDeviceCharacteristics(below(file)) & kKept;
}

int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return below(file)->pMethods->xShmMap(below(file), page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return below(file)->pMethods->xShmLock(below(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { below(file)->pMethods->xShmBarrier(below(file)); }
int shm_unmap(sqlite3_file* file, int remove) {
  return below(file)->pMethods->xShmUnmap(below(file), remove);
}

// Version 2: with shared memory, without mapped pages, which would be sealed ones.
const sqlite3_io_methods kMethods = {2,
                                     close,
                                     read,
                                     write,
                                     truncate,
                                     sync,
                                     file_size,
                                     lock,
                                     unlock,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     device_characteristics,
                                     shm_map,
                                     shm_lock,
                                     shm_barrier,
                                     shm_unmap,
                                     nullptr,
                                     nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  const bool is_log = (flags & SQLITE_OPEN_WAL) != 0;
  if (name == nullptr || (!is_log && (flags & SQLITE_OPEN_MAIN_DB) == 0)) return SQLITE_CANTOPEN;
  return guarded(SQLITE_CANTOPEN, [&] {
    const Layer& layer = layer_of(vfs);
    auto state = std::make_unique<FileState>();
    state->layer = &layer;
    state->is_log = is_log;
    if (is_log) state->database = sealed_file(sqlite3_database_file_object(name))->state;
    const int code = layer.below->xOpen(layer.below, name, below(file), flags, out_flags);
    if (code != SQLITE_OK) {
      if (below(file)->pMethods != nullptr) below(file)->pMethods->xClose(below(file));
      return code;
    }
    sealed_file(file)->state = state.release();
    file->pMethods = &kMethods;
    return SQLITE_OK;
  });
}

std::unique_ptr<Layer> make_layer(const ArchiveKeysPtr& keys, std::size_t number) {
  auto layer = std::make_unique<Layer>();
  layer->below = sqlite3_vfs_find(nullptr);
  layer->keys = keys;
  layer->name = "juanzong-sealed-" + std::to_string(number);
  sqlite3_vfs& vfs = layer->vfs;
  vfs = *layer->below;
  vfs.pNext = nullptr;
  vfs.zName = layer->name.c_str();
  vfs.pAppData = layer.get();
  vfs.szOsFile = static_cast<int>(sizeof(SealedFile)) + layer->below->szOsFile;
  vfs.xOpen = open;
  vfs.xDelete = [](sqlite3_vfs* self, const char* name, int sync_folder) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xDelete(to, name, sync_folder);
  };
  vfs.xAccess = [](sqlite3_vfs* self, const char* name, int flags, int* out) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xAccess(to, name, flags, out);
  };
  vfs.xFullPathname = [](sqlite3_vfs* self, const char* name, int size, char* out) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xFullPathname(to, name, size, out);
  };
  vfs.xRandomness = [](sqlite3_vfs* self, int size, char* out) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xRandomness(to, size, out);
  };
  vfs.xSleep = [](sqlite3_vfs* self, int microseconds) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xSleep(to, microseconds);
  };
  vfs.xCurrentTime = [](sqlite3_vfs* self, double* now) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xCurrentTime(to, now);
  };
  vfs.xCurrentTimeInt64 = [](sqlite3_vfs* self, sqlite3_int64* now) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xCurrentTimeInt64(to, now);
  };
  vfs.xGetLastError = [](sqlite3_vfs* self, int size, char* out) {
    sqlite3_vfs* to = layer_of(self).below;
    return to->xGetLastError == nullptr ? 0 : to->xGetLastError(to, size, out);
  };
  return layer;
}

}  // namespace

const char* sealed_vfs(const ArchiveKeysPtr& keys) {
  static std::mutex mutex;
  static std::list<std::unique_ptr<Layer>> layers;  // guarded by mutex; a few
  const std::lock_guard guard(mutex);
  for (const auto& layer : layers) {
    if (layer->keys == keys) return layer->name.c_str();
  }
  sqlite3_initialize();
  layers.push_back(make_layer(keys, layers.size() + 1));
  sqlite3_vfs_register(&layers.back()->vfs, 0);
  return layers.back()->name.c_str();
}

}  // namespace archive
