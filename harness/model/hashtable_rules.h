// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// The connected UDP or established TCP socket that the packet belongs to.
std::optional<size_t> find_connected(const Scenario &scenario);

// Every socket that the plain lookup of unconnected sockets may return, ascending: none, one, or
// the members of a reuseport group. An exact local address comes before the wildcard (the order in
// which
// __udp4_lib_lookup and __inet_lookup_listener search), then an IPv4 socket before an IPv6 one
// (compute_score in net/ipv4/udp.c and net/ipv4/inet_hashtables.c).
std::vector<size_t> find_unconnected(const Scenario &scenario);

// What becomes of a socket that was found or assigned: itself, or the members of its reuseport
// group that the kernel may choose. Connected members are never chosen
// (reuseport_select_sock_by_hash).
std::vector<size_t> reuseport_choices(const Scenario &scenario, size_t socket);

}  // namespace sklab
