// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <compare>
#include <optional>

#include "harness/model/scenario.h"

namespace sklab {

// One side of a TCP connection.
bool is_established(const SocketSpec &socket);

// What sockets with SO_REUSEPORT have in common when the kernel puts them into one group
// (udp_reuseport_add_sock, inet_reuseport_add_sock).
struct ReuseportKey {
  Protocol protocol;
  Family family;
  bool v6_only;  // as is_v6_only says, not as the option was set
  Endpoint local;

  auto operator<=>(const ReuseportKey &) const = default;
};
ReuseportKey reuseport_key(const SocketSpec &socket);

// The packets that a connected socket receives; none for an unconnected one. V4-mapped addresses
// are written as the IPv4 ones that the packets have.
struct FourTuple {
  Protocol protocol;
  Endpoint local;
  Endpoint peer;

  auto operator<=>(const FourTuple &) const = default;
};
std::optional<FourTuple> four_tuple(const SocketSpec &socket);

// Whether some packet could go to either.
bool overlap(const SocketSpec &a, const SocketSpec &b);

// Whether the kernel refuses to bind, or connect, one of them beside the other (EADDRINUSE).
bool conflict(const SocketSpec &a, const SocketSpec &b);

// Whether two valid sockets can be open at the same time in a netns, with SO_REUSEADDR on TCP
// sockets only (inet_rcv_saddr_equal, inet_csk_bind_conflict). Leaves out pairs whose lookup
// differs between kernels.
bool can_coexist(const SocketSpec &a, const SocketSpec &b);

}  // namespace sklab
