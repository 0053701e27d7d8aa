// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// By how much one of two things is greater: the estimates of Hodges and Lehmann, whose intervals
// belong to the rank tests. Without ties an interval with a confidence of 1 - alpha holds just the
// shifts that the two-sided test does not reject at alpha, so a gate's figure and its verdict
// cannot contradict each other. See RankSums for how far both are exact.
//
// With too few samples nothing is rejected, and the interval is (-inf, +inf): at 95 % with fewer
// than six differences, or with three samples a side. median_estimate() falls back to the
// extremes instead, which is fine for a report, but would let a gate decide without evidence.
//
// With ties the intervals cover at least as often as they say (G. E. Noether, Wilcoxon Confidence
// Intervals for Location Parameters in the Discrete Case, JASA 62, 1967). The tests know which ties
// there are and intervals do not, so then a test can reject 0 while the interval still has it;
// the other way round is rare.
#pragma once

#include <vector>

#include "harness/measure/estimate.h"

namespace sklab {

// The center that differences are symmetric around: the median of the averages of any two of them,
// and of each with itself (Walsh averages). There are n (n + 1) / 2 of these, which are all kept.
// Requires: differences finite and not empty, 0 < confidence < 1.
Estimate location_shift(const std::vector<double> &differences, double confidence);

// By how much `a` is greater than `b`, if a shift is all in which their distributions differ: the
// median of all a[i] - b[j], which are all kept. Requires: both finite and not empty, 0 <
// confidence < 1.
Estimate two_sample_shift(const std::vector<double> &a, const std::vector<double> &b,
                          double confidence);

// Natural logarithms, whose shift is that of a ratio. Requires: all above 0.
std::vector<double> logarithms_of(const std::vector<double> &values);

}  // namespace sklab
