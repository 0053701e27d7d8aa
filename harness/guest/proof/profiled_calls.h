// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>

namespace sklab {

// What profile_proof runs in a guest: calls of the kernel between marks, each printed as a line
// "window NAME CALLS NANOSECONDS" of the guest's clock, and the edge cases. Returns the exit code.
int run_profiled_calls();

// For each kind of calls that many pairs of windows are run, of kProfiledCalls calls and of twice
// as many.
inline constexpr size_t kWindowPairs = 5;
// Short windows: a timer that ticks a thousand times a second does so every million instructions.
inline constexpr unsigned kProfiledCalls = 16;

}  // namespace sklab
