// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/rank_sums.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

namespace sklab {
namespace {

// Sums of the first 0, 1, 2 and so on ranks.
std::vector<size_t> leading_sums(const std::vector<size_t> &ranks) {
  std::vector<size_t> sums(ranks.size() + 1);
  std::partial_sum(ranks.begin(), ranks.end(), sums.begin() + 1);
  return sums;
}

std::vector<double> ways_of_signs(const std::vector<size_t> &ranks) {
  size_t largest = 0;
  std::vector<double> ways(std::accumulate(ranks.begin(), ranks.end(), size_t{1}));
  ways[0] = 1;
  for (const size_t rank : ranks) {
    // Downwards, or a rank would be added to sums that have it already.
    for (size_t sum = largest + 1; sum-- > 0;) ways[sum + rank] += ways[sum];
    largest += rank;
  }
  return ways;
}

// Rank by rank, and for each number of ranks chosen so far: either this one is not chosen, and the
// ways stay, or it is, and those of one rank fewer are added. Sums are counted from the smallest of
// as many ranks, which halves the work and more.
std::vector<double> ways_of_choices(const std::vector<size_t> &sorted, size_t chosen) {
  const size_t count = sorted.size();
  const std::vector<size_t> leading = leading_sums(sorted);
  // How far the sums of `some` of the first `seen` ranks reach above the smallest.
  const auto spread = [&](size_t some, size_t seen) {
    return leading[seen] - leading[seen - some] - leading[some];
  };
  std::vector<std::vector<double>> ways(chosen + 1);
  for (size_t some = 0; some <= chosen; ++some) ways[some].resize(spread(some, count) + 1);
  ways[0][0] = 1;
  for (size_t seen = 0; seen < count; ++seen) {
    // With fewer than this the ranks that are left cannot make up the number.
    const size_t left = count - seen - 1;
    const size_t fewest = std::max<size_t>(1, chosen > left ? chosen - left : 0);
    for (size_t some = std::min(seen + 1, chosen); some >= fewest; --some) {
      const std::vector<double> &fewer = ways[some - 1];
      double *const to = ways[some].data() + (sorted[seen] - sorted[some - 1]);
      const size_t sums = spread(some - 1, seen) + 1;
      for (size_t sum = 0; sum < sums; ++sum) to[sum] += fewer[sum];
    }
  }
  return std::move(ways[chosen]);
}

double squares_around(const std::vector<size_t> &ranks, double center) {
  return std::accumulate(ranks.begin(), ranks.end(), 0.0, [&](double sum, size_t rank) {
    const double distance = static_cast<double>(rank) - center;
    return sum + distance * distance;
  });
}

}  // namespace

RankSums RankSums::of_signs(const std::vector<size_t> &ranks) {
  RankSums sums;
  sums.largest_ = std::accumulate(ranks.begin(), ranks.end(), size_t{0});
  sums.mean_ = static_cast<double>(sums.largest_) / 2;
  sums.deviation_ = std::sqrt(squares_around(ranks, 0)) / 2;
  if (ranks.size() <= kMostExactSigns) sums.ways_ = ways_of_signs(ranks);
  sums.all_ways_ = std::accumulate(sums.ways_.begin(), sums.ways_.end(), 0.0);
  return sums;
}

RankSums RankSums::of_choices(std::vector<size_t> ranks, size_t chosen) {
  assert(chosen <= ranks.size());
  std::sort(ranks.begin(), ranks.end());
  const std::vector<size_t> leading = leading_sums(ranks);
  RankSums sums;
  sums.smallest_ = leading[chosen];
  sums.largest_ = leading.back() - leading[ranks.size() - chosen];
  if (ranks.size() <= kMostExactChoices) {
    sums.ways_ = ways_of_choices(ranks, chosen);
    sums.all_ways_ = std::accumulate(sums.ways_.begin(), sums.ways_.end(), 0.0);
    return sums;
  }
  // Sampling without replacement.
  const auto size = static_cast<double>(ranks.size());
  const auto part = static_cast<double>(chosen);
  const double middle = static_cast<double>(leading.back()) / size;
  sums.mean_ = part * middle;
  sums.deviation_ =
      std::sqrt(part * (size - part) / (size * (size - 1)) * squares_around(ranks, middle));
  return sums;
}

double RankSums::at_most(size_t sum) const {
  if (sum >= largest_) return 1;
  if (sum < smallest_) return 0;
  if (ways_.empty()) {
    const boost::math::normal_distribution<double> normal(mean_, deviation_);
    return boost::math::cdf(normal, static_cast<double>(sum) + 1);
  }
  const auto end = ways_.begin() + static_cast<std::ptrdiff_t>(sum - smallest_ + 1);
  return std::accumulate(ways_.begin(), end, 0.0) / all_ways_;
}

double RankSums::at_least(size_t sum) const {
  if (sum <= smallest_) return 1;
  if (sum > largest_) return 0;
  if (ways_.empty()) {
    const boost::math::normal_distribution<double> normal(mean_, deviation_);
    return boost::math::cdf(boost::math::complement(normal, static_cast<double>(sum) - 1));
  }
  // From the largest down: in a tail the small numbers come first, so none is lost, and mirrored
  // samples get the very same probabilities.
  const auto end = ways_.rbegin() + static_cast<std::ptrdiff_t>(largest_ - sum + 1);
  return std::accumulate(ways_.rbegin(), end, 0.0) / all_ways_;
}

size_t RankSums::first_above(double probability) const {
  assert(probability >= 0 && probability < 1);
  size_t low = smallest_;
  size_t high = largest_;  // never exceeded
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (at_most(middle) > probability) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace sklab
