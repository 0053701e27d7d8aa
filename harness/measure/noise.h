// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How far the machine can be trusted with a measurement, before one is made.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

struct Noise {
  double lost_share = 0;        // of the time, in [0, 1], in gaps of over kGapNs
  uint64_t longest_gap_ns = 0;  // 0 without a gap
  double gaps_per_second = 0;
  double work_spread = 0;  // (p95 - p5) / p50 of the time that a fixed piece of work takes
};

// Two clock reads are some tens of nanoseconds apart; between any further apart, an interrupt,
// another task or the hypervisor had the CPU.
inline constexpr uint64_t kGapNs = 5000;

// A quiet machine loses some 0.1 % to its timer interrupt and spreads by 1 to 3 %. Beyond these,
// the medians of a short run are not worth comparing.
inline constexpr double kMaxLostShare = 0.01;
inline constexpr double kMaxWorkSpread = 0.10;

// Sums up the gaps between successive clock reads in constant memory: a buffer of them would itself
// disturb by its page faults.
class GapMeter {
 public:
  explicit GapMeter(uint64_t start_ns) : start_ns_(start_ns), now_ns_(start_ns) {}

  // Requires: not before the last one.
  void add(uint64_t now_ns) {
    const uint64_t gap_ns = now_ns - now_ns_;
    now_ns_ = now_ns;
    if (gap_ns > kGapNs) add_gap(gap_ns);
  }

  [[nodiscard]] uint64_t elapsed_ns() const { return now_ns_ - start_ns_; }

  // The noise of these gaps and of the durations of equal pieces of work.
  // Requires: work_ns not empty, its median not 0.
  [[nodiscard]] Noise noise_with(const std::vector<double> &work_ns) const;

 private:
  void add_gap(uint64_t gap_ns);

  uint64_t start_ns_;
  uint64_t now_ns_;
  uint64_t lost_ns_ = 0;
  uint64_t longest_gap_ns_ = 0;
  size_t gaps_ = 0;
};

// Of the CPU that the calling thread runs on; pin it first. Half of `duration` goes into reading
// the clock, half into arithmetic of about 50 us a piece. Errors: kHarness for a clock that does
// not advance.
Result<Noise> measure_noise(std::chrono::milliseconds duration);

// Whether a threshold above is exceeded.
bool is_noisy(const Noise &noise);

// All the numbers on one line.
std::string describe(const Noise &noise);

}  // namespace sklab
