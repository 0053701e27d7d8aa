// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/uncrowded_netns.h"

#include <algorithm>

#include "harness/kernel/socket_hash.h"

namespace sklab {
namespace {

// A table of listeners in a machine with 256 MiB has that many buckets (inet_hashinfo2_init).
constexpr uint32_t kFewestBuckets = 128;
constexpr size_t kMostSockets = 16;
constexpr int kMostTries = 100;

// All that the kernel sorts sockets by: the same for a v4-mapped address and for either wildcard.
Endpoint as_hashed(const Endpoint &endpoint) {
  if (endpoint.address.is_wildcard()) return {{Family::kIpv4, {}}, endpoint.port};
  return {endpoint.address.from_v4_mapped(), endpoint.port};
}

uint32_t bucket_of(const Endpoint &hashed, uint32_t hash_mix) {
  return port_address_hash(hash_mix, hashed.address, hashed.port) % kFewestBuckets;
}

}  // namespace

bool is_crowded(const std::vector<SocketSpec> &sockets, const std::vector<Packet> &packets,
                uint32_t hash_mix) {
  const auto is_met = [&](const Endpoint &looked_at, const SocketSpec &socket) {
    const Endpoint bound = as_hashed(socket.local);
    return bound != looked_at && bucket_of(bound, hash_mix) == bucket_of(looked_at, hash_mix);
  };
  const auto meets_any = [&](const Endpoint &looked_at) {
    return std::any_of(sockets.begin(), sockets.end(),
                       [&](const SocketSpec &socket) { return is_met(looked_at, socket); });
  };
  return std::any_of(packets.begin(), packets.end(), [&](const Packet &packet) {
    const Endpoint wildcard{{Family::kIpv4, {}}, packet.destination.port};
    return meets_any(as_hashed(packet.destination)) || meets_any(wildcard);
  });
}

Result<UncrowdedNetns> create_uncrowded_netns(const std::vector<SocketSpec> &sockets,
                                              const std::vector<Packet> &packets) {
  SKLAB_TRY(Netns netns, Netns::create());
  if (sockets.size() > kMostSockets) return UncrowdedNetns{std::move(netns), ""};
  for (int i = 0; i < kMostTries; ++i) {
    const auto hash_mix = read_hash_mix(netns);
    // Not every kernel tells; then there are figures all the same.
    if (!hash_mix) return UncrowdedNetns{std::move(netns), hash_mix.error().message()};
    if (!is_crowded(sockets, packets, *hash_mix)) return UncrowdedNetns{std::move(netns), ""};
    SKLAB_TRY(netns, Netns::create());
  }
  return UncrowdedNetns{std::move(netns), "no netns was found where they do not"};
}

}  // namespace sklab
