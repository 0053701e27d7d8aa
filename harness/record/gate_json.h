// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/gate_record.h"

namespace sklab {

// gate.json: the whole record, by the rules of result.json (result_json.h).
std::string gate_json(const GateRecord &record);

// Errors as those of parse_result_json().
Result<GateRecord> parse_gate_json(std::string_view text);

}  // namespace sklab
