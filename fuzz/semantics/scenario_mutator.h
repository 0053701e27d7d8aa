// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Mutation of scenarios as records: parts of a scenario are inserted, removed, copied, moved,
// spliced and changed, not bits of bytes whose meaning depends on what stands before them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sklab {

// Mutates the `size` bytes at the start of `bytes`, all of which may be used, and returns the new
// size. Which kinds of change are likely depends on the seed, too (swarm testing, Groce et al.
// 2012): some inputs only ever grow, others only change flags.
size_t mutate_scenario(std::span<uint8_t> bytes, size_t size, uint64_t seed);

// Puts together the beginning of one scenario and the end of another, or the sockets of one and the
// programs of the other. Returns the size of what it wrote to `out`.
size_t cross_scenarios(std::span<const uint8_t> first, std::span<const uint8_t> second,
                       std::span<uint8_t> out, uint64_t seed);

// The records of a scenario that say its dialect and sockets.
std::vector<uint8_t> population_records(std::span<const uint8_t> bytes);

// Gives the scenario in the first `size` of `bytes` the population that the records of another say,
// and returns the new size. Programs and packet stay, with what they assign counted anew.
size_t adopt_population(std::span<uint8_t> bytes, size_t size, std::span<const uint8_t> population);

}  // namespace sklab
