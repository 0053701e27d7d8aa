// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The probe path: a TC program run by BPF_PROG_TEST_RUN calls the kernel's lookup helpers, in the
// calling thread's netns. Everything that a packet's lookup does happens, synchronously: connected
// sockets, the hook, the hashtable, the reuseport group.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "harness/base/result.h"
#include "harness/model/scenario.h"

namespace sklab {

// What to look up, and which marks (SocketSet::mark_of) a right answer has: low..high, both
// included, since a reuseport group has several right answers. 0 is no socket.
struct LookupTarget {
  Packet packet;
  uint32_t mark_low = 0;
  uint32_t mark_high = 0;
};

// How many lookups one iteration of the probe's loop does. More make less of the loop's own cost.
enum class LookupsPerIteration : uint8_t { kOne = 1, kEight = 8, kSixteen = 16 };

struct BatchRequest {
  Protocol protocol = Protocol::kUdp;
  Family family = Family::kIpv4;  // of the packet
  // Without lookups, what is left is what the loop and the check of its answers cost.
  bool empty = false;
  LookupsPerIteration per_iteration = LookupsPerIteration::kOne;
  // Multiples of lookups per iteration.
  uint64_t lookups = 1;
  uint64_t warmup_lookups = 0;  // before the timed ones
  // Lookup i uses target first_target + i % target_count.
  uint32_t first_target = 0;
  uint32_t target_count = 1;  // a power of two
  // Batches that run at the same time, on different CPUs, need different slots (0 to 255).
  uint32_t slot = 0;
  // Steps of needless work an iteration, each waiting for the one before and the lookups around it.
  // Only with a probe that was created for it; at most SKLAB_MOST_BURN.
  uint32_t burn = 0;
};

struct BatchResult {
  uint64_t elapsed_ns = 0;  // by the kernel's monotonic clock, around the timed lookups
  uint64_t matched = 0;     // lookups whose socket had a right mark
  uint32_t last_mark = 0;
  uint32_t wrong_mark = 0;  // of the last wrong answer
};

class Probe {
 public:
  // Errors: kUnavailable where the kernel lacks a helper or the caller a capability.
  static Result<Probe> create() { return create(false); }
  // The same with `burns` can be told to do needless work: a known slowdown, which a gate has to
  // notice. Without, no instruction of that is in the program.
  static Result<Probe> create(bool burns);
  Probe(Probe &&) noexcept;
  Probe &operator=(Probe &&) noexcept;
  ~Probe();

  // Writes targets from index `first` on. Their count is limited by the map (32768).
  Result<> set_targets(std::span<const LookupTarget> targets, uint32_t first = 0);

  // One batch in the calling thread's netns. May be called by several threads at once, each with
  // its own slot.
  Result<BatchResult> run(const BatchRequest &request) const;

 private:
  struct State;
  explicit Probe(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
