#pragma once

#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <string_view>

// The system calls by which a program changes files, or reads them (x86-64). `fault_calls` stops
// the program under test at these alone, by a seccomp filter.

namespace rigs {

enum class Kind {
  open,    ///< of a file that is there
  create,  ///< of one that is not, or that is emptied
  read,
  write,
  size,  ///< room and length
  sync,
  name,  ///< folders made, names given and taken away
  mode,
  map,
};

constexpr std::array<std::string_view, 9> kKindNames = {"open", "create", "read", "write", "size",
                                                        "sync", "name",   "mode", "map"};

constexpr std::string_view name_of(Kind kind) { return kKindNames[static_cast<int>(kind)]; }

/// Where a call's arguments say which file it is about. -1: not there.
struct WatchedCall {
  int number;
  std::string_view name;
  Kind kind;
  int fd = -1;      ///< argument with an open file
  int path = -1;    ///< argument with a path
  int folder = -1;  ///< argument with the open folder a relative path begins at
  int flags = -1;   ///< argument with the flags of open
  int bytes = -1;   ///< argument with how many bytes, where it is one number
};

constexpr std::array kWatchedCalls = {
    WatchedCall{SYS_open, "open", Kind::open, -1, 0, -1, 1},
    WatchedCall{SYS_creat, "creat", Kind::create, -1, 0},
    WatchedCall{SYS_openat, "openat", Kind::open, -1, 1, 0, 2},
    WatchedCall{SYS_read, "read", Kind::read, 0, -1, -1, -1, 2},
    WatchedCall{SYS_pread64, "pread64", Kind::read, 0, -1, -1, -1, 2},
    WatchedCall{SYS_readv, "readv", Kind::read, 0},
    WatchedCall{SYS_write, "write", Kind::write, 0, -1, -1, -1, 2},
    WatchedCall{SYS_pwrite64, "pwrite64", Kind::write, 0, -1, -1, -1, 2},
    WatchedCall{SYS_writev, "writev", Kind::write, 0},
    WatchedCall{SYS_pwritev, "pwritev", Kind::write, 0},
    WatchedCall{SYS_pwritev2, "pwritev2", Kind::write, 0},
    WatchedCall{SYS_copy_file_range, "copy_file_range", Kind::write, 2},
    WatchedCall{SYS_sendfile, "sendfile", Kind::write, 0},
    WatchedCall{SYS_truncate, "truncate", Kind::size, -1, 0},
    WatchedCall{SYS_ftruncate, "ftruncate", Kind::size, 0},
    WatchedCall{SYS_fallocate, "fallocate", Kind::size, 0},
    WatchedCall{SYS_fsync, "fsync", Kind::sync, 0},
    WatchedCall{SYS_fdatasync, "fdatasync", Kind::sync, 0},
    WatchedCall{SYS_sync_file_range, "sync_file_range", Kind::sync, 0},
    WatchedCall{SYS_syncfs, "syncfs", Kind::sync, 0},
    WatchedCall{SYS_mkdir, "mkdir", Kind::name, -1, 0},
    WatchedCall{SYS_mkdirat, "mkdirat", Kind::name, -1, 1, 0},
    WatchedCall{SYS_rename, "rename", Kind::name, -1, 1},
    WatchedCall{SYS_renameat, "renameat", Kind::name, -1, 3, 2},
    WatchedCall{SYS_renameat2, "renameat2", Kind::name, -1, 3, 2},
    WatchedCall{SYS_link, "link", Kind::name, -1, 1},
    WatchedCall{SYS_linkat, "linkat", Kind::name, -1, 3, 2},
    WatchedCall{SYS_unlink, "unlink", Kind::name, -1, 0},
    WatchedCall{SYS_unlinkat, "unlinkat", Kind::name, -1, 1, 0},
    WatchedCall{SYS_rmdir, "rmdir", Kind::name, -1, 0},
    WatchedCall{SYS_chmod, "chmod", Kind::mode, -1, 0},
    WatchedCall{SYS_fchmod, "fchmod", Kind::mode, 0},
    WatchedCall{SYS_fchmodat, "fchmodat", Kind::mode, -1, 1, 0},
    WatchedCall{SYS_mmap, "mmap", Kind::map, 4},
};

constexpr const WatchedCall* watched_call(long number) {
  const auto found = std::ranges::find(kWatchedCalls, number, &WatchedCall::number);
  return found == kWatchedCalls.end() ? nullptr : &*found;
}

}  // namespace rigs
