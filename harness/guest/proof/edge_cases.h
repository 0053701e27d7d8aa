// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

namespace sklab {

// Runs, between marks, instructions that a counter of executed instructions may get wrong, and
// prints a line "expect ADDRESS COUNT" for each. False if it could not.
bool run_edge_cases();

}  // namespace sklab
