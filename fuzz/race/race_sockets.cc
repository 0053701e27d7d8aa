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
constexpr std::array<SlotSpec, kRaceSockets> kSlotSpecs = {
    SlotSpec{Protocol::kUdp, 7000, false}, SlotSpec{Protocol::kUdp, 7001, true},
    SlotSpec{Protocol::kUdp, 7001, true},  SlotSpec{Protocol::kTcp, 7000, false},
    SlotSpec{Protocol::kTcp, 7001, true},  SlotSpec{Protocol::kTcp, 7001, true}};
constexpr uint16_t kPeerPort = 9000;
constexpr int kBacklog = 1;

Endpoint endpoint(uint16_t port) { return {kServers4[0], port}; }

bool is_udp(size_t slot) { return kSlotSpecs[slot].protocol == Protocol::kUdp; }

bool set_option(const UniqueFd &fd, int option, int value) {
  return ::setsockopt(fd.get(), SOL_SOCKET, option, &value, sizeof(value)) == 0;
}

// A race never waits for the other side, and what it closes is gone at once, without TIME_WAIT.
UniqueFd new_socket(bool udp) {
  UniqueFd fd(
      ::socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  constexpr linger kAtOnce{1, 0};
  if (fd.valid() && !udp) ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof(kAtOnce));
  return fd;
}

// Errors are results of a race; what could not be done is not there.
Result<UniqueFd> open_socket(size_t slot) {
  const SlotSpec &spec = kSlotSpecs[slot];
  const bool udp = is_udp(slot);
  UniqueFd fd = new_socket(udp);
  const SocketAddress address(endpoint(spec.port), Family::kIpv4);
  const bool done = fd.valid() &&
                    set_option(fd, SO_MARK, static_cast<int>(RaceSockets::mark_of(slot))) &&
                    set_option(fd, udp ? SO_RCVBUF : SO_REUSEADDR, 1) &&
                    (!spec.reuseport || set_option(fd, SO_REUSEPORT, 1)) &&
                    ::bind(fd.get(), address.get(), address.size()) == 0 &&
                    (udp || ::listen(fd.get(), kBacklog) == 0);
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
  const SocketAddress peer(endpoint(kPeerPort), Family::kIpv4);
  return error_of(::connect(fd(socket), peer.get(), peer.size()));
}

int RaceSockets::disconnect(size_t socket) const {
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  return error_of(::connect(fd(socket), &nobody, sizeof(nobody)));
}

int RaceSockets::listen(size_t socket) const { return error_of(::listen(fd(socket), kBacklog)); }

int RaceSockets::accept(size_t socket) const {
  const UniqueFd accepted(::accept4(fd(socket), nullptr, nullptr, SOCK_CLOEXEC));
  return accepted.valid() ? 0 : -errno;
}

int RaceSockets::send(size_t socket) {
  const UniqueFd sender = new_socket(is_udp(socket));
  const SocketAddress address(endpoint(kSlotSpecs[socket].port), Family::kIpv4);
  if (!is_udp(socket)) return error_of(::connect(sender.get(), address.get(), address.size()));
  const ssize_t sent = ::sendto(sender.get(), "", 0, 0, address.get(), address.size());
  return sent == 0 ? 0 : -errno;
}

Packet RaceSockets::packet_to(size_t socket, uint16_t port) {
  Packet packet;
  packet.protocol = kSlotSpecs[socket].protocol;
  packet.source = endpoint(port);
  packet.destination = endpoint(kSlotSpecs[socket].port);
  return packet;
}

}  // namespace sklab
