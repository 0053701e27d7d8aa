// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How many iterations make a batch: long enough that the clock's step does not matter, short enough
// that most batches end before the next interrupt.
#pragma once

#include <cstdint>
#include <functional>

#include "harness/base/result.h"

namespace sklab {

// CLOCK_MONOTONIC in nanoseconds: no leap when the time of day is set.
uint64_t monotonic_ns();

// Smallest non-zero step between successive reads of CLOCK_MONOTONIC, at least 1 ns. Reading takes
// longer than a fine clock's step, so this is the larger of step and read time. About 0.1 ms.
uint64_t clock_resolution_ns();

// Iterations for which `run_elapsed_ns` (which runs a batch and returns its nanoseconds) takes
// about `batch_ns`; at least 1, at most 2^31. Short trials are doubled until one lasts 1000 clock
// resolutions and an eighth of `batch_ns`, then scaled, and the result is run once more and scaled
// again, since a fixed cost per batch weighs more in the short trial. Each of these is a median of
// three, so that one interrupt does not count.
//
// Errors: those of `run_elapsed_ns`; kHarness for a clock that does not advance, or so little that
// 2^31 iterations are too short.
Result<uint64_t> calibrate_iterations(
    const std::function<Result<uint64_t>(uint64_t iterations)> &run_elapsed_ns, uint64_t batch_ns,
    uint64_t resolution_ns = clock_resolution_ns());

}  // namespace sklab
