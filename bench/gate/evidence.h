// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the samples of a row say about a change: pure.
//
// Side by side, each pair of processes in lockstep is a sample of the change, and a side shows
// against itself what is noise. Against a baseline, processes of another time are compared, so
// noise is also what the machine itself became meanwhile: what two recordings of the same code had
// between them, and what surely happened to the loop around the lookups, in which nothing of a
// kernel's lookup is.
#pragma once

#include "bench/gate/row_tally.h"
#include "harness/measure/estimate.h"

namespace sklab {

struct Evidence {
  // candidate / base - 1, as a fraction, with an interval of the confidence asked for.
  Estimate change;
  double noise_floor = 0;  // as a fraction: changes up to this may be none of the candidate's
};

// Whether there are samples of both sides.
bool has_samples(const RowTally &tally);

// By how much the machine itself surely became faster or slower since the baseline, as a fraction;
// 0 side by side, where it is the same for both.
double machine_drift(const RowTally &tally);

// Requires: has_samples().
Evidence evidence_of(const RowTally &tally, double confidence);

// That the change is no more than the margin, in whichever direction it is: two-sided, exact.
// Requires: has_samples().
double p_beyond(const RowTally &tally, double margin);

// The smallest p that p_beyond() can have with so many processes of each side, if these are not
// compared in pairs.
double smallest_rank_sum_p(size_t base, size_t candidate);

}  // namespace sklab
