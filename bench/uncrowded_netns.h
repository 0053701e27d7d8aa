// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// By a secret of its netns, a packet's bucket may have other sockets in it, too, and looking at
// each takes some tens of instructions: in the rows of one run in twenty, where netns were taken as
// they came (results/studies/counts-repeated.md). So a netns is chosen in which none has.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/model/scenario.h"

namespace sklab {

// Whether a lookup of one of the packets meets a socket that is bound to something else, in buckets
// of the smallest tables that kernels have. Where it looks: __udp4_lib_lookup and
// __inet_lookup_listener, first at the packet's destination, then at the wildcard.
bool is_crowded(const std::vector<SocketSpec> &sockets, const std::vector<Packet> &packets,
                uint32_t hash_mix);

struct UncrowdedNetns {
  Netns netns;
  std::string doubt;  // why it may be crowded after all; "" if it is not
};

// Of populations that are too large for it, any netns will do.
Result<UncrowdedNetns> create_uncrowded_netns(const std::vector<SocketSpec> &sockets,
                                              const std::vector<Packet> &packets);

}  // namespace sklab
