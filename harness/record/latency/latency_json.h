// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/latency/latency_record.h"

namespace sklab {

// latency.json, with a newline at its end.
std::string latency_json(const LatencyRecord &record);

// Errors: kUsage for text that is no such file, or one of another schema version.
Result<LatencyRecord> parse_latency_json(std::string_view text);

}  // namespace sklab
