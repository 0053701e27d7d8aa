// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/latency_rounds.h"

#include <gtest/gtest.h>

#include <random>

namespace sklab {
namespace {

constexpr double kPercents[] = {50, 99};

// Rounds of exponential latencies around 1000 ns, each round shifted by what all of it shares.
std::vector<Histogram> rounds_of(size_t rounds, double round_spread_ns, double more_ns,
                                 uint64_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> latency(1.0 / 100);
  std::uniform_real_distribution<double> shared(-round_spread_ns, round_spread_ns);
  std::vector<Histogram> made;
  for (size_t i = 0; i < rounds; ++i) {
    const double shift = 1000 + shared(random) + more_ns;
    std::vector<uint64_t> samples;
    for (int k = 0; k < 200; ++k) samples.push_back(static_cast<uint64_t>(shift + latency(random)));
    made.emplace_back(std::move(samples));
  }
  return made;
}

TEST(LatencyRoundsTest, APercentileTakesTenAboveIt) {
  EXPECT_TRUE(tells_percentile(20, 50));
  EXPECT_FALSE(tells_percentile(999, 99));
  EXPECT_TRUE(tells_percentile(1000, 99));
  EXPECT_FALSE(tells_percentile(99999, 99.99));
  EXPECT_TRUE(tells_percentile(100000, 99.99));
}

TEST(LatencyRoundsTest, IntervalsHoldTheTruthAsOftenAsTheySay) {
  constexpr double kTrue = 1069.3;  // the median of an exponential distribution is ln 2
  size_t held = 0;
  constexpr size_t kRuns = 100;
  for (uint64_t seed = 0; seed < kRuns; ++seed) {
    const Estimate median = percentile_estimates(rounds_of(30, 20, 0, seed), kPercents)[0];
    held += static_cast<size_t>(median.low <= kTrue + 0.5 && kTrue - 0.5 <= median.high);
  }
  EXPECT_GE(held, 85U);
}

TEST(LatencyRoundsTest, WhatRoundsHaveInCommonWidensAnInterval) {
  const auto width = [](double spread) {
    return half_width(percentile_estimates(rounds_of(30, spread, 0, 5), kPercents)[0]);
  };
  EXPECT_GT(width(100), 3 * width(0));
}

TEST(LatencyRoundsTest, ADifferenceHoldsWhatWasAdded) {
  const auto base = rounds_of(30, 5, 0, 6);
  const auto more = rounds_of(30, 5, 40, 7);
  const Estimate difference = percentile_differences(more, base, kPercents)[0];
  EXPECT_LT(difference.low, 40);
  EXPECT_GT(difference.high, 40);
  EXPECT_GT(difference.low, 20);
  for (const Estimate &none : percentile_differences(base, base, kPercents)) {
    EXPECT_EQ(none, (Estimate{0, 0, 0})) << "both are drawn alike";
  }
}

// Half of the rounds are of a slow machine, by much more than what is looked for.
TEST(LatencyRoundsTest, WhatRoundsHaveInCommonCancels) {
  const auto drifting = [](double more_ns, uint64_t seed) {
    std::vector<Histogram> rounds = rounds_of(30, 0, more_ns, seed);
    const auto slow = rounds_of(30, 0, 2000 + more_ns, seed + 1);
    for (size_t i = 0; i < rounds.size(); i += 2) rounds[i] = slow[i];
    return rounds;
  };
  const Estimate difference =
      percentile_differences(drifting(40, 10), drifting(0, 20), kPercents)[0];
  EXPECT_NEAR(difference.value, 40, 10);
  EXPECT_LT(half_width(difference), 15);
}

TEST(LatencyRoundsTest, TheSameRoundsGiveTheSameIntervals) {
  const auto rounds = rounds_of(12, 20, 0, 8);
  EXPECT_EQ(percentile_estimates(rounds, kPercents), percentile_estimates(rounds, kPercents));
}

}  // namespace
}  // namespace sklab
