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
// which __udp4_lib_lookup and __inet_lookup_listener search), then an IPv4 socket before an IPv6
// one (compute_score in net/ipv4/udp.c and net/ipv4/inet_hashtables.c), then the group that was
// bound first: the sockets are bound in the scenario's order, and IPv6 ones with SO_REUSEPORT are
// added at the tail of the list (udp_lib_get_port, __inet_hash).
std::vector<size_t> find_unconnected(const Scenario &scenario);

// What becomes of a socket that was found or assigned: itself, or the members of its reuseport
// group that the kernel may choose. Connected members are never chosen
// (reuseport_select_sock_by_hash). Since Linux 6.13 connect() takes a UDP socket out of its group,
// and members bound later form a group without the earlier ones (udp_lib_hash4): the kernel then
// chooses from a part of these.
std::vector<size_t> reuseport_choices(const Scenario &scenario, size_t socket);

}  // namespace sklab
