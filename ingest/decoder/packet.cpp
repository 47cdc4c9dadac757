#include "ingest/decoder/packet.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace archive {
namespace {

constexpr std::size_t kDescriptorsMax = 2;

union Control {
  cmsghdr header;
  char room[CMSG_SPACE(kDescriptorsMax * sizeof(int))];
};

void take_descriptors(msghdr& message, std::vector<Descriptor>& descriptors) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof number, sizeof number);
      descriptors.emplace_back(number);
    }
  }
}

}  // namespace

bool send_packet(int socket, const void* bytes, std::size_t count,
                 const std::vector<int>& descriptors) {
  iovec vector{const_cast<void*>(bytes), count};
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  Control control{};
  if (!descriptors.empty() && descriptors.size() <= kDescriptorsMax) {
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size() * sizeof(int));
  }
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(count);
}

ssize_t receive_packet(int socket, void* bytes, std::size_t room,
                       std::vector<Descriptor>& descriptors) {
  iovec vector{bytes, room};
  msghdr message{};
  Control control{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  ssize_t got = -1;
  do {
    got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return 0;
  take_descriptors(message, descriptors);
  return (message.msg_flags & MSG_TRUNC) != 0 ? -1 : got;
}

}  // namespace archive
