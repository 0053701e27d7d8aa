// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>

#include "harness/model/step_program.h"

namespace sklab {

// The smallest complete program found by leaving out steps, branches, and what their numbers say,
// one after the other, for which `fails` still holds, as it does for `program`.
StepProgram reduce_program(StepProgram program,
                           const std::function<bool(const StepProgram &)> &fails);

}  // namespace sklab
