#include "ingest/decoder/nursery.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.h"
#include "ingest/decoder/packet.h"
#include "ingest/decoder/protocol.h"

namespace archive {
namespace {

constexpr int kTemplateWaitMs = 30'000;
constexpr int kFirstFree = 3;
constexpr int kPipeBytes = 1 << 18;

[[noreturn]] void fail(const std::string& what, const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::internal, "decoder", what, what_to_do);
}

[[noreturn]] void fail_with(const std::string& what, int error) {
  fail(what + ": " + std::generic_category().message(error),
       "check the limits on processes, open files and memory, then run again");
}

// The child gets descriptors 0, 1 and 2, so nothing of ours may lie there while it starts.
Descriptor above_standard(int number) {
  if (number >= kFirstFree || number < 0) return Descriptor(number);
  Descriptor low(number);
  return Descriptor(::fcntl(number, F_DUPFD_CLOEXEC, kFirstFree));
}

std::pair<Descriptor, Descriptor> make_socket_pair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    fail_with("no socket", errno);
  }
  return {above_standard(ends[0]), above_standard(ends[1])};
}

// The end to read from, never blocking, and the end to write to. A large pipe spares
// changes between the processes; without the right to one, a small one serves.
std::pair<Descriptor, Descriptor> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_with("no pipe", errno);
  ::fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {above_standard(ends[0]), above_standard(ends[1])};
}

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void give_only(int socket) {
    posix_spawn_file_actions_adddup2(&actions_, socket, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kFirstFree);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// Its own process group, so that Ctrl-C at the terminal reaches us alone and pages in
// flight are finished; signals as in a fresh program, whatever we block or ignore.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

pid_t spawn(const std::filesystem::path& program, int socket) {
  SpawnActions actions;
  actions.give_only(socket);
  const SpawnAttributes attributes;
  std::string name = program.string();
  std::string parent = std::to_string(::getpid());
  std::string language = "LC_ALL=C.UTF-8";
  char* const arguments[] = {name.data(), parent.data(), nullptr};
  // Symbols are looked up once, in the template, and not by every child again.
  std::string binding = "LD_BIND_NOW=1";
  char* const environment[] = {language.data(), binding.data(), nullptr};
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, name.c_str(), actions.get(), attributes.get(), arguments, environment);
  if (error != 0) fail_with("cannot start " + name, error);
  return pid;
}

}  // namespace

std::filesystem::path find_decoder_program() {
  constexpr const char* kName = "juanzong-decode";
  std::error_code ignored;
  const auto is_program = [](const std::filesystem::path& path) {
    return ::access(path.c_str(), X_OK) == 0;
  };
  if (const char* told = std::getenv("JUANZONG_DECODER")) {
    if (is_program(told)) return told;
    fail("JUANZONG_DECODER names no program", "correct or unset it");
  }
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  // In a build; where it was installed to, wherever that lies now; where it was to be installed to.
  std::vector<std::filesystem::path> places = {JUANZONG_DECODER_INSTALLED};
  if (!ignored) {
    const auto programs = self.parent_path();
    places = {programs / kName, programs.parent_path() / "libexec/juanzong" / kName, places[0]};
  }
  std::string looked;
  for (const auto& place : places) {
    if (is_program(place)) return place;
    looked += (looked.empty() ? "" : ", ") + place.string();
  }
  fail("no " + std::string(kName) + " at " + looked,
       "install the whole package, or set JUANZONG_DECODER");
}

Nursery::Nursery(std::filesystem::path program, const DecodeSettings& settings)
    : program_(std::move(program)), settings_(settings) {
  start_template();
}

Nursery::~Nursery() { stop_template(); }

void Nursery::stop_template() {
  control_.reset();
  if (template_pid_ <= 0) return;
  ::kill(template_pid_, SIGKILL);
  while (::waitpid(template_pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  template_pid_ = 0;
}

void Nursery::start_template() {
  auto [ours, theirs] = make_socket_pair();
  template_pid_ = spawn(program_, theirs.get());
  theirs.reset();
  control_ = std::move(ours);
  pollfd waiting{control_.get(), POLLIN, 0};
  ReadyMessage ready;
  std::vector<Descriptor> none;
  const bool heard = ::poll(&waiting, 1, kTemplateWaitMs) == 1 &&
                     receive_message(control_.get(), ready, none) && ready.magic == kAnswerMagic;
  if (heard && ready.error == 0) return;
  stop_template();
  if (!heard) {
    fail(program_.string() + " does not answer", "is it of the same build as this program?");
  }
  fail_with("the sandbox cannot be built", ready.error);
}

std::unique_ptr<Child> Nursery::fork_child() {
  auto [ours, theirs] = make_socket_pair();
  auto [pixels_out, pixels_in] = make_pipe();
  if (!send_message(control_.get(), ForkRequest{}, {theirs.get(), pixels_in.get()})) return nullptr;
  ForkAnswer said;
  std::vector<Descriptor> none;
  if (!receive_message(control_.get(), said, none) || said.magic != kAnswerMagic) return nullptr;
  if (said.pid <= 0) fail_with("cannot make a decoder process", said.error);
  return std::make_unique<Child>(said.pid, std::move(ours), std::move(pixels_out), settings_);
}

std::unique_ptr<Child> Nursery::make_child() {
  if (auto child = fork_child()) return child;
  stop_template();  // somebody ended it: once is bad luck
  start_template();
  if (auto child = fork_child()) return child;
  fail("the template of the decoder keeps ending", "look for what kills processes here");
}

}  // namespace archive
