// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/latency/latency_record.h"

namespace sklab {

// Percentile plots of all sections as one SVG: latency over the share of requests that took longer,
// both logarithmic. It needs nothing else, and is drawn on white.
std::string percentile_picture(const LatencyRecord &record);

}  // namespace sklab
