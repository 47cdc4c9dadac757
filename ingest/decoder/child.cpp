#include "ingest/decoder/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "ingest/decoder/packet.h"

namespace archive {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kBufferBytes = 128 << 10;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kLimitsMemory = false;  // the sanitizer's shadow takes terabytes of addresses
#else
constexpr bool kLimitsMemory = true;
#endif

PageFault fault(FaultReason reason, std::string detail) {
  return {Stage::decode, reason, std::move(detail)};
}

rlim_t cpu_seconds_of(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return 0;
  return static_cast<rlim_t>(used.tv_sec);
}

// The soft limit alone is moved: the child is not allowed to set limits.
void set_soft_limit(pid_t pid, __rlimit_resource resource, rlim_t value) {
  const rlimit both{value, RLIM_INFINITY};
  ::prlimit(pid, resource, &both, nullptr);
}

}  // namespace

Child::Child(pid_t pid, Descriptor socket, Descriptor pixels, const DecodeSettings& settings)
    : pid_(pid), socket_(std::move(socket)), pixels_(std::move(pixels)), settings_(settings) {
  set_limits(0);
}

Child::~Child() {
  if (reaped_) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// The file is mapped and is no hunger of the decoder's, so its size comes on top.
void Child::set_limits(std::uint64_t file_bytes) const {
  const auto seconds = static_cast<rlim_t>(settings_.seconds_max);
  set_soft_limit(pid_, RLIMIT_CPU, cpu_seconds_of(pid_) + seconds + 1);
  if (kLimitsMemory) set_soft_limit(pid_, RLIMIT_AS, settings_.memory_bytes_max + file_bytes);
}

Result<Reply, PageFault> Child::ask(const Request& request, int file, std::uint64_t file_bytes) {
  if (file >= 0) file_bytes_ = file_bytes;
  set_limits(file_bytes_);
  std::vector<int> descriptors;
  if (file >= 0) descriptors.push_back(file);
  if (!send_message(socket_.get(), request, descriptors)) return Failure{cause_of_death()};
  deadline_ = Clock::now() + std::chrono::seconds(settings_.seconds_max);
  Answer answer;
  if (auto silence = receive(answer)) return Failure{*std::move(silence)};
  if (!is_plausible(answer, request)) return Failure{nonsense()};
  return receive_reply(answer);
}

// Until there is something to read, or the other end is closed.
std::optional<PageFault> Child::wait_for(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready > 0) return std::nullopt;
    if (ready < 0 && errno == EINTR) continue;
    unfit_ = true;
    return fault(FaultReason::decoder_timeout,
                 "more than " + std::to_string(settings_.seconds_max) + " s");
  }
}

std::optional<PageFault> Child::receive(Answer& answer) {
  if (auto late = wait_for(socket_.get())) return late;
  std::vector<Descriptor> gifts;  // nobody asked for any
  const ssize_t got = receive_packet(socket_.get(), &answer, sizeof answer, gifts);
  if (got == 0) return cause_of_death();
  if (got != static_cast<ssize_t>(sizeof answer)) return nonsense();
  return std::nullopt;
}

std::optional<PageFault> Child::receive_bytes(void* to, std::uint64_t count) {
  auto* out = static_cast<char*>(to);
  while (count > 0) {
    const ssize_t got = ::read(pixels_.get(), out, count);
    if (got > 0) {
      out += got;
      count -= static_cast<std::uint64_t>(got);
    } else if (got == 0) {
      return cause_of_death();
    } else if (errno == EAGAIN) {
      if (auto late = wait_for(pixels_.get())) return late;
    } else if (errno != EINTR) {
      return nonsense();
    }
  }
  return std::nullopt;
}

// Through a small buffer that stays in the cache: filling the vector with zeros first, only
// to write over them, costs more.
std::optional<PageFault> Child::receive_pixels(std::vector<std::uint8_t>& to, std::uint64_t count) {
  std::vector<std::uint8_t> buffer(std::min<std::uint64_t>(count, kBufferBytes));
  to.reserve(count);
  while (to.size() < count) {
    const std::uint64_t part = std::min<std::uint64_t>(count - to.size(), buffer.size());
    if (auto cut = receive_bytes(buffer.data(), part)) return cut;
    to.insert(to.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(part));
  }
  return std::nullopt;
}

Result<Reply, PageFault> Child::receive_reply(const Answer& answer) {
  Reply reply;
  reply.answer = answer;
  if (answer.outcome == Outcome::page) {
    reply.pixels.width = answer.width;
    reply.pixels.height = answer.height;
    reply.pixels.channels = answer.channels;
    if (auto cut = receive_pixels(reply.pixels.bytes, pixel_bytes(answer))) {
      return Failure{*std::move(cut)};
    }
  }
  std::string texts(answer.text_bytes, '\0');
  if (auto cut = receive_bytes(texts.data(), texts.size())) return Failure{*std::move(cut)};
  std::optional<Texts> unpacked = unpack_texts(texts);
  if (!unpacked) return Failure{nonsense()};
  reply.texts = *std::move(unpacked);
  if (answer.outcome != Outcome::fault) return reply;
  const auto reason = static_cast<FaultReason>(answer.reason);
  // After a failed allocation nobody knows what state its libraries are in.
  if (reason == FaultReason::decoder_memory) unfit_ = true;
  const auto& words = reply.texts.warnings;
  return Failure{fault(reason, words.empty() ? std::string() : words.front())};
}

PageFault Child::nonsense() {
  unfit_ = true;
  return fault(FaultReason::decoder_crashed, "the decoder answered nonsense");
}

PageFault Child::cause_of_death() {
  unfit_ = true;
  // Its socket is closed, so it is dying or wants to be thought so.
  int status = 0;
  pid_t waited = 0;
  const auto deadline = Clock::now() + std::chrono::seconds(2);
  while ((waited = ::waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < deadline) {
    ::usleep(500);
  }
  if (waited != pid_) return fault(FaultReason::decoder_crashed, "the decoder fell silent");
  reaped_ = true;
  if (!WIFSIGNALED(status)) {
    return fault(FaultReason::decoder_crashed,
                 "the decoder gave up with code " + std::to_string(WEXITSTATUS(status)));
  }
  switch (WTERMSIG(status)) {
    case SIGXCPU:
      return fault(FaultReason::decoder_timeout, "too much processor time");
    case SIGSYS:
      return fault(FaultReason::decoder_crashed, "a forbidden system call");
    case SIGKILL:
      return fault(FaultReason::decoder_memory, "ended by the system, likely for its memory");
    default:
      break;
  }
  return fault(FaultReason::decoder_crashed,
               "the decoder crashed, signal " + std::to_string(WTERMSIG(status)));
}

}  // namespace archive
