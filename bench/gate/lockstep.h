// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// One comparison of a group: four fresh processes, two of each side, take turns batch by batch.
//
// Two of each side, so that the same comparison says what a side shows against itself; and so that
// the difference is symmetric if there is none: all four are then exchangeable. Fresh ones, as
// where sockets and programs lie in memory differs between processes, and stays within one.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bench/gate/side.h"
#include "bench/gate/worker_process.h"
#include "bench/key_switch.h"

namespace sklab {

struct LockstepPlan {
  std::string group;
  std::vector<std::string> rows;
  double batch_ns = 7e5;
  // Of rows that are slowed down, as far as an earlier comparison found it out.
  std::map<std::string, uint32_t> burn;
  std::optional<unsigned> cpu;
};

// What one comparison found out about a row. Processes 0 and 1 are the base's.
struct RowSample {
  LaneFacts base;
  LaneFacts candidate;
  std::string failure;  // why there is no number; names the side
  uint32_t burn = 0;    // for the next plan
  // Of each process: median of its batches, overhead taken off.
  std::vector<double> latency_ns;
  // Medians, over rounds, of the logarithms of ratios within a round.
  std::vector<double> changes;       // candidate to base, two pairs
  std::vector<double> self_changes;  // a side to itself: base, candidate
};

struct GroupComparison {
  std::vector<RowSample> rows;  // in the order of the plan's
  std::string base_version;     // of the builds
  std::string candidate_version;
};

// `key` is switched for all of the processes. Errors: what a process
// could not do at all, sides whose rows are not the same (kUsage), an interrupt.
Result<GroupComparison> compare_group(const LockstepPlan &plan, const Side &base,
                                      const Side &candidate, KeySwitch &key,
                                      std::mt19937_64 &random,
                                      const std::function<void()> &progress);

}  // namespace sklab
