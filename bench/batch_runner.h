// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "bench/crew.h"
#include "bench/key_switch.h"
#include "bench/lane.h"
#include "bench/populated_netns.h"
#include "harness/measure/cache_eviction.h"
#include "harness/path/probe.h"

namespace sklab {

// What all groups of a run share.
struct Instruments {
  Probe probe;
  KeySwitch key;
  std::vector<unsigned> cpus;  // that the process may use
};

// Some of a lane's packets, a power of two, so many lookups.
struct BatchPiece {
  uint32_t first_target = 0;  // of the lane's
  uint32_t target_count = 1;
  uint64_t lookups = 1;
  LookupsPerIteration per_iteration = LookupsPerIteration::kEight;
};

// Runs batches of lanes in one populated netns: sets the static key, attaches the lane's programs,
// looks up, detaches. The calling thread must be inside that netns.
class BatchRunner {
 public:
  // All borrowed.
  BatchRunner(Instruments &instruments, const PopulatedNetns &netns)
      : instruments_(instruments), netns_(netns) {}

  // Elapsed nanoseconds of a timed batch; with several CPUs, their mean.
  // Errors: kMismatch when a lookup found the wrong socket, or the wrong programs were attached.
  Result<double> run_timed(const Lane &lane, uint64_t lookups);

  // What the last timed batch of a flood showed beside its time.
  [[nodiscard]] const FloodResult &last_flood() const { return last_flood_; }

  // A batch over some of the lane's packets, with its programs attached; `before` and `after` are
  // called right around what looks up. Returns elapsed nanoseconds by the kernel's clock.
  Result<uint64_t> run_piece(const Lane &lane, const BatchPiece &piece,
                             const std::function<void()> &before,
                             const std::function<void()> &after);

  // Packets of a flood, for their outcome alone. Returns their number, which is more than asked
  // for.
  Result<uint64_t> run_untimed_flood(const Lane &lane, uint64_t packets);

  // A batch on this CPU with warm caches, whatever the lane says, for its outcome alone.
  Result<BatchResult> run_untimed(const Lane &lane, uint64_t lookups);

 private:
  Result<std::vector<NetnsLink>> attach(const Lane &lane);
  Result<double> run_alone(const Lane &lane, uint64_t lookups);
  Result<double> run_on_all_cpus(const Lane &lane, uint64_t lookups);
  Result<double> run_program(const Lane &lane, uint64_t repeat);
  Result<FloodResult> flood(const Lane &lane, uint64_t packets);
  Result<double> run_flood(const Lane &lane, uint64_t packets);
  Result<> check(const Lane &lane, const BatchResult &result, uint64_t lookups) const;

  Instruments &instruments_;
  const PopulatedNetns &netns_;
  std::optional<Crew> crew_;
  std::optional<CacheEviction> eviction_;
  FloodResult last_flood_;
};

}  // namespace sklab
