// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The hash by which the kernel sorts bound sockets into buckets, so that a population can be made
// whose sockets all share one, or none.
#pragma once

#include <cstdint>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/model/address.h"

namespace sklab {

// ipv4_portaddr_hash of include/net/ip.h and ipv6_portaddr_hash of include/net/ipv6.h. The kernel
// uses its low bits, as many as the table needs: at most 16, for both UDP (udp_table_init) and TCP
// listeners (inet_hashinfo2_init in tcp_init).
uint32_t port_address_hash(uint32_t hash_mix, const IpAddress &address, uint16_t port);

// The port that gives `address` the same low 16 hash bits as `wanted` has. It may be 0.
uint16_t port_with_hash(uint32_t hash_mix, const IpAddress &address, uint32_t wanted);

// net->hash_mix of the netns. Errors: kUnavailable where the kernel has no BTF of itself or the
// process may not read kernel memory (CAP_PERFMON).
Result<uint32_t> read_hash_mix(const Netns &netns);

}  // namespace sklab
