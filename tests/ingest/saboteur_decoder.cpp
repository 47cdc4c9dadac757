// juanzong-decode with its format libraries replaced by one that does what the file says:
// the same template, the same sandbox, the same conversation, and a reader that has been
// taken over by the file it reads.

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "ingest/decoder/child_main.h"
#include "ingest/decoder/packet.h"
#include "ingest/decoder/protocol.h"
#include "tests/ingest/saboteur_file.h"

namespace archive {
namespace {

constexpr int kSocket = 0;
constexpr int kPipe = 1;

/// A page whose first four pixels are the number of this process.
PageImage honest_page() {
  PageImage page;
  page.pixels = {4, 1, 1, std::vector<std::uint8_t>(4)};
  const pid_t self = ::getpid();
  static_assert(sizeof self == 4);
  std::memcpy(page.pixels.bytes.data(), &self, sizeof self);
  page.bits_per_pixel = 8;
  return page;
}

/// The kernel said no and the process lives on.
DecodedPage refused() {
  return Failure{PageFault{Stage::decode, FaultReason::unsupported, "refused"}};
}

/// What an attempt at the world outside came to.
DecodedPage escaped_if(bool succeeded) {
  if (!succeeded) return refused();
  return Failure{PageFault{Stage::decode, FaultReason::unexpected, "escaped"}};
}

Answer page_answer(int width, int height) {
  Answer answer;
  answer.outcome = Outcome::page;
  answer.width = width;
  answer.height = height;
  answer.channels = 1;
  answer.bits_per_pixel = 8;
  return answer;
}

[[noreturn]] void say(const void* bytes, std::size_t count, const std::string& poured = {}) {
  send_packet(kSocket, bytes, count);
  if (!poured.empty() && ::write(kPipe, poured.data(), poured.size()) < 0) ::_exit(9);
  for (;;) ::sched_yield();  // and wait to be believed
}

[[noreturn]] void say(const Answer& answer, const std::string& poured = {}) {
  say(&answer, sizeof answer, poured);
}

using Crime = std::function<DecodedPage()>;

// ---- ends badly

DecodedPage crash() {
  volatile int* nowhere = nullptr;
  *nowhere = 1;
  return refused();
}

DecodedPage recurse(int depth = 0) {
  if (depth == std::numeric_limits<int>::max()) return refused();
  volatile char frame[4096];
  frame[depth % 4096] = 1;
  DecodedPage page = recurse(depth + 1);
  return frame[0] == 2 ? refused() : page;
}

DecodedPage spin() {
  for (volatile unsigned turns = 0;;) turns = turns + 1;
}

DecodedPage sleep_for_ever() {
  char byte = 0;
  std::vector<Descriptor> none;
  receive_packet(kSocket, &byte, 1, none);
  return refused();
}

DecodedPage hunger() {
  std::vector<std::unique_ptr<char[]>> eaten;
  for (;;) eaten.emplace_back(new char[std::size_t{8} << 20]);
}

// ---- goes where it has no business

DecodedPage read_secret() { return escaped_if(::open("/etc/passwd", O_RDONLY) >= 0); }
DecodedPage write_file() {
  return escaped_if(::open("/tmp/juanzong-saboteur", O_WRONLY | O_CREAT, 0600) >= 0);
}
DecodedPage open_socket() { return escaped_if(::socket(AF_INET, SOCK_STREAM, 0) >= 0); }
DecodedPage fork_away() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  return escaped_if(pid > 0);
}
DecodedPage run_program() {
  char name[] = "/bin/true";
  char* const arguments[] = {name, nullptr};
  return escaped_if(::execv(name, arguments) == 0);
}
DecodedPage kill_parent() { return escaped_if(::kill(::getppid(), SIGTERM) == 0); }
DecodedPage trace_parent() {
  return escaped_if(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0);
}
DecodedPage make_code() {
  void* page =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return escaped_if(page != MAP_FAILED);
}
DecodedPage lift_limit() {
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  return escaped_if(::setrlimit(RLIMIT_AS, &all) == 0);
}
DecodedPage make_folder() { return escaped_if(::mkdir("/tmp/juanzong-saboteur", 0700) == 0); }

// ---- lies

DecodedPage lie_about_size() { say(page_answer(2'000'000'000, 2'000'000'000)); }
DecodedPage lie_about_channels() {
  Answer answer = page_answer(2, 2);
  answer.channels = 4;
  say(answer);
}
DecodedPage lie_about_resolution() {
  Answer answer = page_answer(2, 2);
  answer.dpi_x = std::numeric_limits<double>::quiet_NaN();
  say(answer);
}
DecodedPage lie_about_reason() {
  Answer answer;
  answer.reason = 9999;
  say(answer);
}
DecodedPage answer_another_question() {
  Answer answer;
  answer.outcome = Outcome::summary;
  answer.pages = 1;
  say(answer);
}
DecodedPage speak_another_language() {
  Answer answer = page_answer(2, 2);
  answer.magic = 0;
  say(answer);
}
DecodedPage stop_in_mid_word() {
  const Answer answer = page_answer(2, 2);
  say(&answer, sizeof answer / 2);
}
DecodedPage talk_too_long() {
  const std::string flood(65536, 'x');
  say(flood.data(), flood.size());
}
DecodedPage promise_texts() {
  Answer answer = page_answer(2, 2);
  answer.text_bytes = kTextBytesMax + 1;
  say(answer);
}
DecodedPage garble_texts() {
  Answer answer = page_answer(2, 2);
  answer.text_bytes = 8;
  say(answer, "....\xff\xff\xff\xff\xff\xff\xff\xff");
}
DecodedPage leave_in_mid_page() {
  const Answer answer = page_answer(100, 100);
  send_packet(kSocket, &answer, sizeof answer);
  if (::write(kPipe, "half", 4) < 0) ::_exit(9);
  ::_exit(0);
}
DecodedPage stall_in_mid_page() { say(page_answer(100, 100), "half"); }

const std::map<std::string, Crime, std::less<>> kCrimes = {
    {"none", [] { return honest_page(); }},
    {"crash", crash},
    {"abort", []() -> DecodedPage { std::abort(); }},
    {"exit", []() -> DecodedPage { ::_exit(7); }},
    {"recurse", [] { return recurse(); }},
    {"throw", []() -> DecodedPage { throw std::runtime_error("library"); }},
    {"throw_no_memory", []() -> DecodedPage { throw std::bad_alloc(); }},
    {"spin", spin},
    {"sleep", sleep_for_ever},
    {"hunger", hunger},
    {"read_secret", read_secret},
    {"write_file", write_file},
    {"open_socket", open_socket},
    {"fork", fork_away},
    {"run_program", run_program},
    {"kill_parent", kill_parent},
    {"trace_parent", trace_parent},
    {"make_code", make_code},
    {"lift_limit", lift_limit},
    {"make_folder", make_folder},
    {"lie_about_size", lie_about_size},
    {"lie_about_channels", lie_about_channels},
    {"lie_about_resolution", lie_about_resolution},
    {"lie_about_reason", lie_about_reason},
    {"answer_another_question", answer_another_question},
    {"speak_another_language", speak_another_language},
    {"stop_in_mid_word", stop_in_mid_word},
    {"talk_too_long", talk_too_long},
    {"promise_texts", promise_texts},
    {"garble_texts", garble_texts},
    {"leave_in_mid_page", leave_in_mid_page},
    {"stall_in_mid_page", stall_in_mid_page},
};

class Saboteur : public SourceReader {
 public:
  explicit Saboteur(const Crime& crime) : crime_(crime) {}
  int pages() const override { return kSaboteurPages; }
  DecodedPage page(int page_in_file) override {
    return page_in_file == kCrimePage ? crime_() : honest_page();
  }

 private:
  const Crime& crime_;
};

OpenedSource open_saboteur(SourceKind, Bytes bytes, const DecodeLimits&) {
  const std::string text(bytes.begin() + kCrimeAt, bytes.end());
  const auto crime = kCrimes.find(text);
  if (crime == kCrimes.end()) {
    return Failure{PageFault{Stage::decode, FaultReason::unexpected, "no such crime"}};
  }
  return std::unique_ptr<SourceReader>(std::make_unique<Saboteur>(crime->second));
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) { return archive::run_decoder(argc, argv, archive::open_saboteur); }
