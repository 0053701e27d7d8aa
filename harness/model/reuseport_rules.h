// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "harness/model/rules.h"

namespace sklab {

// What becomes of a socket that was found or assigned: itself, or the members of its reuseport
// group that the kernel may choose (inet_lookup_reuseport, reuseport_select_sock). None when the
// group's program refuses the packet. That program runs for packets only: a helper's lookup has no
// skb to show it.
//
// Connected members are never chosen (reuseport_select_sock_by_hash; since Linux 6.13 connect()
// takes a UDP socket out of its group).
void reuseport_choices(const Scenario &scenario, Arrival arrival, size_t socket,
                       std::vector<size_t> &choices);

}  // namespace sklab
