// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>
#include <cmath>
#include <random>

namespace sklab {
namespace {

constexpr double kConfidences[] = {0.5, 0.8, 0.9, 0.95, 0.99};

std::vector<double> one_to(size_t count) {
  std::vector<double> samples(count);
  for (size_t i = 0; i < count; ++i) samples[i] = static_cast<double>(i + 1);
  return samples;
}

// Of all 2^count equally likely ways in which samples can lie below or above the true median, the
// share in which the interval from the k-th smallest to the k-th largest has it inside.
double enumerated_coverage(size_t count, size_t k) {
  size_t covered = 0;
  for (uint32_t below_mask = 0; below_mask < (1U << count); ++below_mask) {
    const size_t below = std::bitset<32>(below_mask).count();
    covered += static_cast<size_t>(below >= k && count - below >= k);
  }
  return static_cast<double>(covered) / static_cast<double>(1U << count);
}

std::vector<double> draw_skewed(std::mt19937_64 &random, size_t count) {
  std::lognormal_distribution<double> distribution(0, 1);  // median 1
  std::vector<double> samples(count);
  for (double &sample : samples) sample = distribution(random);
  return samples;
}

TEST(MedianEstimate, IsTheNarrowestIntervalThatCoversEnough) {
  for (size_t count = 1; count <= 16; ++count) {
    for (const double confidence : kConfidences) {
      SCOPED_TRACE(testing::Message() << count << " samples, confidence " << confidence);
      const Estimate estimate = median_estimate(one_to(count), confidence);
      const auto k = static_cast<size_t>(estimate.low);
      EXPECT_EQ(estimate.high, static_cast<double>(count + 1 - k)) << "not symmetric";
      EXPECT_TRUE(k == 1 || enumerated_coverage(count, k) >= confidence);
      EXPECT_LT(enumerated_coverage(count, k + 1), confidence) << "a narrower one would do";
    }
  }
}

TEST(MedianEstimate, CoverageIsExactForManySamples) {
  for (size_t count = 1; count <= 400; ++count) {
    // P(B < k) of a binomial(count, 1/2), by its recurrence.
    long double probability = std::pow(0.5L, count);
    long double tail = 0;
    size_t k = 0;
    while (2 * (tail + probability) <= 0.05L) {
      tail += probability;
      probability *= static_cast<long double>(count - k) / static_cast<long double>(k + 1);
      ++k;
    }
    const double expected_low = static_cast<double>(std::max<size_t>(k, 1));
    ASSERT_EQ(median_estimate(one_to(count)).low, expected_low) << count << " samples";
  }
}

TEST(MedianEstimate, FallsBackToTheExtremesWithTooFewSamples) {
  for (size_t count = 1; count <= 5; ++count) {  // 1 - 2 / 2^5 is under 0.95
    const auto end = static_cast<double>(count);
    EXPECT_EQ(median_estimate(one_to(count)), (Estimate{(1 + end) / 2, 1, end}));
  }
}

TEST(MedianEstimate, CoversTheTrueMedianAsOftenAsItSays) {
  constexpr int kTrials = 4000;
  std::mt19937_64 random(1);
  for (const size_t count : {12, 25, 101}) {
    for (const double confidence : {0.8, 0.95}) {
      int covered = 0;
      for (int i = 0; i < kTrials; ++i) {
        const Estimate estimate = median_estimate(draw_skewed(random, count), confidence);
        covered += static_cast<int>(estimate.low <= 1 && 1 <= estimate.high);
      }
      const double share = static_cast<double>(covered) / kTrials;
      const double deviation = std::sqrt(confidence * (1 - confidence) / kTrials);
      EXPECT_GT(share, confidence - 4 * deviation) << count << ' ' << confidence;
      EXPECT_LT(share, confidence + 0.13) << count << ' ' << confidence << ": too wide";
    }
  }
}

TEST(MedianEstimate, ChangesWithShiftScaleAndSignAsItsSamplesDo) {
  std::mt19937_64 random(2);
  for (size_t count = 1; count <= 60; ++count) {
    const std::vector<double> samples = draw_skewed(random, count);
    const Estimate estimate = median_estimate(samples);
    std::vector<double> changed = samples;
    for (double &sample : changed) sample = sample * 4 + 7;
    const Estimate moved = median_estimate(changed);
    EXPECT_DOUBLE_EQ(moved.value, estimate.value * 4 + 7);
    EXPECT_DOUBLE_EQ(moved.low, estimate.low * 4 + 7);
    EXPECT_DOUBLE_EQ(moved.high, estimate.high * 4 + 7);
    for (size_t i = 0; i < count; ++i) changed[i] = -samples[i];
    const Estimate mirrored = median_estimate(changed);
    EXPECT_DOUBLE_EQ(mirrored.value, -estimate.value);
    EXPECT_EQ(mirrored.low, -estimate.high);
    EXPECT_EQ(mirrored.high, -estimate.low);
  }
}

TEST(MedianEstimate, OrderOfSamplesDoesNotMatter) {
  std::vector<double> samples = {3, 1, 4, 1, 5, 9, 2, 6};
  std::sort(samples.begin(), samples.end());
  const Estimate expected = median_estimate(samples);
  EXPECT_EQ(expected.value, 3.5);
  while (std::next_permutation(samples.begin(), samples.end())) {
    ASSERT_EQ(median_estimate(samples), expected);
  }
}

TEST(MedianEstimate, HoldsItsValueAndWidensWithConfidence) {
  std::mt19937_64 random(3);
  for (size_t count = 1; count <= 200; ++count) {
    const std::vector<double> samples = draw_skewed(random, count);
    Estimate narrower = median_estimate(samples, 0.01);
    EXPECT_LE(narrower.low, narrower.value);
    EXPECT_GE(narrower.high, narrower.value);
    for (const double confidence : kConfidences) {
      const Estimate wider = median_estimate(samples, confidence);
      EXPECT_LE(wider.low, narrower.low);
      EXPECT_GE(wider.high, narrower.high);
      narrower = wider;
    }
  }
}

TEST(PairedDifference, IsTheEstimateOfDifferencesNotOfMedians) {
  // The differences are 1, 1 and -9; the medians of a and b are equal.
  EXPECT_EQ(paired_difference({2, 11, 1}, {1, 10, 10}), (Estimate{1, -9, 1}));
}

TEST(PairedDifference, CancelsWhatBothSidesShare) {
  std::mt19937_64 random(4);
  const std::vector<double> drift = draw_skewed(random, 100);
  std::vector<double> a = drift;
  for (double &sample : a) sample += 0.5;
  const Estimate estimate = paired_difference(a, drift, 0.99);
  EXPECT_NEAR(estimate.value, 0.5, 1e-12);
  EXPECT_NEAR(estimate.high - estimate.low, 0, 1e-12);
}

TEST(SortedQuantile, IsLinearBetweenNeighbours) {
  const std::vector<double> samples = {10, 20, 40};
  const std::pair<double, double> cases[] = {{0, 10},    {0.25, 15}, {0.5, 20},
                                             {0.75, 30}, {0.9, 36},  {1, 40}};
  for (const auto &[q, expected] : cases) {
    EXPECT_DOUBLE_EQ(sorted_quantile(samples, q), expected) << q;
  }
  EXPECT_EQ(sorted_quantile({7}, 0.3), 7);
}

TEST(SortedQuantile, NeverDecreasesAndStaysInRange) {
  std::mt19937_64 random(5);
  std::vector<double> samples = draw_skewed(random, 17);
  std::sort(samples.begin(), samples.end());
  double previous = samples.front();
  for (int i = 0; i <= 1000; ++i) {
    const double quantile = sorted_quantile(samples, i / 1000.0);
    EXPECT_GE(quantile, previous);
    previous = quantile;
  }
  EXPECT_EQ(previous, samples.back());
}

TEST(DistributionOf, NamesItsQuantiles) {
  std::vector<double> samples(101);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<double>(100 - i);
  const Distribution d = distribution_of(samples);
  EXPECT_THAT((std::vector<double>{d.min, d.p1, d.p5, d.p25, d.p50, d.p75, d.p95, d.p99, d.max}),
              testing::Pointwise(testing::DoubleEq(), {0, 1, 5, 25, 50, 75, 95, 99, 100}));
}

}  // namespace
}  // namespace sklab
