// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// One comparison of a group: four processes in lockstep, two of each side.
//
// Two of each, so that the same comparison says what a side shows against itself; and so that the
// difference is symmetric if there is none: all four are then exchangeable.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "bench/gate/lockstep.h"

namespace sklab {

// What one comparison found out about a row.
struct RowSample {
  LaneFacts base;
  LaneFacts candidate;
  std::string failure;    // why there is no number; names the side
  std::string too_noisy;  // why there is no sample this time
  uint32_t burn = 0;      // for the next plan
  // Of each process: median of its batches, overhead taken off.
  std::vector<double> base_ns;
  std::vector<double> candidate_ns;
  // Medians, over rounds, of the logarithms of ratios within a round.
  std::vector<double> changes;       // candidate to base, two pairs
  std::vector<double> self_changes;  // a side to itself: base, candidate
};

struct GroupComparison {
  std::vector<RowSample> rows;  // in the order of the plan's
  std::string base_version;     // of the builds
  std::string candidate_version;
};

// Errors: as those of run_lockstep().
Result<GroupComparison> compare_group(const LockstepPlan &plan, const Side &base,
                                      const Side &candidate, KeySwitch &key,
                                      std::mt19937_64 &random,
                                      const std::function<void()> &progress);

}  // namespace sklab
