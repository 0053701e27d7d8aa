// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sklab {

// Mutates the `size` bytes at the start of `bytes`, all of which may be used: inserts, removes,
// copies, swaps and changes operations. Returns the new size.
size_t mutate_sequence(std::span<uint8_t> bytes, size_t size, uint64_t seed);

// The beginning of one sequence and the end of another. Returns the size of what it wrote to `out`.
size_t cross_sequences(std::span<const uint8_t> first, std::span<const uint8_t> second,
                       std::span<uint8_t> out, uint64_t seed);

}  // namespace sklab
