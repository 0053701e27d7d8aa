// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <optional>

#include "bench/group_session.h"
#include "bench/instructions/lane_count.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// Counts lookups with two programs of which one adds a hundred times before it passes: each
// addition is one instruction of the processor. None in a group whose probe looks nothing up
// without a program. Errors: those of LaneCounter.
Result<std::optional<InstructionCalibration>> calibrate(GroupSession &session,
                                                        LaneCounter &counter);

}  // namespace sklab
