// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/estimate.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cassert>
#include <cmath>
#include <functional>
#include <utility>

namespace sklab {
namespace {

// From each end of `count` sorted samples, how many lie outside the interval.
//
// The number of samples below the true median is binomial(count, 1/2). So the interval from the
// k-th smallest to the k-th largest misses the median with probability 2 P(B < k) when no two
// samples are equal, and with less when some are (H. A. David, Order Statistics, 7.1).
size_t samples_outside(size_t count, double confidence) {
  const boost::math::binomial_distribution<double> below(static_cast<double>(count), 0.5);
  const double tail = (1 - confidence) / 2;
  // Boost rounds a quantile below the median down: the largest k - 1 with P(B <= k - 1) <= tail. It
  // returns 0 when there is none, which is the wished for [min, max] as well.
  return static_cast<size_t>(boost::math::quantile(below, tail));
}

}  // namespace

double sorted_quantile(const std::vector<double> &sorted, double q) {
  assert(!sorted.empty() && q >= 0 && q <= 1);
  const double position = q * static_cast<double>(sorted.size() - 1);
  const double floor = std::floor(position);
  const auto below = static_cast<size_t>(floor);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - floor);
}

Distribution distribution_of(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double q) { return sorted_quantile(samples, q); };
  return {at(0), at(.01), at(.05), at(.25), at(.5), at(.75), at(.95), at(.99), at(1)};
}

Estimate median_estimate(std::vector<double> samples, double confidence) {
  assert(!samples.empty() && confidence > 0 && confidence < 1);
  std::sort(samples.begin(), samples.end());
  const size_t outside = samples_outside(samples.size(), confidence);
  return {sorted_quantile(samples, 0.5), samples[outside], samples[samples.size() - 1 - outside]};
}

Estimate paired_difference(const std::vector<double> &a, const std::vector<double> &b,
                           double confidence) {
  assert(a.size() == b.size());
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(), std::minus<>());
  return median_estimate(std::move(differences), confidence);
}

}  // namespace sklab
