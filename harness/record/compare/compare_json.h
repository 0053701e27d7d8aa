// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/compare/compare_record.h"

namespace sklab {

// compare.json, with a newline at its end.
std::string compare_json(const CompareRecord &record);

// Errors: kUsage for text that is no such file, or one of another schema version.
Result<CompareRecord> parse_compare_json(std::string_view text);

}  // namespace sklab
