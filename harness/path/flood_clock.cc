// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_clock.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "bpf/abi.h"

namespace sklab {
namespace {

constexpr uint64_t kLeastBursts = 4;

}  // namespace

uint64_t stamp_interval(const FloodBatch &batch) {
  const uint64_t bursts = batch.packets / kFloodBurst;
  constexpr uint64_t kIntervals = SKLAB_STAMPS - 1;
  const uint64_t needed = (bursts + kIntervals - 1) / kIntervals;
  return kFloodBurst * std::max<uint64_t>(1, std::min(bursts, std::max(needed, kLeastBursts)));
}

uint64_t elapsed_from(const FloodBatch &batch, std::span<const uint64_t> stamps_ns) {
  std::vector<uint64_t> intervals_ns;
  for (size_t i = 1; i < stamps_ns.size(); ++i) {
    intervals_ns.push_back(stamps_ns[i] - stamps_ns[i - 1]);
  }
  const auto middle = intervals_ns.begin() + static_cast<ptrdiff_t>(intervals_ns.size() / 2);
  std::nth_element(intervals_ns.begin(), middle, intervals_ns.end());
  const double share =
      static_cast<double>(batch.packets) / static_cast<double>(stamp_interval(batch));
  return static_cast<uint64_t>(std::llround(static_cast<double>(*middle) * share));
}

}  // namespace sklab
