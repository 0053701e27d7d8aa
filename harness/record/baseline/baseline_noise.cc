// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/baseline/baseline_noise.h"

#include <algorithm>
#include <cmath>

#include "harness/measure/shift.h"

namespace sklab {
double recordings_noise(const BaselineRow &row) {
  constexpr double kConfidence = 0.95;
  if (row.second.latency_ns.empty()) return 0;
  const Estimate shift = two_sample_shift(logarithms_of(row.second.latency_ns),
                                          logarithms_of(row.first.latency_ns), kConfidence);
  return std::expm1(std::max(-shift.low, shift.high));
}

}  // namespace sklab
