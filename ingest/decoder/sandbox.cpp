// The only file that includes libseccomp.

#include "ingest/decoder/sandbox.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "ingest/decoder/descriptor.h"

#if defined(__SANITIZE_ADDRESS__)
#define JUANZONG_SANITIZED 1
#else
#define JUANZONG_SANITIZED 0
#endif

namespace archive {
namespace {

constexpr rlim_t kDescriptorsMax = 64;

// ---- Landlock. Debian 12's header knows its first versions only, so the numbers that
// came later stand here (Linux, include/uapi/linux/landlock.h).

struct RulesetAttributes {
  std::uint64_t files = 0;
  std::uint64_t net = 0;     // since version 4
  std::uint64_t scoped = 0;  // since version 6
};
struct __attribute__((packed)) PathAttributes {
  std::uint64_t allowed = 0;
  std::int32_t folder = -1;
};
constexpr std::uint64_t kReadFile = 1U << 2;
constexpr std::uint64_t kReadFolder = 1U << 3;
constexpr std::uint64_t kNetAll = 0x3;
constexpr std::uint64_t kScopedAll = 0x3;
constexpr unsigned kVersionFlag = 1;
constexpr unsigned kRulePathBeneath = 1;

// Rights on files that each version of Landlock knows.
std::uint64_t file_rights(int abi) {
  if (abi >= 5) return (1U << 16) - 1;  // device control
  if (abi >= 3) return (1U << 15) - 1;  // truncate
  if (abi >= 2) return (1U << 14) - 1;  // refer
  return (1U << 13) - 1;
}

std::size_t attribute_bytes(int abi) {
  if (abi >= 6) return sizeof(RulesetAttributes);
  return abi >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

// What Poppler reads when a page is drawn whose fonts are not embedded.
constexpr std::array kReadable = {"/usr/share/fonts",      "/usr/local/share/fonts",
                                  "/usr/share/poppler",    "/etc/fonts",
                                  "/usr/share/fontconfig", "/var/cache/fontconfig"};

int restrict_files() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
  if (version < 1) return 0;
  const int abi = static_cast<int>(version);
  RulesetAttributes attributes{file_rights(abi), kNetAll, kScopedAll};
  const Descriptor rules(static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, &attributes, attribute_bytes(abi), 0)));
  if (!rules) return 0;
  for (const char* folder : kReadable) {
    const Descriptor open(::open(folder, O_PATH | O_CLOEXEC));
    if (!open) continue;
    PathAttributes path{kReadFile | kReadFolder, open.get()};
    ::syscall(SYS_landlock_add_rule, rules.get(), kRulePathBeneath, &path, 0);
  }
  return ::syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0 ? abi : 0;
}

// ---- seccomp. The filters are compiled once, in the template; a child only installs them.

struct Releaser {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Releaser>;
using Program = std::vector<sock_filter>;

Program decoder_program;
Program no_files_program;

bool allow(const Context& context, int call) {
  return seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, call, 0) == 0;
}

bool refuse(const Context& context, int call, int error) {
  return seccomp_rule_add(context.get(), SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call,
                          0) == 0;
}

constexpr std::array kHarmless = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrlimit),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(rt_sigprocmask),
};

// Looking for and at files; Landlock says which.
constexpr std::array kFileCalls = {
    SCMP_SYS(access),     SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(stat),       SCMP_SYS(lstat),
    SCMP_SYS(statx),      SCMP_SYS(statfs),     SCMP_SYS(fstatfs),    SCMP_SYS(fcntl),
    SCMP_SYS(fadvise64),
};

#if JUANZONG_SANITIZED
constexpr std::array kSanitizer = {
    SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),    SCMP_SYS(tgkill), SCMP_SYS(prlimit64),
    SCMP_SYS(sched_yield), SCMP_SYS(set_robust_list), SCMP_SYS(pipe2),
};
#endif

// Calls whose arguments decide.
bool allow_with_care(const Context& context, bool files) {
  constexpr int kWriting = O_ACCMODE | O_CREAT | O_TRUNC | O_TMPFILE;
  constexpr auto kExec = static_cast<scmp_datum_t>(PROT_EXEC);
  const auto add = [&](int call, scmp_arg_cmp condition) {
    return seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, call, 1, condition) == 0;
  };
  const scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, kExec, 0);
  const scmp_arg_cmp reading =
      SCMP_A2(SCMP_CMP_MASKED_EQ, static_cast<scmp_datum_t>(kWriting & ~O_DIRECTORY), 0);
  return add(SCMP_SYS(mmap), no_exec) && add(SCMP_SYS(mprotect), no_exec) &&
         // asking for a limit, not setting it
         add(SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0)) &&
         // a further filter, which can only be narrower
         add(SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) &&
         (!files || add(SCMP_SYS(openat), reading));
}

bool fill_decoder_filter(const Context& context, bool files) {
  const auto allowed = [&](int call) { return allow(context, call); };
  if (!std::ranges::all_of(kHarmless, allowed)) return false;
#if JUANZONG_SANITIZED
  if (!std::ranges::all_of(kSanitizer, allowed)) return false;
#endif
  const auto file_call = [&](int call) {
    return files ? allow(context, call) : refuse(context, call, EACCES);
  };
  if (!std::ranges::all_of(kFileCalls, file_call)) return false;
  if (!files && !refuse(context, SCMP_SYS(openat), EACCES)) return false;
  // OpenJPEG asks for threads and goes on without; output streams ask for a terminal;
  // fontconfig would write a cache; abort() signals itself and then dies another way.
  return allow_with_care(context, files) && refuse(context, SCMP_SYS(clone), EAGAIN) &&
         refuse(context, SCMP_SYS(clone3), ENOSYS) && refuse(context, SCMP_SYS(ioctl), ENOTTY) &&
         refuse(context, SCMP_SYS(mkdir), EACCES) && refuse(context, SCMP_SYS(unlink), EACCES) &&
         (JUANZONG_SANITIZED != 0 || refuse(context, SCMP_SYS(tgkill), EPERM));
}

bool fill_no_files_filter(const Context& context) {
  const auto kill = [&](int call) {
    return seccomp_rule_add(context.get(), SCMP_ACT_KILL_PROCESS, call, 0) == 0;
  };
  // What sanitizers read of /proc they read at their first report.
  return JUANZONG_SANITIZED != 0 ||
         (kill(SCMP_SYS(openat)) && std::ranges::all_of(kFileCalls, kill));
}

bool compile(const Context& context, Program& program) {
  const Descriptor file(::memfd_create("filter", MFD_CLOEXEC));
  if (!file || seccomp_export_bpf(context.get(), file.get()) != 0) return false;
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  if (size <= 0) return false;
  program.resize(static_cast<std::size_t>(size) / sizeof(sock_filter));
  return ::pread(file.get(), program.data(), static_cast<std::size_t>(size), 0) == size;
}

bool install(const Program& program) {
  const sock_fprog filter{static_cast<unsigned short>(program.size()),
                          const_cast<sock_filter*>(program.data())};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool compile_filters(bool files) {
  const Context decoder(seccomp_init(SCMP_ACT_KILL_PROCESS));
  const Context no_files(seccomp_init(SCMP_ACT_ALLOW));
  return decoder && no_files && fill_decoder_filter(decoder, files) &&
         fill_no_files_filter(no_files) && compile(decoder, decoder_program) &&
         compile(no_files, no_files_program);
}

bool limit(__rlimit_resource resource, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(resource, &both) == 0;
}

}  // namespace

SandboxFacts enter_template_sandbox() {
  SandboxFacts facts;
  const bool closed = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                      ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limit(RLIMIT_CORE, 0) &&
                      limit(RLIMIT_NOFILE, kDescriptorsMax);
  if (!closed) {
    facts.error = errno;
    return facts;
  }
  facts.landlock_abi = restrict_files();
  // Last, for compiling the filters writes one.
  const bool ready = compile_filters(facts.landlock_abi > 0) && limit(RLIMIT_FSIZE, 0);
  if (!ready) facts.error = ENOSYS;
  return facts;
}

bool enter_decoder_sandbox() { return install(decoder_program); }
bool forbid_files() { return install(no_files_program); }

}  // namespace archive
