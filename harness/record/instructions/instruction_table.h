// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// "344", or with two decimals where rows are means of different lookups; with `sign` "+177".
std::string instructions_text(double instructions_per_lookup, bool sign = false);

// The table for a terminal, at most 100 columns wide.
std::string instruction_table(const InstructionRecord &record);
std::string instruction_markdown(const InstructionRecord &record);

}  // namespace sklab
