// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// A made-up record with every kind of row, for tests.
InstructionRecord example_instructions();

}  // namespace sklab
