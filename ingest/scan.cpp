#include "ingest/scan.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
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

}  // namespace

int scan_to_folder(const ScanRequest& request, const fs::path& folder) {
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
  const Ended ended = run_scanimage(request, words);

  // scanimage itself writes NAME.part and renames it, so a whole name is a whole page.
  int pages = 0;
  while (fs::exists(unfinished / (std::to_string(first + pages) + ".tif"))) {
    fs::rename(unfinished / (std::to_string(first + pages) + ".tif"),
               folder / page_name(first + pages));
    ++pages;
  }
  fs::remove_all(unfinished);
  const bool normal = WIFEXITED(ended.status) && (WEXITSTATUS(ended.status) == 0 ||
                                                  WEXITSTATUS(ended.status) == kOutOfDocuments);
  if (!normal || pages == 0) {
    refuse(request,
           "stopped after " + std::to_string(pages) + " pages: " + last_line(ended.complaint));
  }
  return pages;
}

}  // namespace archive
