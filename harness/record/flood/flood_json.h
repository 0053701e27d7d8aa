// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/flood/flood_record.h"

namespace sklab {

// flood.json, with a newline at its end.
std::string flood_json(const FloodRecord &record);

// Errors: kUsage for text that is no such file, or one of another schema version.
Result<FloodRecord> parse_flood_json(std::string_view text);

}  // namespace sklab
