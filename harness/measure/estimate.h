// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The numbers every report is made of. All estimates are medians with exact, distribution-free
// intervals: batches on a shared machine are skewed by interrupts, so means say little.
#pragma once

#include <cstddef>
#include <vector>

namespace sklab {

struct Estimate {
  double value = 0;
  double low = 0;  // interval that covers the true median with at least the asked confidence
  double high = 0;

  bool operator==(const Estimate &) const = default;
};

// What stands behind "+-" in tables.
inline double half_width(const Estimate &estimate) { return (estimate.high - estimate.low) / 2; }

// The distribution of batch means. It is not that of single lookups: a batch averages thousands.
struct Distribution {
  double min = 0, p1 = 0, p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0, p99 = 0, max = 0;

  bool operator==(const Distribution &) const = default;
};

// Quantile q in [0, 1] of sorted samples, linear between neighbours (type 7 of Hyndman and Fan, the
// default of R and NumPy). Requires: samples sorted and not empty.
double sorted_quantile(const std::vector<double> &sorted, double q);

// Requires: samples not empty.
Distribution distribution_of(std::vector<double> samples);

// Sample median and the interval between the order statistics whose coverage, exact by the binomial
// distribution, is at least `confidence`. With too few samples for that confidence the interval is
// [min, max]. Requires: samples not empty, 0 < confidence < 1.
Estimate median_estimate(std::vector<double> samples, double confidence = 0.95);

// Median of a[i] - b[i]. Requires: same size, not empty.
Estimate paired_difference(const std::vector<double> &a, const std::vector<double> &b,
                           double confidence = 0.95);

}  // namespace sklab
