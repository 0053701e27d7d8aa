// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/bind_rules.h"

#include "harness/model/assign_rules.h"

namespace sklab {
namespace {

bool addresses_meet(const IpAddress &a, const IpAddress &b) {
  return a.is_wildcard() || b.is_wildcard() || a == b;
}

// A connected socket and a group of the other family at the same address: since Linux 6.13 the
// connected one is found in a table of its own, before that the order in one list decides.
bool depends_on_kernel(const SocketSpec &a, const SocketSpec &b) {
  return a.family != b.family && (a.peer || b.peer);
}

}  // namespace

bool is_established(const SocketSpec &socket) {
  return socket.protocol == Protocol::kTcp && socket.peer;
}

ReuseportKey reuseport_key(const SocketSpec &socket) {
  return {socket.protocol, socket.family, is_v6_only(socket), socket.local};
}

std::optional<FourTuple> four_tuple(const SocketSpec &socket) {
  if (!socket.peer) return std::nullopt;
  const auto as_received = [](const Endpoint &endpoint) {
    return Endpoint{endpoint.address.from_v4_mapped(), endpoint.port};
  };
  return FourTuple{socket.protocol, as_received(socket.local), as_received(*socket.peer)};
}

bool overlap(const SocketSpec &a, const SocketSpec &b) {
  if (a.protocol != b.protocol || a.local.port != b.local.port) return false;
  const IpAddress a_address = a.local.address.from_v4_mapped();
  const IpAddress b_address = b.local.address.from_v4_mapped();
  if (!addresses_meet(a_address, b_address)) return false;
  const auto both_receive = [&](Family family) {
    return receives(a, family) && receives(b, family);
  };
  return both_receive(Family::kIpv4) || both_receive(Family::kIpv6);
}

bool conflict(const SocketSpec &a, const SocketSpec &b) {
  if (!overlap(a, b)) return false;
  if (a.peer && four_tuple(a) == four_tuple(b)) return true;
  if (is_established(a) || is_established(b)) return false;
  return !a.reuseport_group || !b.reuseport_group;
}

bool can_coexist(const SocketSpec &a, const SocketSpec &b) {
  if (!overlap(a, b) || is_established(a) || is_established(b)) return !conflict(a, b);
  if (conflict(a, b)) return false;
  if (reuseport_key(a) == reuseport_key(b)) return a.reuseport_group == b.reuseport_group;
  return !depends_on_kernel(a, b);
}

}  // namespace sklab
