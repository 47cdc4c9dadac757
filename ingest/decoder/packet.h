#pragma once

#include <sys/types.h>

#include <cstddef>
#include <type_traits>
#include <vector>

#include "ingest/decoder/descriptor.h"

namespace archive {

/// Sends one packet over a SOCK_SEQPACKET socket, with descriptors if any. False when the
/// other side is gone.
bool send_packet(int socket, const void* bytes, std::size_t count,
                 const std::vector<int>& descriptors = {});

/// Receives one packet and the descriptors that came along (closed on exec). Returns its
/// length; 0 when the other side is gone, -1 when the packet is longer than `room`.
ssize_t receive_packet(int socket, void* bytes, std::size_t room,
                       std::vector<Descriptor>& descriptors);

template <class Message>
bool send_message(int socket, const Message& message, const std::vector<int>& descriptors = {}) {
  static_assert(std::is_trivially_copyable_v<Message>);
  return send_packet(socket, &message, sizeof message, descriptors);
}

/// True when exactly one whole message came.
template <class Message>
bool receive_message(int socket, Message& message, std::vector<Descriptor>& descriptors) {
  static_assert(std::is_trivially_copyable_v<Message>);
  return receive_packet(socket, &message, sizeof message, descriptors) ==
         static_cast<ssize_t>(sizeof message);
}

}  // namespace archive
