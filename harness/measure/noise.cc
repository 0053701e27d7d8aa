// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/noise.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/measure/calibrate.h"
#include "harness/measure/estimate.h"

namespace sklab {
namespace {

constexpr uint64_t kWorkNs = 50'000;
constexpr size_t kMinPieces = 40;  // so that p5 and p95 are not the extremes

// Each step needs the one before, so it takes the same number of cycles whatever the compiler and
// the CPU's width, and no memory: what is left to vary is the CPU's time and frequency.
uint64_t work_elapsed_ns(uint64_t iterations) {
  const uint64_t start_ns = monotonic_ns();
  uint64_t state = start_ns;
  for (uint64_t i = 0; i < iterations; ++i) state = state * 6364136223846793005U + 1;
  volatile uint64_t sink = state;
  static_cast<void>(sink);
  return monotonic_ns() - start_ns;
}

GapMeter watch_clock(uint64_t duration_ns) {
  GapMeter meter(monotonic_ns());
  while (meter.elapsed_ns() < duration_ns) meter.add(monotonic_ns());
  return meter;
}

Result<std::vector<double>> time_work(uint64_t duration_ns) {
  SKLAB_TRY(const uint64_t iterations, calibrate_iterations(work_elapsed_ns, kWorkNs));
  std::vector<double> work_ns(std::max<size_t>(kMinPieces, duration_ns / kWorkNs));
  for (double &piece_ns : work_ns) piece_ns = static_cast<double>(work_elapsed_ns(iterations));
  return work_ns;
}

}  // namespace

void GapMeter::add_gap(uint64_t gap_ns) {
  lost_ns_ += gap_ns;
  longest_gap_ns_ = std::max(longest_gap_ns_, gap_ns);
  ++gaps_;
}

Noise GapMeter::noise_with(const std::vector<double> &work_ns) const {
  const Distribution work = distribution_of(work_ns);
  Noise noise;
  noise.longest_gap_ns = longest_gap_ns_;
  noise.work_spread = (work.p95 - work.p5) / work.p50;
  if (elapsed_ns() == 0) return noise;
  const auto elapsed = static_cast<double>(elapsed_ns());
  noise.lost_share = static_cast<double>(lost_ns_) / elapsed;
  noise.gaps_per_second = static_cast<double>(gaps_) * 1e9 / elapsed;
  return noise;
}

Result<Noise> measure_noise(std::chrono::milliseconds duration) {
  const auto half_ns = static_cast<uint64_t>(std::chrono::nanoseconds(duration).count() / 2);
  // First, since it finds a clock that stands still, which would be watched for ever.
  SKLAB_TRY(const std::vector<double> work_ns, time_work(half_ns));
  return watch_clock(half_ns).noise_with(work_ns);
}

bool is_noisy(const Noise &noise) {
  return noise.lost_share > kMaxLostShare || noise.work_spread > kMaxWorkSpread;
}

std::string describe(const Noise &noise) {
  return fmt::format(
      "{:.2f} % of the time lost in gaps of over {} us ({:.0f} a second, longest {:.1f} us), "
      "equal work spread by {:.1f} %",
      noise.lost_share * 100, kGapNs / 1000, noise.gaps_per_second,
      static_cast<double>(noise.longest_gap_ns) / 1000, noise.work_spread * 100);
}

}  // namespace sklab
