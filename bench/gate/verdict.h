// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// From what was measured to a verdict, row by row: pure.
//
// A regression is significant after Holm's correction over all rows, and its interval clears the
// margin: the largest of the row's threshold, its absolute floor, and what there is of noise
// (evidence.h). Both are one test: that the change is no more than the margin. No change is an
// interval inside threshold or floor, whatever the noise. What is neither is inconclusive. A gate
// looks more than once at samples that grow, so each look spends a part of the error that all of
// them may make.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/gate/row_tally.h"
#include "bench/gate/thresholds.h"
#include "harness/record/gate_record.h"

namespace sklab {

// How often a gate without any change may say that there is one; and a row with a change as big as
// its margin that there is none.
inline constexpr double kFalseAlarm = 0.01;
inline constexpr double kFalseAllClear = 0.05;

// Samples each row needs before a look can find anything. Requires: tallies not empty.
size_t least_samples(const std::vector<RowTally> &tallies);

// The latency of each row, in the order of the tallies. `look` is 1 at the first.
std::vector<GateRow> judge_latencies(const std::vector<RowTally> &tallies,
                                     const Thresholds &thresholds, unsigned look);

// What is counted and not measured: a row for every count. Any growth is a regression, but for what
// the thresholds let programs grow.
std::vector<GateRow> judge_counts(const std::vector<RowTally> &tallies,
                                  const Thresholds &thresholds);

// One count of both sides, compared exactly: growth by more than the fraction is a regression.
void judge_count(GateRow &row, double base, double candidate, double growth);

// Of the whole gate: the first in the order of Verdict that a row has.
Verdict overall_verdict(const std::vector<GateRow> &rows);

}  // namespace sklab
