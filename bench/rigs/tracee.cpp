#include "bench/rigs/tracee.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <system_error>

namespace rigs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPathMax = 4096;
constexpr std::size_t kPageBytes = 4096;

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// What a link of /proc says, such as an open file's name.
fs::path link_target(pid_t thread, const std::string& link) {
  std::error_code error;
  const fs::path target = fs::read_symlink("/proc/" + std::to_string(thread) + "/" + link, error);
  constexpr std::string_view kGone = " (deleted)";
  std::string text = target.string();
  if (text.ends_with(kGone)) text.resize(text.size() - kGone.size());
  return error || !text.starts_with('/') ? fs::path() : fs::path(text);
}

void install_filter() {
  std::vector<sock_filter> steps;
  constexpr auto kNumber = static_cast<unsigned>(offsetof(seccomp_data, nr));
  steps.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber));
  for (const WatchedCall& call : kWatchedCalls) {
    steps.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call.number), 0, 1));
    steps.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
  }
  steps.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    throw_errno("seccomp");
  }
}

}  // namespace

StoppedCall::StoppedCall(pid_t thread) : thread_(thread) {
  if (::ptrace(PTRACE_GETREGS, thread_, nullptr, &registers_) != 0) throw_errno("PTRACE_GETREGS");
  call_ = watched_call(static_cast<long>(registers_.orig_rax));
  if (call_ == nullptr) throw std::system_error(ENOSYS, std::generic_category(), "watched call");
}

unsigned long long StoppedCall::argument(int number) const {
  const std::array all = {registers_.rdi, registers_.rsi, registers_.rdx,
                          registers_.r10, registers_.r8,  registers_.r9};
  return all.at(static_cast<std::size_t>(number));
}

Kind StoppedCall::kind() const {
  if (call_->flags < 0) return call_->kind;
  const auto flags = static_cast<int>(argument(call_->flags));
  return (flags & (O_CREAT | O_TRUNC)) != 0 ? Kind::create : call_->kind;
}

std::string StoppedCall::text_at(unsigned long long address) const {
  std::string text;
  while (text.size() < kPathMax) {
    std::array<char, kPageBytes> piece{};
    // To the end of a page and no further: the next one may not be there.
    const std::size_t size = kPageBytes - (address + text.size()) % kPageBytes;
    iovec here{piece.data(), size};
    iovec there{reinterpret_cast<void*>(address + text.size()), size};
    const ssize_t got = ::process_vm_readv(thread_, &here, 1, &there, 1, 0);
    if (got <= 0) return "";
    const std::string_view part(piece.data(), static_cast<std::size_t>(got));
    const std::size_t end = part.find('\0');
    text += part.substr(0, end);
    if (end != std::string_view::npos) return text;
  }
  return "";
}

fs::path StoppedCall::path_at(int path, int folder) const {
  const fs::path said = text_at(argument(path));
  if (said.empty() || said.is_absolute()) return said.lexically_normal();
  const int fd = folder < 0 ? AT_FDCWD : static_cast<int>(argument(folder));
  const fs::path start = link_target(thread_, fd == AT_FDCWD ? "cwd" : "fd/" + std::to_string(fd));
  return (start / said).lexically_normal();
}

fs::path StoppedCall::file() const {
  if (call_->path >= 0) return path_at(call_->path, call_->folder);
  const auto fd = static_cast<int>(argument(call_->fd));
  return fd < 0 ? fs::path() : link_target(thread_, "fd/" + std::to_string(fd));
}

fs::path StoppedCall::earlier_name() const {
  const bool with_folders = call_->folder >= 0;
  return path_at(with_folders ? 1 : 0, with_folders ? 0 : -1);
}

std::size_t StoppedCall::bytes() const {
  return call_->bytes < 0 ? 1 : static_cast<std::size_t>(argument(call_->bytes));
}

void StoppedCall::answer(long result) {
  registers_.orig_rax = static_cast<unsigned long long>(-1);
  registers_.rax = static_cast<unsigned long long>(result);
  write_back();
}

void StoppedCall::shorten(std::size_t bytes) {
  registers_.rdx = bytes;
  write_back();
}

void StoppedCall::write_back() {
  if (::ptrace(PTRACE_SETREGS, thread_, nullptr, &registers_) != 0) throw_errno("PTRACE_SETREGS");
}

pid_t start_traced(const std::vector<std::string>& command) {
  const pid_t child = ::fork();
  if (child < 0) throw_errno("fork");
  if (child == 0) {
    ::setpgid(0, 0);
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    try {
      install_filter();
      ::execv(arguments[0], arguments.data());
      std::perror(arguments[0]);
    } catch (const std::system_error& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    ::_exit(127);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) throw_errno("waitpid");
  constexpr long kOptions = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                            PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (::ptrace(PTRACE_SETOPTIONS, child, nullptr, kOptions) != 0) throw_errno("PTRACE_SETOPTIONS");
  ::ptrace(PTRACE_CONT, child, nullptr, 0);
  return child;
}

}  // namespace rigs
