// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>

#include "harness/model/step_program.h"

namespace sklab {

// Changes a complete program until the kernel's rules let it load, but for its fixed steps
// (Step::is_fixed), or `most` changes were made: leaves out the steps at which they refuse it,
// releases what was kept, returns another code. Of steps that were put together at random hardly
// any program loads, and in hardly any is the interesting step the only wrong one.
void mend_program(StepProgram &program, size_t most);

}  // namespace sklab
