// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "harness/model/scenario.h"

namespace sklab {

// Whether the kernel treats an IPv6 socket as one for IPv6 packets only. Binding to an address that
// is neither the wildcard nor v4-mapped makes it one (__inet6_bind).
bool is_v6_only(const SocketSpec &socket);

// Whether packets of this family can reach the socket without the hook.
bool receives(const SocketSpec &socket, Family family);

// What bpf_sk_assign returns in a sk_lookup program, 0 or a negative errno, with the order of
// bpf_sk_lookup_assign in net/core/filter.c. `socket` is null for a NULL socket; `selected` says
// whether this program or one before it has selected a socket.
int check_assign(const SocketSpec *socket, uint64_t flags, const Packet &packet, bool selected);

}  // namespace sklab
