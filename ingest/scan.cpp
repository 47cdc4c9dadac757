#include "ingest/scan.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <exception>
#include <string_view>
#include <thread>
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

Ended run_scanimage(const ScanRequest& request, const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) refuse(request, "no pipe to the scanner program");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
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

int first_free_number(const fs::path& folder) {
  int number = 1;
  while (number <= kPagesMax && fs::exists(folder / page_name(number))) ++number;
  return number;
}

fs::path page_in(const fs::path& unfinished, int number) {
  return unfinished / (std::to_string(number) + ".tif");
}

/// Tells of pages as they appear, beside the scanner program.
class PageWatch {
 public:
  PageWatch(const fs::path& unfinished, int first, const PageArrived& arrived)
      : unfinished_(unfinished), next_(first), arrived_(arrived) {
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
        for (; fs::exists(page_in(unfinished_, next_)); ++next_) {
          arrived_(page_in(unfinished_, next_), page_name(next_));
        }
        if (!last) std::this_thread::sleep_for(kEvery);
      }
    } catch (...) {
      trouble_ = std::current_exception();
    }
  }

  const fs::path& unfinished_;
  int next_;
  const PageArrived& arrived_;
  std::exception_ptr trouble_;  // read after the thread has ended
  std::jthread looking_;
};

/// Gives pages their names, and says how many there are.
int keep_pages(const fs::path& unfinished, const fs::path& folder, int first) {
  int pages = 0;
  while (fs::exists(page_in(unfinished, first + pages))) {
    fs::rename(page_in(unfinished, first + pages), folder / page_name(first + pages));
    ++pages;
  }
  fs::remove_all(unfinished);
  return pages;
}

}  // namespace

int scan_to_folder(const ScanRequest& request, const fs::path& folder, const PageArrived& arrived) {
  fs::create_directories(folder);
  const int first = first_free_number(folder);
  if (first > kPagesMax) refuse(request, "the folder holds 9999 pages already");
  // A name with a dot in front is no page for anybody who looks at the folder meanwhile.
  const fs::path unfinished = folder / ".scanning";
  fs::remove_all(unfinished);
  fs::create_directories(unfinished);

  std::vector<std::string> words = {"scanimage",
                                    "--device-name=" + request.device,
                                    "--format=tiff",
                                    "--resolution=" + std::to_string(request.dpi),
                                    "--mode=" + request.mode,
                                    "--batch=" + (unfinished / "%d.tif").string(),
                                    "--batch-start=" + std::to_string(first)};
  if (request.pages_max > 0) words.push_back("--batch-count=" + std::to_string(request.pages_max));
  // scanimage itself writes NAME.part and renames it, so a whole name is a whole page.
  PageWatch watch(unfinished, first, arrived);
  const Ended ended = run_scanimage(request, words);
  std::exception_ptr trouble;
  try {
    watch.finish();
  } catch (...) {
    trouble = std::current_exception();
  }
  const int pages = keep_pages(unfinished, folder, first);
  if (trouble) std::rethrow_exception(trouble);
  const bool normal = WIFEXITED(ended.status) && (WEXITSTATUS(ended.status) == 0 ||
                                                  WEXITSTATUS(ended.status) == kOutOfDocuments);
  if (!normal || pages == 0) {
    refuse(request,
           "stopped after " + std::to_string(pages) + " pages: " + last_line(ended.complaint));
  }
  return pages;
}

}  // namespace archive
