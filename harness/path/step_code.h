// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/kernel/instructions.h"
#include "harness/model/step_program.h"

namespace sklab {

// What programs of steps and their loader share: the value of an array map.
struct StepMemory {
  uint64_t given = 0;
  std::array<uint64_t, kMostSteps + 1> shown{};
};

// Descriptors of the maps.
struct StepMaps {
  int sockmap = -1;
  int sockhash = -1;
  int memory = -1;
};

struct StepCode {
  instructions::Code code;
  std::vector<size_t> first_instruction;  // of each step
};

// The instructions of a complete program. R6 is the context, R7 to R9 are the slots.
StepCode compile_steps(const StepProgram &program, const StepMaps &maps);

}  // namespace sklab
