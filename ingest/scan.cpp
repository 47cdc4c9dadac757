#include "ingest/scan.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr int kPagesMax = 9999;
// scanimage ends so when the feeder has run out of paper: the normal end of a batch.
constexpr int kOutOfDocuments = 7;

struct Ended {
  int status = 0;
  std::string complaint;
};

[[noreturn]] void refuse(const ScanRequest& request, const std::string& what) {
  throw ArchiveError(ErrorKind::device, request.device, what,
                     "check cable, power and paper; `scanimage -L` lists the devices; pages that "
                     "came are kept, the same command goes on");
}

std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const std::size_t start = text.find_last_of("\r\n");
  return std::string(start == std::string_view::npos ? text : text.substr(start + 1));
}

/// `held` stays open in the program, and with it the lock: also when we are killed before it.
Ended run_scanimage(const ScanRequest& request, const std::vector<std::string>& words, int held) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) refuse(request, "no pipe to the scanner program");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, held, held);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, "scanimage", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  if (failed != 0) {
    close(pipe_ends[0]);
    refuse(request, "the program scanimage (Debian: sane-utils) cannot be started");
  }
  Ended ended;
  std::array<char, 4096> buffer{};
  constexpr std::size_t kComplaintMax = 64 << 10;
  for (ssize_t got = 0; (got = read(pipe_ends[0], buffer.data(), buffer.size())) != 0;) {
    if (got < 0 && errno != EINTR) break;
    if (got > 0 && ended.complaint.size() < kComplaintMax) {
      ended.complaint.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  close(pipe_ends[0]);
  while (waitpid(child, &ended.status, 0) < 0 && errno == EINTR) {
  }
  return ended;
}

std::string page_name(int number) {
  const std::string digits = std::to_string(number);
  return std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits + ".tif";
}

std::optional<int> page_number(const fs::path& file) {
  constexpr std::string_view kEnding = ".tif";
  const std::string name = file.filename().string();
  if (!name.ends_with(kEnding)) return std::nullopt;
  const char* const end = name.data() + name.size() - kEnding.size();
  int number = 0;
  const auto [rest, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc() || rest != end || number < 0) return std::nullopt;
  return number;
}

using NumberedPages = std::set<std::pair<int, fs::path>>;

NumberedPages pages_in(const fs::path& folder) {
  NumberedPages pages;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
    if (const auto number = page_number(entries->path())) pages.emplace(*number, entries->path());
  }
  if (error) throw_disk_error(folder, "listing the pages", error.value());
  return pages;
}

// A gap is never filled: no later sheet stands before an earlier one.
int next_number(const fs::path& folder) {
  int highest = 0;
  for (const auto& [number, page] : pages_in(folder)) {
    if (number <= kPagesMax) highest = number;
  }
  return highest + 1;
}

void make_durable_folder(Disk& disk, const fs::path& folder) {
  if (!fs::exists(folder.parent_path())) make_durable_folder(disk, folder.parent_path());
  if (disk.make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
  sync_folder(disk, folder.parent_path());
}

/// The folder that scanimage writes into, held by one scan at a time.
class Unfinished {
 public:
  // A name with a dot in front is no page for anybody who looks at the folder meanwhile.
  Unfinished(const fs::path& folder, Disk& disk)
      : folder_(folder), path_(folder / ".scanning"), disk_(disk) {
    while (!take()) {
    }
  }
  ~Unfinished() {
    remove_halves();
    ::rmdir(path_.c_str());  // stays when a page is still in it
    ::flock(lock_, LOCK_UN);
    disk_.close(lock_);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const fs::path& path() const { return path_; }
  int lock() const { return lock_; }

  /// Gives all whole pages their names, and says how many there were.
  int keep_pages() {
    // scanimage itself writes NAME.part and renames it, so a whole name is a whole page.
    const NumberedPages pages = pages_in(path_);
    int next = next_number(folder_);
    for (const auto& [number, page] : pages) {
      sync_file(disk_, page);
      for (; disk_.rename_new(page, folder_ / page_name(next)) != 0; ++next) {
        if (errno != EEXIST) throw_disk_error(page, "giving a page its name", errno);
      }
      ++next;
    }
    if (!pages.empty()) sync_folder(disk_, folder_);
    remove_halves();
    return static_cast<int>(pages.size());
  }

 private:
  /// False when the scan before took the folder away between our steps.
  bool take() {
    if (disk_.make_folder(path_) != 0 && errno != EEXIST) {
      throw_disk_error(path_, "making a folder", errno);
    }
    lock_ = disk_.open_folder(path_);
    if (lock_ < 0 && errno == ENOENT) return false;
    if (lock_ < 0) throw_disk_error(path_, "opening the folder", errno);
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) refuse_lock(errno);
    struct stat held {};
    struct stat named {};
    if (::fstat(lock_, &held) == 0 && ::stat(path_.c_str(), &named) == 0 &&
        held.st_ino == named.st_ino && held.st_dev == named.st_dev) {
      return true;
    }
    disk_.close(lock_);
    return false;
  }

  [[noreturn]] void refuse_lock(int error) {
    disk_.close(lock_);
    if (error != EWOULDBLOCK) throw_disk_error(path_, "locking the folder", error);
    throw ArchiveError(ErrorKind::archive_locked, folder_.string(),
                       "another scan of this batch is going on",
                       "wait until it has ended; a scanner whose command was killed may still be "
                       "feeding");
  }

  void remove_halves() {
    std::error_code error;
    fs::directory_iterator entries(path_, error);
    for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
      if (entries->path().extension() == ".part") disk_.remove(entries->path());
    }
  }

  const fs::path folder_;
  const fs::path path_;
  Disk& disk_;
  int lock_ = -1;
};

/// Tells of pages as they appear, beside the scanner program.
class PageWatch {
 public:
  PageWatch(const fs::path& unfinished, int first, const PageArrived& arrived)
      : unfinished_(unfinished), next_name_(first), arrived_(arrived) {
    if (arrived_) looking_ = std::jthread([this](const std::stop_token& end) { look(end); });
  }

  /// Tells of what came last; throws what the telling threw.
  void finish() {
    if (!looking_.joinable()) return;
    looking_.request_stop();
    looking_.join();
    if (trouble_) std::rethrow_exception(trouble_);
  }

 private:
  void look(const std::stop_token& end) {
    constexpr std::chrono::milliseconds kEvery{50};
    try {
      for (bool last = false; !last;) {
        last = end.stop_requested();
        tell_new();
        if (!last) std::this_thread::sleep_for(kEvery);
      }
    } catch (...) {
      trouble_ = std::current_exception();
    }
  }

  void tell_new() {
    for (const auto& [number, page] : pages_in(unfinished_)) {
      if (number <= told_) continue;
      arrived_(page, page_name(next_name_++));
      told_ = number;
    }
  }

  const fs::path& unfinished_;
  int told_ = 0;  // the number of the page told last
  int next_name_;
  const PageArrived& arrived_;
  std::exception_ptr trouble_;  // read after the thread has ended
  std::jthread looking_;
};

std::vector<std::string> words_for(const ScanRequest& request, const fs::path& unfinished,
                                   int first) {
  std::vector<std::string> words = {"scanimage",
                                    "--device-name=" + request.device,
                                    "--format=tiff",
                                    "--resolution=" + std::to_string(request.dpi),
                                    "--mode=" + request.mode,
                                    "--batch=" + (unfinished / "%d.tif").string(),
                                    "--batch-start=" + std::to_string(first)};
  if (request.pages_max > 0) words.push_back("--batch-count=" + std::to_string(request.pages_max));
  return words;
}

bool ended_well(const Ended& ended) {
  return WIFEXITED(ended.status) &&
         (WEXITSTATUS(ended.status) == 0 || WEXITSTATUS(ended.status) == kOutOfDocuments);
}

}  // namespace

int scan_to_folder(const ScanRequest& request, const fs::path& folder, const PageArrived& arrived,
                   const PagesKept& kept, Disk& disk) {
  const fs::path place = fs::absolute(folder);
  make_durable_folder(disk, place);
  Unfinished unfinished(place, disk);
  const int left = unfinished.keep_pages();
  if (left > 0 && kept) kept(left);
  const int first = next_number(place);
  if (first > kPagesMax) {
    throw ArchiveError(ErrorKind::device, place.string(), "page 9999 is there already",
                       "scan what is left into another batch");
  }

  PageWatch watch(unfinished.path(), first, arrived);
  const Ended ended =
      run_scanimage(request, words_for(request, unfinished.path(), first), unfinished.lock());
  std::exception_ptr trouble;
  try {
    watch.finish();
  } catch (...) {
    trouble = std::current_exception();
  }
  const int pages = unfinished.keep_pages();
  if (trouble) std::rethrow_exception(trouble);
  if (!ended_well(ended) || pages == 0) {
    refuse(request,
           "stopped after " + std::to_string(pages) + " pages: " + last_line(ended.complaint));
  }
  return pages;
}

}  // namespace archive
