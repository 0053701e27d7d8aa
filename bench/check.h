// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "bench/batch_runner.h"
#include "bench/lane.h"

namespace sklab {

// Looks every packet of the lane up with run statistics on, and compares socket and run counts with
// what the model expects; what was seen is noted in the lane. Nothing may be timed meanwhile.
// Errors: kMismatch with what differs.
Result<> check_lane(Lane &lane, BatchRunner &runner, const PopulatedNetns &netns);

}  // namespace sklab
