// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Percentiles of latencies that were measured in rounds. Latencies of one round have much in
// common: what disturbs one request delays those behind it, too. So it is rounds that intervals are
// made of, by drawing from them again and again (B. Efron, the bootstrap, over blocks).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/measure/estimate.h"
#include "harness/measure/histogram.h"

namespace sklab {

// With fewer above it, a percentile is some few samples' matter.
inline constexpr uint64_t kLeastAbovePercentile = 10;

inline bool tells_percentile(uint64_t samples, double percent) {
  return static_cast<double>(samples) * (100 - percent) / 100 >=
         static_cast<double>(kLeastAbovePercentile) - 1e-6;
}

// Of all rounds together. One estimate a percentile, in nanoseconds; intervals are 95 %, and depend
// on the rounds alone. Requires: rounds that are not empty.
std::vector<Estimate> percentile_estimates(const std::vector<Histogram> &rounds,
                                           std::span<const double> percents);

// By how much `rounds` is above `base` of the same rounds. Where each round tells the percentile,
// it is the median of the rounds' own differences, so that drift of the machine cancels; elsewhere
// it is that of all rounds together, drawn alike. Requires: as many of either.
std::vector<Estimate> percentile_differences(const std::vector<Histogram> &rounds,
                                             const std::vector<Histogram> &base,
                                             std::span<const double> percents);

}  // namespace sklab
