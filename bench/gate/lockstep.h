// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Fresh processes that measure the same group and take turns batch by batch, so that drift of the
// machine is in all of them alike. Fresh ones, as where sockets and programs lie in memory differs
// between processes, and stays within one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "bench/gate/lockstep_series.h"
#include "bench/gate/side.h"
#include "bench/gate/worker_process.h"
#include "bench/key_switch.h"

namespace sklab {

struct LockstepPlan {
  std::string group;
  std::vector<std::string> rows;
  double batch_ns = 7e5;
  uint64_t seed = 1;  // of the packets: the same seed, the same definitions of rows
  // Of rows that are slowed down, as far as an earlier comparison found it out.
  std::map<std::string, uint32_t> burn;
  std::optional<unsigned> cpu;
};

struct LockstepRow {
  std::vector<LaneFacts> facts;  // of each process
  std::string failure;           // why there is no number; names the side
  std::string too_noisy;         // why there are no processes below
  uint32_t burn = 0;             // for the next plan
  std::vector<LockstepSeries> processes;
};

struct LockstepResult {
  std::vector<LockstepRow> rows;      // in the order of the plan's
  std::vector<std::string> versions;  // of each process's build
};

// A process for each of `sides`. `key` is switched for all of them. Errors: what a process could
// not do at all, sides whose rows are not the same (kUsage), an interrupt.
Result<LockstepResult> run_lockstep(const LockstepPlan &plan,
                                    const std::vector<const Side *> &sides, KeySwitch &key,
                                    std::mt19937_64 &random, const std::function<void()> &progress);

}  // namespace sklab
