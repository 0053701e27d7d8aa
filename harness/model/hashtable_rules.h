// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/model/rules.h"

namespace sklab {

// Whether the packet belongs to this connected UDP or established TCP socket.
bool is_connected_to(const SocketSpec &socket, const Packet &packet);

// How well an unconnected socket fits the packet: an exact local address comes before the wildcard
// (the order in which __udp4_lib_lookup and __inet_lookup_listener search), then an IPv4 socket
// before an IPv6 one (compute_score in net/ipv4/udp.c and net/ipv4/inet_hashtables.c).
int hashtable_score(const SocketSpec &socket, const Packet &packet);

// The connected socket that the packet belongs to.
std::optional<size_t> find_connected(const Scenario &scenario, const Rules &rules);

// The unconnected socket that fits best; of equals the one that was bound first: the sockets are
// bound in the scenario's order, and IPv6 ones with SO_REUSEPORT are added at the tail of the list
// (udp_lib_get_port, __inet_hash).
std::optional<size_t> find_unconnected(const Scenario &scenario, const Rules &rules);

}  // namespace sklab
