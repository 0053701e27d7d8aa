// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/run_record.h"

namespace sklab {

// result.json: the whole record. Numbers read back exactly as they were, but what is not finite is
// written as null and reads back as NaN. Bytes that are not UTF-8 become U+FFFD.
std::string result_json(const RunRecord &record);

// Errors are of kind kUsage: not JSON, another schema version, or a field that is missing or of the
// wrong type, named by its JSON pointer. Unknown fields are ignored: a later sklab may add some.
Result<RunRecord> parse_result_json(std::string_view text);

}  // namespace sklab
