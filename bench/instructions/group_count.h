// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/batch_runner.h"
#include "bench/row.h"
#include "harness/measure/instruction_clock.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

struct CountOptions {
  uint64_t seed = 1;     // of random packets
  bool profile = false;  // mark batches of each row for the emulator's profile
  // Called between batches with the share of the group that is done.
  std::function<void(double share)> progress;
};

struct GroupCountResult {
  std::vector<InstructionRow> rows;
  std::optional<InstructionCalibration> calibration;
  std::string crowding_warning;  // "" for none
  std::string bpf_symbols;       // lines of /proc/kallsyms, if the rows were profiled
};

// Builds the group's netns, checks every row, counts every row twice, the second time in reverse
// order, checks every row again, and takes everything down. Errors are those that concern the whole
// group; a row that fails its check is in the result.
Result<GroupCountResult> count_group(const GroupSpec &group, Instruments &instruments,
                                     InstructionClock &clock, const CountOptions &options);

}  // namespace sklab
