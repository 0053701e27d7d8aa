// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/latency/latency_record.h"

namespace sklab {

// The row's latencies in microseconds as HdrHistogram's tools write and plot them: a line a
// percentile. Requires: a row that has numbers.
std::string percentile_file(const LatencyRowRecord &row);

// "udp4_20000_10000-sockets_pass.hgrm"
std::string percentile_file_name(const LatencySectionRecord &section, const LatencyRowRecord &row);

}  // namespace sklab
