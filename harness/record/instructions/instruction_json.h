// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// instructions.json, with a newline at its end.
std::string instruction_json(const InstructionRecord &record);

// Errors: kUsage for text that is no such file, or one of another schema version.
Result<InstructionRecord> parse_instruction_json(std::string_view text);

}  // namespace sklab
