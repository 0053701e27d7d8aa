// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The sockets that exist while rows are measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/family_case.h"
#include "harness/model/scenario.h"

namespace sklab {

enum class PopulationKind : uint8_t {
  kServices,   // one of each kind: listener, steered target, reuseport group, connected
  kSpread,     // `size` listeners, spread over the hash table's buckets
  kColliding,  // `size` listeners in one bucket
  kRange,      // a listener on each of 256 addresses times 256 ports
};

struct PopulationSpec {
  PopulationKind kind = PopulationKind::kServices;
  size_t size = 0;  // of the kinds that have one
};

struct Population {
  // Every population begins with these two.
  static constexpr size_t kServer = 0;   // the listener that packets are addressed to
  static constexpr size_t kSteered = 1;  // the socket that programs steer to

  std::vector<SocketSpec> sockets;
  size_t group_first = 0;  // the reuseport group
  size_t group_size = 0;
  size_t member_first = 0;  // listeners whose number is the point
  size_t member_count = 0;
};

// `hash_mix` is net->hash_mix of the netns they will live in (kernel/socket_hash.h); only the
// colliding kind needs it.
Population make_population(const FamilyCase &family, const PopulationSpec &spec, uint32_t hash_mix);

}  // namespace sklab
