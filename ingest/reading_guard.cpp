#include "ingest/reading_guard.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fstream>
#include <mutex>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace archive {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMarksMost = 2;  // bytes of a mark's file
constexpr std::array kFatal = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::chrono::milliseconds kLookEvery{500};
constexpr std::size_t kStackOfHandler = 65'536;

// Everything that a signal's handler needs is made ready before: it must not allocate.
struct PageInHand {
  std::string folder;
  std::string mark;   // path
  std::string words;  // for the operator
  clockid_t clock = CLOCK_THREAD_CPUTIME_ID;
  std::int64_t began_ns = 0;
};

thread_local PageInHand* in_hand = nullptr;

struct Process {
  std::array<struct sigaction, kFatal.size()> before{};
  std::vector<std::string> arguments;
  std::vector<char*> argv;
  bool begin_anew = false;
};

Process& process() {
  static Process the;
  return the;
}

std::int64_t now_of(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) return 0;
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Async-signal-safe. False when nothing could be written: to begin anew would be for ever then.
bool leave_marks(const PageInHand& page, std::size_t count) {
  ::mkdir(page.folder.c_str(), 0700);
  const int file =
      ::open(page.mark.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  const bool written = ::write(file, "!!", count) == static_cast<ssize_t>(count);
  ::fsync(file);
  ::close(file);
  [[maybe_unused]] const auto told = ::write(STDERR_FILENO, page.words.data(), page.words.size());
  return written;
}

// Async-signal-safe. Returns if it cannot.
void begin_anew() {
  if (!process().begin_anew) return;
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : kFatal) std::signal(signal, SIG_DFL);
  ::execv("/proc/self/exe", process().argv.data());
}

void on_fatal_signal(int number, siginfo_t* info, void* context) {
  PageInHand* page = std::exchange(in_hand, nullptr);
  if (page != nullptr && leave_marks(*page, 1)) begin_anew();
  const auto at = static_cast<std::size_t>(std::ranges::find(kFatal, number) - kFatal.begin());
  const struct sigaction& before = process().before[at];
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(number, info, context);
    return;
  }
  std::signal(number, SIG_DFL);
  ::raise(number);
}

// A stack that ran over has no room for the handler.
void give_handler_a_stack() {
  thread_local std::vector<std::byte> room;
  if (!room.empty()) return;
  stack_t has{};
  if (sigaltstack(nullptr, &has) == 0 && (has.ss_flags & SS_DISABLE) == 0) return;
  room.resize(kStackOfHandler);
  stack_t stack{};
  stack.ss_sp = room.data();
  stack.ss_size = room.size();
  sigaltstack(&stack, nullptr);
}

std::vector<std::string> own_arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

// Size and time of the program's file; without a version to keep, so that no build is forgotten.
std::string this_build() {
  struct stat file {};
  if (::stat("/proc/self/exe", &file) != 0) return "unknown";
  return std::to_string(file.st_size) + '-' + std::to_string(file.st_mtim.tv_sec);
}

}  // namespace

struct ReadingGuard::Impl {
  Impl(fs::path given_folder, int seconds) : folder(std::move(given_folder)), most(seconds) {
    watch = std::jthread([this](const std::stop_token& stop) { look(stop); });
  }

  fs::path mark_of(const PageOccurrence& page) const {
    return folder / (std::to_string(page.source) + '-' + std::to_string(page.page_in_file) + '.' +
                     build);
  }

  void look(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      wake.wait_for(lock, stop, kLookEvery, [] { return false; });
      for (const PageInHand* page : held) {
        if (now_of(page->clock) - page->began_ns > std::int64_t{most} * 1'000'000'000) end(*page);
      }
    }
  }

  [[noreturn]] static void end(const PageInHand& page) {
    if (leave_marks(page, kMarksMost)) begin_anew();
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
  }

  const fs::path folder;
  const int most;
  const std::string build = this_build();
  std::mutex mutex;  // guards held, and a page in it from being let go while it is looked at
  std::condition_variable_any wake;
  std::vector<const PageInHand*> held;
  std::jthread watch;
};

ReadingGuard::ReadingGuard(fs::path folder, int cpu_seconds_max, Then then) {
  Process& the = process();
  assert(the.argv.empty());
  the.arguments = own_arguments();
  for (std::string& argument : the.arguments) the.argv.push_back(argument.data());
  the.argv.push_back(nullptr);
  the.begin_anew = then == Then::begin_anew && !the.arguments.empty();
  struct sigaction action {};
  action.sa_sigaction = on_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &action, &the.before[i]);
  impl_ = std::make_unique<Impl>(std::move(folder), cpu_seconds_max);
  std::error_code none;
  for (const fs::directory_entry& mark : fs::directory_iterator(impl_->folder, none)) {
    if (mark.path().extension() != '.' + impl_->build) fs::remove(mark.path(), none);
  }
}

ReadingGuard::~ReadingGuard() {
  assert(impl_->held.empty());
  impl_.reset();
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    sigaction(kFatal[i], &process().before[i], nullptr);
  }
  process().argv.clear();
}

std::optional<PageFault> ReadingGuard::refusal(const PageOccurrence& page) const {
  std::error_code none;
  const std::uintmax_t marks = fs::file_size(impl_->mark_of(page), none);
  if (none || marks < kMarksMost) return std::nullopt;
  return PageFault{Stage::read, FaultReason::reading_fatal,
                   "reading it ended the program, or took more processor time than it may"};
}

ReadingGuard::Hold::Hold(ReadingGuard& guard, const PageOccurrence& page) : guard_(guard) {
  assert(in_hand == nullptr);
  give_handler_a_stack();
  auto held = std::make_unique<PageInHand>();
  held->folder = guard.impl_->folder.string();
  held->mark = guard.impl_->mark_of(page);
  const std::string source = std::to_string(page.source);
  const std::string number = std::to_string(page.page_in_file + 1);
  held->words = "juanzong: 读取来源 " + source + " 第 " + number + " 页时程序中断 / source " +
                source + ", page " + number +
                " of the file: reading it ended the program; the next try goes on, and leaves the "
                "page out after the second time\n";
  pthread_getcpuclockid(pthread_self(), &held->clock);
  held->began_ns = now_of(held->clock);
  const std::lock_guard lock(guard.impl_->mutex);
  guard.impl_->held.push_back(held.get());
  in_hand = held.release();
}

ReadingGuard::Hold::~Hold() {
  const std::unique_ptr<PageInHand> held(std::exchange(in_hand, nullptr));
  const std::lock_guard lock(guard_.impl_->mutex);
  std::erase(guard_.impl_->held, held.get());
  ::unlink(held->mark.c_str());
}

}  // namespace archive
