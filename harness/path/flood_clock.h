// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How long a batch of a flood takes: the clock is read many times in it, so that an interruption of
// it is in one interval, and not in the figure. Pure.
#pragma once

#include <cstdint>
#include <span>

#include "harness/path/flood_batch.h"

namespace sklab {

// Packets from one reading to the next, whole bursts: at least four if there are so many, and such
// that all readings fit into SKLAB_STAMPS.
uint64_t stamp_interval(const FloodBatch &batch);

// Nanoseconds of the timed packets, all of them as long as those of the median interval.
// Requires: two readings at least.
uint64_t elapsed_from(const FloodBatch &batch, std::span<const uint64_t> stamps_ns);

}  // namespace sklab
