// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/latency/latency_record.h"

namespace sklab {

// Made up, for tests: two sections, churn, and a row of each kind that has no number.
LatencyRecord example_latency();

}  // namespace sklab
