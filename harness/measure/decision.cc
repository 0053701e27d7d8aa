// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/decision.h"

#include <cassert>
#include <cmath>

namespace sklab {

bool lies_within(const Estimate &interval, double low, double high) {
  return interval.low >= low && interval.high <= high;
}

std::optional<uint64_t> further_samples(uint64_t have, const Estimate &interval,
                                        double wanted_half_width) {
  assert(wanted_half_width > 0);
  const double ratio = (interval.high - interval.low) / 2 / wanted_half_width;
  const double further = std::ceil(static_cast<double>(have) * (ratio * ratio - 1));
  // So put that a NaN is none, too; 2^64 is the first number that uint64_t does not have.
  if (!(further > 0 && further < std::ldexp(1.0, 64))) return std::nullopt;
  return static_cast<uint64_t>(further);
}

}  // namespace sklab
