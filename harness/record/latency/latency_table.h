// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/latency/latency_record.h"

namespace sklab {

// For a terminal and for a cover letter: ASCII, 72 columns.
std::string latency_table(const LatencyRecord &record);
std::string latency_markdown(const LatencyRecord &record);

}  // namespace sklab
