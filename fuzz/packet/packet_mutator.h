// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sklab {

// Mutates the `size` bytes at the start of `bytes`, all of which may be used, and returns the new
// size: either the scenario's records as mutate_scenario() does, or those that describe packets.
size_t mutate_packets(std::span<uint8_t> bytes, size_t size, uint64_t seed);

}  // namespace sklab
