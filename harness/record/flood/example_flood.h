// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/run_record.h"

namespace sklab {

// Made-up rows of a flood, for tests: udp4 and tcp4, and one row of each kind that has no number.
RunRecord example_flood_run();

}  // namespace sklab
