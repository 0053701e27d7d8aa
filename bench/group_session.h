// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/batch_runner.h"
#include "bench/lane.h"
#include "bench/populated_netns.h"
#include "bench/row.h"

namespace sklab {

// A group set up and ready to run batches: its netns, its lanes (bench/group_lanes.h) and their
// runner. The calling thread is inside the netns while this lives, and this must go on that thread.
class GroupSession {
 public:
  // `instruments` is borrowed.
  static Result<std::unique_ptr<GroupSession>> open(const GroupSpec &group,
                                                    Instruments &instruments, uint64_t seed);

  std::vector<Lane> lanes;

  [[nodiscard]] const PopulatedNetns &netns() const { return netns_; }
  BatchRunner &runner() { return runner_; }

  // Lookups for the lane's batches to last `batch_ns`: every packet as often as every other.
  Result<uint64_t> calibrate(const Lane &lane, double batch_ns);

 private:
  GroupSession(PopulatedNetns netns, ScopedNetns inside, Instruments &instruments)
      : netns_(std::move(netns)), inside_(std::move(inside)), runner_(instruments, netns_) {}

  PopulatedNetns netns_;
  ScopedNetns inside_;
  BatchRunner runner_;
};

}  // namespace sklab
