// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "bench/lane.h"
#include "harness/record/run_record.h"

namespace sklab {

// What the group's self-check rows say about the measurement:
//   a_a_control        the same row twice: the difference is 0 if pairing works
//   residual_overhead  what an iteration costs beside its lookups and was not taken off with the
//                      empty loop, per lookup
//   proportionality    twice the lookups take twice the time: the clock reads are far enough apart
// `control_half_width_ns` is how wide the control's interval may be, to either side.
std::vector<SelfCheck> run_self_checks(const std::vector<Lane> &lanes,
                                       double control_half_width_ns);

}  // namespace sklab
