// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The order of the batches of a round. Random, so that drift of the machine and what a batch leaves
// behind in the caches fall on all lanes alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace sklab {

// Lanes are numbered from 0. The lanes of a phase share a setting that is expensive to change, so
// they follow each other, in random order; the order of the phases is random too.
class RoundOrder {
 public:
  // `phase_of_lane` has the phase of each lane; any numbers. The orders depend on these arguments
  // alone, whatever the compiler and library.
  RoundOrder(uint64_t seed, const std::vector<unsigned> &phase_of_lane);

  // Every lane once. Valid until the next call.
  const std::vector<size_t> &next();

 private:
  std::mt19937_64 random_;
  std::vector<std::vector<size_t>> phases_;  // the lanes of each
  std::vector<size_t> order_;
};

}  // namespace sklab
