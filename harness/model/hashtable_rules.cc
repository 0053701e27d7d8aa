// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/hashtable_rules.h"

#include <algorithm>

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

// Higher wins; negative is no match.
int score(const SocketSpec &socket, const Packet &packet) {
  if (socket.peer || !could_match(socket, packet)) return -1;
  const IpAddress address = compared(socket.local.address);
  const bool wildcard = address.is_wildcard();
  if (!wildcard && address != packet.destination.address) return -1;
  const int same_family = socket.family == packet.source.address.family ? 1 : 0;
  return (wildcard ? 0 : 2) + same_family;
}

}  // namespace

std::optional<size_t> find_connected(const Scenario &scenario) {
  const Packet &packet = scenario.packet;
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    const SocketSpec &socket = scenario.sockets[i];
    if (!socket.peer || !could_match(socket, packet)) continue;
    if (compared(socket.local.address) == packet.destination.address &&
        compared(socket.peer->address) == packet.source.address &&
        socket.peer->port == packet.source.port) {
      return i;
    }
  }
  return std::nullopt;
}

std::vector<size_t> find_unconnected(const Scenario &scenario) {
  int best = -1;
  size_t found = 0;
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    const int candidate = score(scenario.sockets[i], scenario.packet);
    if (candidate <= best) continue;
    best = candidate;
    found = i;
  }
  if (best < 0) return {};
  return reuseport_choices(scenario, found);
}

std::vector<size_t> reuseport_choices(const Scenario &scenario, size_t socket) {
  const auto &group = scenario.sockets[socket].reuseport_group;
  if (!group) return {socket};
  std::vector<size_t> choices;
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    if (scenario.sockets[i].reuseport_group == group && !scenario.sockets[i].peer) {
      choices.push_back(i);
    }
  }
  return choices;
}

}  // namespace sklab
