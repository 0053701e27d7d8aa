// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/range/range_record.h"

namespace sklab {

// range.json, with a newline at its end.
std::string range_json(const RangeRecord &record);

// Errors: kUsage for text that is no such file, or one of another schema version.
Result<RangeRecord> parse_range_json(std::string_view text);

}  // namespace sklab
