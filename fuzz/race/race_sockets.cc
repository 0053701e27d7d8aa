// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "harness/kernel/socket_address.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

struct SlotSpec {
  Protocol protocol;
  uint16_t port;
  bool reuseport;
};
// By itself, and in a group of two.
constexpr std::array<SlotSpec, kRaceSockets> kSlots = {
    SlotSpec{Protocol::kUdp, 7000, false}, SlotSpec{Protocol::kUdp, 7001, true},
    SlotSpec{Protocol::kUdp, 7001, true},  SlotSpec{Protocol::kTcp, 7000, false},
    SlotSpec{Protocol::kTcp, 7001, true},  SlotSpec{Protocol::kTcp, 7001, true}};
constexpr uint16_t kPeerPort = 9000;

Endpoint endpoint(uint16_t port) { return {kServers4[0], port}; }

// Errors are results of a race; what could not be done is not there.
Result<UniqueFd> open_socket(size_t slot) {
  const SlotSpec &spec = kSlots[slot];
  const bool udp = spec.protocol == Protocol::kUdp;
  UniqueFd fd(::socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0));
  const int on = 1;
  const int mark = static_cast<int>(RaceSockets::mark_of(slot));
  const SocketAddress address(endpoint(spec.port), Family::kIpv4);
  const bool done =
      fd.valid() && ::setsockopt(fd.get(), SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) == 0 &&
      ::setsockopt(fd.get(), SOL_SOCKET, udp ? SO_RCVBUF : SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      (!spec.reuseport || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0) &&
      ::bind(fd.get(), address.get(), address.size()) == 0 && (udp || ::listen(fd.get(), 1) == 0);
  if (done) return fd;
  return fail("open a socket of the race", "", errno);
}

}  // namespace

Result<> RaceSockets::begin(bool all) {
  for (size_t i = 0; i < kRaceSockets; ++i) {
    if (!all && slots_.get(i) >= 0) continue;
    slots_.clear(i);
    SKLAB_TRY(UniqueFd fd, open_socket(i));
    slots_.put(i, std::move(fd));
  }
  return Ok{};
}

int RaceSockets::reopen(size_t socket) {
  // Its port is free only once it is closed.
  slots_.clear(socket);
  auto fd = open_socket(socket);
  if (!fd) return -fd.error().error_number;
  slots_.put(socket, std::move(*fd));
  return 0;
}

int RaceSockets::connect(size_t socket) const {
  if (kSlots[socket].protocol != Protocol::kUdp) return -EOPNOTSUPP;
  const SocketAddress peer(endpoint(kPeerPort), Family::kIpv4);
  return error_of(::connect(fd(socket), peer.get(), peer.size()));
}

int RaceSockets::disconnect(size_t socket) const {
  if (kSlots[socket].protocol != Protocol::kUdp) return -EOPNOTSUPP;
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  return error_of(::connect(fd(socket), &nobody, sizeof(nobody)));
}

int RaceSockets::send(size_t socket) {
  const UniqueFd sender(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const SocketAddress address(endpoint(kSlots[socket].port), Family::kIpv4);
  const ssize_t sent = ::sendto(sender.get(), "", 0, MSG_DONTWAIT, address.get(), address.size());
  return sent == 0 ? 0 : -errno;
}

Packet RaceSockets::packet_to(size_t socket, uint16_t port) {
  Packet packet;
  packet.protocol = kSlots[socket].protocol;
  packet.source = endpoint(port);
  packet.destination = endpoint(kSlots[socket].port);
  return packet;
}

}  // namespace sklab
