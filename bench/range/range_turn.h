// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "bench/range/range_host.h"

namespace sklab {

// What one method showed in one round.
struct RangeSample {
  RangeSetUp set_up;
  double request_ns = 0;  // one after the other
  double latency_ns_p50 = 0;
  double latency_ns_p99 = 0;
  uint64_t requests = 0;
};

// Requests a second at which latency is measured.
double range_rate_per_second(const FamilyCase &family);

// Sets the method up, sends requests to endpoints of its range chosen at random, and takes it down.
// Each request is checked: by which socket it was answered, and that it was; and how often the
// method's program runs.
// Errors: kMismatch, kUnavailable, EINTR.
Result<RangeSample> take_range_turn(RangeMethod method, const FamilyCase &family, uint64_t seed);

}  // namespace sklab
