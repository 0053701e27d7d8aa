// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/model/load_rules.h"
#include "harness/model/step_program.h"
#include "harness/model/step_run.h"

namespace sklab {

// Tells libFuzzer which steps followed each other, and at which step, for what reason and after
// which other step the program was refused.
void note_load_features(const StepProgram &program, const LoadVerdict &verdict);

// What came of each step that showed something, and of the run.
void note_run_features(const StepProgram &program, const StepRun &run);

}  // namespace sklab
