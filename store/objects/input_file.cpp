#include "store/objects/input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace archive {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;

PageFault fault(FaultReason reason, std::string detail) {
  return {Stage::receive, reason, std::move(detail)};
}

PageFault fault_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ESTALE:
      return fault(FaultReason::vanished, "the file is no longer there");
    case EACCES:
    case EPERM:
      return fault(FaultReason::unreadable_file, "no permission to read");
    case ELOOP:
      return fault(FaultReason::unreadable_file, "a link that leads nowhere");
    default:
      return fault(FaultReason::unreadable_file, std::strerror(error));
  }
}

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

Result<InputFile, PageFault> InputFile::open(const std::filesystem::path& file,
                                             std::uint64_t bytes_max) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return Failure{fault_of(errno)};
  struct stat state {};
  const int error = ::fstat(fd, &state) == 0 ? 0 : errno;
  InputFile opened(fd, state);
  if (error != 0) return Failure{fault_of(error)};
  if (!S_ISREG(state.st_mode)) {
    return Failure{fault(FaultReason::unreadable_file, "not an ordinary file")};
  }
  if (state.st_size == 0) return Failure{fault(FaultReason::empty_file, "0 bytes")};
  if (opened.size_bytes() > bytes_max) {
    return Failure{fault(FaultReason::too_large, std::to_string(state.st_size) + " bytes of " +
                                                     std::to_string(bytes_max) + " allowed")};
  }
  return opened;
}

InputFile::InputFile(InputFile&& other) noexcept : fd_(other.fd_), state_(other.state_) {
  other.fd_ = -1;
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<PageFault> InputFile::read_all(
    const std::function<void(std::span<const std::byte>)>& take) const {
  std::vector<std::byte> piece(kPieceBytes);
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t got = ::read(fd_, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fault_of(errno);
    if (got == 0) break;
    total += static_cast<std::uint64_t>(got);
    if (total > size_bytes()) return fault(FaultReason::vanished, "grew while it was read");
    take(std::span(piece).first(static_cast<std::size_t>(got)));
  }
  if (total < size_bytes()) return fault(FaultReason::vanished, "shrank while it was read");
  struct stat now {};
  if (::fstat(fd_, &now) != 0) return fault_of(errno);
  if (now.st_size != state_.st_size || !same(now.st_mtim, state_.st_mtim)) {
    return fault(FaultReason::vanished, "changed while it was read");
  }
  return std::nullopt;
}

}  // namespace archive
