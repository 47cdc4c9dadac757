// Runs a command and spoils one of the system calls by which it changes or reads files.
//
//   juanzong_fault_calls --below FOLDER [OPTION]... -- COMMAND...
//
//   --below FOLDER    only calls about files below it count; may be given several times
//   --kinds LIST      only these: open create read write size sync name mode map, with commas
//   --at N            the Nth of them, from 1, is spoilt
//   --do FAULT        kill (with every child, before the call), torn (the same after half of a
//                     write), short (half of the bytes are written), lie (nothing is done, and
//                     success is said), or an error: ENOSPC EIO EINTR EMFILE
//   --main            only calls of the first process, not of those it starts
//   --for-ever        every one from the Nth on
//   --no-sync all|folders    fsync does nothing and says that it did
//   --late-names      an object gets its name when somebody opens it or when the program ends, not
//                     when the program is told so
//   --list            says each call that counts on standard error
//   --tell FD         prints there in the end, a line each with a tab: "calls" that counted, how
//                     many were "spoilt", and "at" which
//
// Ends as the command ends: its exit code, or 128 and the number of the signal.
//
// --do lie, --no-sync and --late-names take a guard of the program away without another build of
// it: checked errors, durability, objects before records. A campaign that does not see them sees
// nothing.

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "bench/rigs/tracee.h"

namespace rigs {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> below;
  std::set<Kind> kinds;
  std::int64_t at = 0;  // 0: none is spoilt
  std::string fault;
  bool for_ever = false;
  bool main_only = false;
  bool no_sync = false;
  bool no_folder_sync = false;
  bool late_names = false;
  bool list = false;
  std::int64_t tell = -1;
  std::vector<std::string> command;
};

const std::map<std::string_view, int> kErrors = {
    {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EINTR", EINTR}, {"EMFILE", EMFILE}};

std::set<Kind> kinds_in(std::string_view list) {
  std::set<Kind> kinds;
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(std::min(word.size() + 1, list.size()));
    const auto* const place = std::ranges::find(kKindNames, word);
    if (place == kKindNames.end())
      throw std::runtime_error("no kind of call: " + std::string(word));
    kinds.insert(static_cast<Kind>(place - kKindNames.begin()));
  }
  return kinds;
}

Options parse(int argc, char** argv) {
  Options options;
  int i = 1;
  const auto value = [&]() -> std::string {
    if (i + 1 >= argc) throw std::runtime_error(std::string(argv[i]) + " needs a value");
    return argv[++i];
  };
  for (; i < argc && std::strcmp(argv[i], "--") != 0; ++i) {
    const std::string_view word = argv[i];
    if (word == "--below") {
      options.below.push_back(fs::weakly_canonical(value()));
    } else if (word == "--kinds") {
      options.kinds = kinds_in(value());
    } else if (word == "--at" || word == "--tell") {
      const std::string number = value();
      std::from_chars(number.data(), number.data() + number.size(),
                      word == "--at" ? options.at : options.tell);
    } else if (word == "--do") {
      options.fault = value();
    } else if (word == "--for-ever") {
      options.for_ever = true;
    } else if (word == "--main") {
      options.main_only = true;
    } else if (word == "--no-sync") {
      (value() == "folders" ? options.no_folder_sync : options.no_sync) = true;
    } else if (word == "--late-names") {
      options.late_names = true;
    } else if (word == "--list") {
      options.list = true;
    } else {
      throw std::runtime_error("not understood: " + std::string(word));
    }
  }
  for (++i; i < argc; ++i) options.command.emplace_back(argv[i]);
  const std::set<std::string> others = {"", "kill", "torn", "short", "lie"};
  if (options.command.empty() || options.below.empty() ||
      (!others.contains(options.fault) && !kErrors.contains(options.fault))) {
    throw std::runtime_error("usage: fault_calls --below FOLDER [OPTION]... -- COMMAND...");
  }
  return options;
}

/// A name that the program was told is given, and is not.
struct LateName {
  fs::path from;
  fs::path to;
};

class Tracer {
 public:
  explicit Tracer(Options options) : options_(std::move(options)) {}

  int run() {
    main_ = start_traced(options_.command);
    threads_.insert(main_);
    while (true) {
      int status = 0;
      const pid_t thread = ::waitpid(-1, &status, __WALL);
      if (thread < 0 && errno == EINTR) continue;
      if (thread < 0) break;
      if (WIFSTOPPED(status)) {
        stopped(thread, status);
        continue;
      }
      threads_.erase(thread);
      if (thread != main_) continue;
      ended_ = status;
      break;  // what it left behind ends with us
    }
    if (!killed_) give_all_names();
    report();
    return WIFEXITED(ended_) ? WEXITSTATUS(ended_) : 128 + WTERMSIG(ended_);
  }

 private:
  void stopped(pid_t thread, int status) {
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    int pass_on = 0;
    try {
      if (event == PTRACE_EVENT_SECCOMP) {
        if (!killed_) before_call(thread);
      } else if (event == 0 && signal == SIGTRAP && torn_ == thread) {
        kill_all();
      } else if (event == 0 && !threads_.insert(thread).second) {
        pass_on = signal;  // the first stop of a new thread is not its own
      }
    } catch (const std::system_error&) {
      // The thread was killed while we looked at it.
    }
    const auto go_on = torn_ == thread && !killed_ ? PTRACE_SYSCALL : PTRACE_CONT;
    ::ptrace(go_on, thread, nullptr, pass_on);
  }

  bool is_watched(const fs::path& file) const {
    for (const fs::path& folder : options_.below) {
      const auto [end, ignored] =
          std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
      if (end == folder.end()) return true;
    }
    return false;
  }

  void before_call(pid_t thread) {
    StoppedCall call(thread);
    const Kind kind = call.kind();
    const bool fitting = options_.kinds.empty() || options_.kinds.contains(kind);
    const bool guard = options_.late_names || (kind == Kind::sync && takes_syncs());
    if (!fitting && !guard) return;
    const fs::path file = call.file();
    if (!is_watched(file) || (options_.main_only && !is_of_main(thread))) return;
    if (options_.late_names) come_late(call, file);
    if (fitting) {
      ++calls_;
      if (options_.list) say(call, file);
      if (options_.at > 0 &&
          (calls_ == options_.at || (options_.for_ever && calls_ > options_.at))) {
        spoil(thread, call, file);
        return;
      }
    }
    if (kind == Kind::sync && (options_.no_sync || (options_.no_folder_sync && is_folder(file)))) {
      call.answer(0);
    }
  }

  bool is_of_main(pid_t thread) const {
    return fs::exists("/proc/" + std::to_string(main_) + "/task/" + std::to_string(thread));
  }

  bool takes_syncs() const { return options_.no_sync || options_.no_folder_sync; }

  static bool is_folder(const fs::path& file) {
    std::error_code error;
    return fs::is_directory(file, error);
  }

  void say(const StoppedCall& call, const fs::path& file) const {
    std::fprintf(stderr, "%ld\t%s\t%s\t%s\n", static_cast<long>(calls_),
                 std::string(call.call().name).c_str(), std::string(name_of(call.kind())).c_str(),
                 file.c_str());
  }

  void spoil(pid_t thread, StoppedCall& call, const fs::path& file) {
    if (spoilt_++ == 0) {
      where_ = std::string(call.call().name) + " " + file.string();
    }
    const std::size_t half = call.bytes() / 2;
    const bool can_be_halved = call.kind() == Kind::write && call.call().bytes >= 0 && half > 0;
    if (options_.fault == "kill" || (options_.fault == "torn" && !can_be_halved)) {
      kill_all();
    } else if (options_.fault == "torn") {
      call.shorten(half);
      torn_ = thread;
    } else if (options_.fault == "short") {
      if (can_be_halved) call.shorten(half);
    } else if (options_.fault == "lie") {
      call.answer(call.kind() == Kind::write ? static_cast<long>(call.bytes()) : 0);
    } else {
      call.answer(-kErrors.at(options_.fault));
    }
  }

  // Whoever opens an object finds it: the program looks at what was handed in right away.
  void come_late(StoppedCall& call, const fs::path& file) {
    for (LateName& late : late_) {
      if (late.to == file) give(late);
    }
    std::erase_if(late_, [](const LateName& late) { return late.from.empty(); });
    const bool renames = call.call().name.starts_with("rename");
    if (!renames || file.string().find("/objects/sha256/") == std::string::npos) return;
    late_.push_back({call.earlier_name(), file});
    call.answer(0);
  }

  static void give(LateName& late) {
    std::error_code error;
    fs::rename(late.from, late.to, error);
    late.from.clear();
  }

  void give_all_names() {
    for (LateName& late : late_) give(late);
  }

  void kill_all() {
    killed_ = true;
    for (const pid_t thread : threads_) ::kill(thread, SIGKILL);
  }

  void report() const {
    if (options_.tell < 0) return;
    ::dprintf(static_cast<int>(options_.tell), "calls\t%ld\nspoilt\t%ld\nat\t%s\n",
              static_cast<long>(calls_), static_cast<long>(spoilt_), where_.c_str());
  }

  Options options_;
  pid_t main_ = 0;
  pid_t torn_ = 0;  // wrote half of what it wanted, and must not go on after it
  std::set<pid_t> threads_;
  bool killed_ = false;
  int ended_ = 0;
  std::int64_t calls_ = 0;
  std::int64_t spoilt_ = 0;
  std::string where_;
  std::vector<LateName> late_;
};

}  // namespace
}  // namespace rigs

int main(int argc, char** argv) {
  constexpr int kTrouble = 125;
  try {
    return rigs::Tracer(rigs::parse(argc, argv)).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "juanzong_fault_calls: %s\n", error.what());
    return kTrouble;
  }
}
