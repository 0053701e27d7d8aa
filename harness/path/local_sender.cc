// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/local_sender.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <string>

#include "harness/kernel/socket_address.h"

namespace sklab {
namespace {

using std::chrono::milliseconds;

// A SYN that nobody answers would be sent again for two minutes.
Result<> limit_connecting(int fd, milliseconds patience) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const std::chrono::microseconds rest = patience - seconds;
  const timeval limit{seconds.count(), rest.count()};
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0) return Ok{};
  return fail("set", "SO_SNDTIMEO", errno);
}

// The error may come a little later: softirqs may be deferred to a thread of the kernel.
Result<int> error_after_datagram(int fd, milliseconds patience) {
  char byte = 's';
  if (::send(fd, &byte, sizeof(byte), 0) != sizeof(byte)) return fail("send", "a byte", errno);
  pollfd ready{fd, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(patience.count())) < 0) {
    return fail("wait for", "an ICMP error", errno);
  }
  if (::recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) < 0) return errno == EAGAIN ? 0 : errno;
  return fail("receive", "an ICMP error", 0, "a datagram came, which nobody sent");
}

}  // namespace

Result<UniqueFd> open_local_socket(Protocol protocol, const Endpoint &local, int number) {
  const bool ipv4 = local.address.family == Family::kIpv4;
  const bool tcp = protocol == Protocol::kTcp;
  UniqueFd fd(
      ::socket(ipv4 ? AF_INET : AF_INET6, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, number));
  if (!fd.valid() && errno == EPROTONOSUPPORT) {
    return fail_as(ErrorKind::kUnavailable, "open a socket of protocol", std::to_string(number),
                   errno, "this kernel does not have it");
  }
  if (!fd.valid()) return fail("open", "socket", errno);
  const SocketAddress address(local, local.address.family);
  if (::bind(fd.get(), address.get(), address.size()) != 0) {
    return fail("bind to", local.text(), errno);
  }
  return fd;
}

Result<int> send_locally(const Packet &packet, milliseconds patience) {
  const Endpoint &peer = packet.destination;
  SKLAB_TRY(const UniqueFd fd, open_local_socket(packet.protocol, packet.source));
  SKLAB_CHECK(limit_connecting(fd.get(), patience));
  const SocketAddress address(peer, peer.address.family);
  const bool connected = ::connect(fd.get(), address.get(), address.size()) == 0;
  if (packet.protocol == Protocol::kTcp) return connected ? 0 : errno;
  if (!connected) return fail("connect to", peer.text(), errno);
  return error_after_datagram(fd.get(), patience);
}

}  // namespace sklab
