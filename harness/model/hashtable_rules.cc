// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/hashtable_rules.h"

#include "harness/model/assign_rules.h"

namespace sklab {
namespace {

// Addresses as they are compared in the lookup of a packet of this family: a v4-mapped one is an
// IPv4 address there.
IpAddress compared(const IpAddress &address) { return address.from_v4_mapped(); }

bool could_match(const SocketSpec &socket, const Packet &packet) {
  return socket.protocol == packet.protocol && socket.local.port == packet.destination.port &&
         receives(socket, packet.source.address.family);
}

}  // namespace

bool is_connected_to(const SocketSpec &socket, const Packet &packet) {
  return socket.peer && could_match(socket, packet) &&
         compared(socket.local.address) == packet.destination.address &&
         compared(socket.peer->address) == packet.source.address &&
         socket.peer->port == packet.source.port;
}

int hashtable_score(const SocketSpec &socket, const Packet &packet) {
  if (socket.peer || !could_match(socket, packet)) return -1;
  const IpAddress address = compared(socket.local.address);
  const bool wildcard = address.is_wildcard();
  if (!wildcard && address != packet.destination.address) return -1;
  const int same_family = socket.family == packet.source.address.family ? 1 : 0;
  return (wildcard ? 0 : 2) + same_family;
}

std::optional<size_t> find_connected(const Scenario &scenario, const Rules &rules) {
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    if (rules.is_connected_to(scenario.sockets[i], scenario.packet)) return i;
  }
  return std::nullopt;
}

std::optional<size_t> find_unconnected(const Scenario &scenario, const Rules &rules) {
  int best = -1;
  std::optional<size_t> found;
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    const int candidate = rules.score(scenario.sockets[i], scenario.packet);
    if (candidate <= best) continue;
    best = candidate;
    found = i;
  }
  return found;
}

}  // namespace sklab
