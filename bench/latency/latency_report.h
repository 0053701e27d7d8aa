// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "bench/latency/latency_lane.h"
#include "harness/record/latency/latency_record.h"

namespace sklab {

// Adds what the lanes measured to the record: a section, its self-checks, and what is to be warned
// of.
void report_section(const LatencySection &section, const std::vector<LatencyLane> &lanes,
                    LatencyRecord &record);

}  // namespace sklab
