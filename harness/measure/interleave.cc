// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/interleave.h"

#include <map>
#include <utility>

namespace sklab {
namespace {

// Uniform in [0, bound). Standard C++ leaves the algorithms of std::shuffle and of distributions to
// the library, but defines the engine's numbers; the numbers of the last, partial run of `bound`
// are drawn again so that none is more likely.
uint64_t draw_below(std::mt19937_64 &random, uint64_t bound) {
  const uint64_t partial = (std::mt19937_64::max() % bound + 1) % bound;
  while (true) {
    const uint64_t number = random();
    if (number <= std::mt19937_64::max() - partial) return number % bound;
  }
}

// Fisher-Yates.
template <typename T>
void shuffle(std::vector<T> &items, std::mt19937_64 &random) {
  for (size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[draw_below(random, left)]);
  }
}

}  // namespace

RoundOrder::RoundOrder(uint64_t seed, const std::vector<unsigned> &phase_of_lane) : random_(seed) {
  std::map<unsigned, std::vector<size_t>> lanes_of_phase;
  for (size_t lane = 0; lane < phase_of_lane.size(); ++lane) {
    lanes_of_phase[phase_of_lane[lane]].push_back(lane);
  }
  for (auto &[phase, lanes] : lanes_of_phase) phases_.push_back(std::move(lanes));
}

const std::vector<size_t> &RoundOrder::next() {
  shuffle(phases_, random_);
  order_.clear();
  for (std::vector<size_t> &lanes : phases_) {
    shuffle(lanes, random_);
    order_.insert(order_.end(), lanes.begin(), lanes.end());
  }
  return order_;
}

}  // namespace sklab
