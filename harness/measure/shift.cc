// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/shift.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/measure/rank_sums.h"
#include "harness/measure/ranks.h"

namespace sklab {
namespace {

// The median and the interval of all pairs' shifts.
//
// The test's statistic is how many of the pairs lie above the tested shift, without ties: half of
// what the sum of doubled ranks is above its smallest. So the test rejects a shift that fewer than
// `rejected` pairs lie above, or below, and the interval ends at the first pairs that it does not
// reject any more (M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, 3.3 and 4.3).
Estimate shift_of_pairs(std::vector<double> pairs, const RankSums &untied, double confidence) {
  assert(confidence > 0 && confidence < 1);
  // 1 - 0.9 is a little less than 0.1, and tests of few samples do have p values such as 0.1.
  constexpr double kRounding = 1e-9;
  const double tail = (1 - confidence) / 2 * (1 + kRounding);
  const size_t rejected = (untied.first_above(tail) - untied.smallest()) / 2;
  std::sort(pairs.begin(), pairs.end());
  const double median = sorted_quantile(pairs, 0.5);
  if (rejected == 0) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return {median, -kInfinity, kInfinity};
  }
  return {median, pairs[rejected - 1], pairs[pairs.size() - rejected]};
}

}  // namespace

Estimate location_shift(const std::vector<double> &differences, double confidence) {
  assert(!differences.empty());
  const size_t count = differences.size();
  std::vector<double> averages;
  averages.reserve(count * (count + 1) / 2);
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = i; j < count; ++j) averages.push_back((differences[i] + differences[j]) / 2);
  }
  return shift_of_pairs(std::move(averages), RankSums::of_signs(untied_doubled_ranks(count)),
                        confidence);
}

Estimate two_sample_shift(const std::vector<double> &a, const std::vector<double> &b,
                          double confidence) {
  assert(!a.empty() && !b.empty());
  std::vector<double> differences;
  differences.reserve(a.size() * b.size());
  for (const double from_a : a) {
    for (const double from_b : b) differences.push_back(from_a - from_b);
  }
  const std::vector<size_t> ranks = untied_doubled_ranks(a.size() + b.size());
  return shift_of_pairs(std::move(differences), RankSums::of_choices(ranks, a.size()), confidence);
}

std::vector<double> logarithms_of(const std::vector<double> &values) {
  std::vector<double> logarithms(values.size());
  std::transform(values.begin(), values.end(), logarithms.begin(),
                 [](double value) { return std::log(value); });
  return logarithms;
}

}  // namespace sklab
