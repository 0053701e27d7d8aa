// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// The whole record, by the rules of result.json (result_json.h).
std::string baseline_json(const BaselineRecord &record);

// Errors: those of parse_result_json(); a baseline that no gate could be compared with: without
// rows, or a row twice, with too few samples, or with one that is no length of time.
Result<BaselineRecord> parse_baseline_json(std::string_view text);

}  // namespace sklab
