// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/cli/bench.h"

namespace sklab {

// `sklab bench --clock instructions`, on the machine that this is.
ExitCode count_instructions(const BenchOptions &options);

}  // namespace sklab
