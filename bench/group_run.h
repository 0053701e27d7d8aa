// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/batch_runner.h"
#include "bench/row.h"
#include "harness/record/run_record.h"

namespace sklab {

struct MeasureOptions {
  double seconds = 1;       // for this group's rounds
  double batch_ns = 1.5e6;  // length of a timed batch
  uint64_t seed = 1;        // of the order of rows and of random packets
  // After an interrupt, report what was measured if that is enough for an interval.
  bool keep_partial = false;
  double control_half_width_ns = 0.4;  // how wide the A/A control's interval may be, to either side
  // Called between batches with the seconds spent on this group so far.
  std::function<void(double elapsed_s)> progress;
};

struct GroupResult {
  std::vector<RowRecord> rows;  // those of the table; self-check rows are in self_checks
  std::vector<SelfCheck> self_checks;
  std::vector<std::string> warnings;
};

// Builds the group's netns, checks every row, measures them in rounds in which every row has one
// batch, in random order, checks every row again, and takes everything down.
// Errors are those that concern the whole group; a row that fails its check is in the result.
Result<GroupResult> measure_group(const GroupSpec &group, Instruments &instruments,
                                  const MeasureOptions &options);

}  // namespace sklab
