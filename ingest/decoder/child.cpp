#include "ingest/decoder/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "ingest/decoder/packet.h"

namespace archive {
namespace {

using Clock = std::chrono::steady_clock;

// A page larger than this gives its memory back as soon as it was copied.
constexpr std::uint64_t kKeptPictureBytesMax = 64ULL << 20;

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

Child::Child(pid_t pid, Descriptor socket, Descriptor picture, const DecodeSettings& settings)
    : pid_(pid), socket_(std::move(socket)), picture_(std::move(picture)), settings_(settings) {
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
  Answer answer;
  if (auto died = wait_for_answer(answer)) return Failure{*std::move(died)};
  if (!is_plausible(answer, request)) return Failure{nonsense()};
  return read_reply(request, answer);
}

std::optional<PageFault> Child::wait_for_answer(Answer& answer) {
  const auto deadline = Clock::now() + std::chrono::seconds(settings_.seconds_max);
  pollfd waiting{socket_.get(), POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready > 0) break;
    if (ready < 0 && errno == EINTR) continue;
    unfit_ = true;
    return fault(FaultReason::decoder_timeout,
                 "more than " + std::to_string(settings_.seconds_max) + " s");
  }
  std::vector<Descriptor> gifts;  // nobody asked for any
  const ssize_t got = receive_packet(socket_.get(), &answer, sizeof answer, gifts);
  if (got == 0) return cause_of_death();
  if (got != static_cast<ssize_t>(sizeof answer)) return nonsense();
  return std::nullopt;
}

Result<Reply, PageFault> Child::read_reply(const Request& request, const Answer& answer) {
  Reply reply;
  reply.answer = answer;
  const std::uint64_t picture_bytes = pixel_bytes(answer);
  if (picture_bytes + answer.text_bytes > picture_file_bytes(settings_)) {
    return Failure{nonsense()};
  }
  std::string texts(answer.text_bytes, '\0');
  if (!read_picture(texts.data(), texts.size(), picture_bytes)) return Failure{nonsense()};
  std::optional<Texts> unpacked = unpack_texts(texts);
  if (!unpacked) return Failure{nonsense()};
  reply.texts = *std::move(unpacked);
  if (answer.outcome == Outcome::fault) {
    const auto reason = static_cast<FaultReason>(answer.reason);
    // After a failed allocation nobody knows what state its libraries are in.
    if (reason == FaultReason::decoder_memory) unfit_ = true;
    const auto& words = reply.texts.warnings;
    return Failure{fault(reason, words.empty() ? std::string() : words.front())};
  }
  reply.pixels.width = answer.width;
  reply.pixels.height = answer.height;
  reply.pixels.channels = answer.channels;
  reply.pixels.bytes.resize(picture_bytes);
  if (!read_picture(reply.pixels.bytes.data(), picture_bytes, 0)) return Failure{nonsense()};
  if (request.verb == Verb::page) forget_picture(answer);
  return reply;
}

bool Child::read_picture(void* to, std::uint64_t count, std::uint64_t offset) const {
  auto* out = static_cast<char*>(to);
  while (count > 0) {
    const ssize_t got = ::pread(picture_.get(), out, count, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    offset += static_cast<std::uint64_t>(got);
    count -= static_cast<std::uint64_t>(got);
  }
  return true;
}

void Child::forget_picture(const Answer& answer) const {
  const std::uint64_t used = pixel_bytes(answer);
  if (used <= kKeptPictureBytesMax) return;
  ::fallocate(picture_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
              static_cast<off_t>(used));
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
