// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/model/load_rules.h"
#include "harness/model/step_program.h"
#include "harness/model/step_run.h"

namespace sklab {

// One step as a person writes it: "slot 0 = lookup in sockmap: udp4", "if slot 0 is not NULL, 2
// steps".
std::string describe(const Step &step);

// The program with its packet, a step a line, those behind a branch indented.
std::string describe(const StepProgram &program);

// "loads", or "refused at step 3: reference".
std::string describe(const LoadVerdict &verdict);

// A fact a line: what each step showed, what came of it all.
std::string describe(const StepRun &run);

}  // namespace sklab
