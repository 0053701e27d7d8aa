// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How a sum of some ranks is distributed when chance alone chooses which: what the rank tests and
// the intervals that belong to them share. Ranks and their sums are doubled; see ranks.h.
#pragma once

#include <cstddef>
#include <vector>

namespace sklab {

// Exact up to the limits below, where it takes some tenths of a second: the distribution given
// these very ranks, so ties need no correction. Beyond them it is the normal distribution with the
// exact mean and variance of the sum, ties included, corrected for continuity by half a rank.
class RankSums {
 public:
  static constexpr size_t kMostExactSigns = 1000;
  static constexpr size_t kMostExactChoices = 300;

  // Each rank is in the sum or not, with equal chances (Wilcoxon's signed ranks).
  static RankSums of_signs(const std::vector<size_t> &ranks);
  // `chosen` of the ranks are in the sum, and every choice is as likely (Wilcoxon's rank sum, Mann
  // and Whitney's U). Requires: chosen <= ranks.size().
  static RankSums of_choices(std::vector<size_t> ranks, size_t chosen);

  // Probabilities that the sum is at most or at least this one.
  double at_most(size_t sum) const;
  double at_least(size_t sum) const;

  size_t smallest() const { return smallest_; }
  // The first sum that is more likely than `probability` not to be exceeded. Requires: 0 <=
  // probability < 1.
  size_t first_above(double probability) const;

 private:
  RankSums() = default;

  size_t smallest_ = 0;
  size_t largest_ = 0;
  double mean_ = 0;
  double deviation_ = 0;
  // In how many ways each sum from the smallest up comes about; empty where that is not counted.
  // Counts beyond 2^53 are rounded: since they are only ever added, that costs a relative error of
  // 2^-53 a rank.
  std::vector<double> ways_;
  double all_ways_ = 0;
};

}  // namespace sklab
