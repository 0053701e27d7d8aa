// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/noise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

const std::vector<double> kEvenWork = {50'000, 50'000, 50'000};

GapMeter meter_of(uint64_t start_ns, const std::vector<uint64_t> &gaps_ns) {
  GapMeter meter(start_ns);
  uint64_t now_ns = start_ns;
  for (const uint64_t gap_ns : gaps_ns) meter.add(now_ns += gap_ns);
  return meter;
}

TEST(GapMeter, CountsGapsOverTheThresholdOnly) {
  const Noise noise =
      meter_of(1000, {25, 84'999, 75, kGapNs, kGapNs + 1, 4900}).noise_with(kEvenWork);
  EXPECT_EQ(noise.longest_gap_ns, 84'999U);
  EXPECT_DOUBLE_EQ(noise.lost_share, 0.9);          // 90,000 of 100,000 ns
  EXPECT_DOUBLE_EQ(noise.gaps_per_second, 20'000);  // 2 in 0.1 ms
}

TEST(GapMeter, DoesNotDependOnWhenItStarted) {
  const std::vector<uint64_t> gaps_ns = {30, 7000, 30, 12'000};
  for (const uint64_t start_ns : {uint64_t{0}, uint64_t{1} << 63U}) {
    const GapMeter meter = meter_of(start_ns, gaps_ns);
    EXPECT_EQ(meter.elapsed_ns(), 19'060U);
    EXPECT_DOUBLE_EQ(meter.noise_with(kEvenWork).lost_share, 19'000.0 / 19'060);
  }
}

TEST(GapMeter, QuietClockLosesNothing) {
  const Noise noise = meter_of(5, std::vector<uint64_t>(1000, 25)).noise_with(kEvenWork);
  EXPECT_EQ(noise.lost_share, 0);
  EXPECT_EQ(noise.longest_gap_ns, 0U);
  EXPECT_EQ(noise.gaps_per_second, 0);
}

TEST(GapMeter, NoTimeAtAllIsNoNoise) {
  const Noise noise = GapMeter(7).noise_with(kEvenWork);
  EXPECT_EQ(noise.lost_share, 0);
  EXPECT_EQ(noise.gaps_per_second, 0);
}

TEST(GapMeter, WorkSpreadIsOfTheMiddleNineTenths) {
  std::vector<double> work_ns(101);  // 100 to 200, so p5 is 105, p50 150, p95 195
  for (size_t i = 0; i < work_ns.size(); ++i) work_ns[i] = static_cast<double>(200 - i);
  EXPECT_DOUBLE_EQ(GapMeter(0).noise_with(work_ns).work_spread, 90.0 / 150);
  work_ns.front() = 1e9;  // one interrupt is not a spread
  EXPECT_DOUBLE_EQ(GapMeter(0).noise_with(work_ns).work_spread, 90.0 / 150);
  EXPECT_EQ(GapMeter(0).noise_with(kEvenWork).work_spread, 0);
}

TEST(IsNoisy, WhenEitherThresholdIsExceeded) {
  for (const double lost_share : {0.0, kMaxLostShare, kMaxLostShare * 1.01}) {
    for (const double work_spread : {0.0, kMaxWorkSpread, kMaxWorkSpread * 1.01}) {
      const bool expected = lost_share > kMaxLostShare || work_spread > kMaxWorkSpread;
      // A single long gap, or many short ones, do not matter as such.
      EXPECT_EQ(is_noisy({lost_share, 9'000'000, 250, work_spread}), expected)
          << lost_share << ' ' << work_spread;
    }
  }
}

TEST(Describe, HasAllNumbersOnOneLine) {
  EXPECT_EQ(describe({0.0123, 85'432, 250.4, 0.078}),
            "1.23 % of the time lost in gaps of over 5 us (250 a second, longest 85.4 us), "
            "equal work spread by 7.8 %");
}

TEST(MeasureNoise, OfThisMachineIsPlausible) {
  const auto start = std::chrono::steady_clock::now();
  const Result<Noise> noise = measure_noise(std::chrono::milliseconds(40));
  const auto elapsed = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(noise.has_value()) << noise.error().message();
  EXPECT_GE(noise->lost_share, 0);
  EXPECT_LE(noise->lost_share, 1);
  EXPECT_GE(noise->work_spread, 0);
  EXPECT_EQ(noise->longest_gap_ns > 0, noise->gaps_per_second > 0);
  EXPECT_GE(elapsed, std::chrono::milliseconds(20)) << "the clock was not watched";
}

TEST(MeasureNoise, TakesAnyDuration) {
  EXPECT_TRUE(measure_noise(std::chrono::milliseconds(0)).has_value());
}

}  // namespace
}  // namespace sklab
