// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/shift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "harness/measure/rank_test.h"

namespace sklab {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
// None of these is 1 less a P value that few samples can have: there rounding would decide.
constexpr double kShiftConfidences[] = {0.01, 0.51, 0.81, 0.91, 0.951, 0.991};

std::vector<double> draw_normal(std::mt19937_64 &random, size_t count, double center) {
  std::normal_distribution<double> distribution(center, 1);
  std::vector<double> samples(count);
  for (double &sample : samples) sample = distribution(random);
  return samples;
}

std::vector<double> moved(std::vector<double> samples, double by) {
  for (double &sample : samples) sample += by;
  return samples;
}

std::vector<double> mirrored(std::vector<double> samples) {
  for (double &sample : samples) sample = -sample;
  return samples;
}

bool has_inside(const Estimate &interval, double shift) {
  return interval.low <= shift && shift <= interval.high;
}

TEST(LocationShift, IsTheMedianOfAverages) {
  EXPECT_EQ(location_shift({3}, 0.95).value, 3);
  EXPECT_EQ(location_shift({1, 5}, 0.95).value, 3);
  // 0, 1/2, 1, 2, 5/2, 4
  EXPECT_EQ(location_shift({0, 4, 1}, 0.95).value, 1.5);
}

TEST(LocationShift, IsUnboundedWithTooFewSamples) {
  for (size_t count = 1; count <= 12; ++count) {
    std::vector<double> differences(count);
    for (size_t i = 0; i < count; ++i) differences[i] = std::ldexp(1, static_cast<int>(i));
    // The least two-sided P value that so many can have.
    const double least = std::min(1.0, std::ldexp(2, -static_cast<int>(count)));
    if (least < 1) {
      const Estimate enough = location_shift(differences, 1 - least);
      EXPECT_EQ(enough.low, differences.front());
      EXPECT_EQ(enough.high, differences.back());
    }
    const Estimate too_few = location_shift(differences, 1 - least * 0.999);
    EXPECT_EQ(too_few.low, -kUnbounded);
    EXPECT_EQ(too_few.high, kUnbounded);
    EXPECT_TRUE(std::isfinite(too_few.value));
  }
}

TEST(TwoSampleShift, IsTheMedianOfDifferences) {
  EXPECT_EQ(two_sample_shift({3}, {1}, 0.95).value, 2);
  // 1, 2, 4, 5, 8, 9
  EXPECT_EQ(two_sample_shift({2, 5, 9}, {1, 0}, 0.95).value, 4.5);
}

TEST(TwoSampleShift, IsUnboundedWithTooFewSamples) {
  const std::vector<double> b = {0, 0.1, 0.3};
  const std::vector<double> a = moved(b, 1);
  // 1 of 20 splits, and its mirror image. 1 - 0.9 is less than 0.1, but that is meant.
  EXPECT_EQ(two_sample_shift(a, b, 0.9).low, a[0] - b[2]);
  EXPECT_EQ(two_sample_shift(a, b, 0.9).high, a[2] - b[0]);
  EXPECT_EQ(two_sample_shift(a, b, 0.901).low, -kUnbounded);
  EXPECT_EQ(two_sample_shift(a, b, 0.901).high, kUnbounded);
}

TEST(Shift, IntervalHasZeroOutsideWhenTheTestRejects) {
  std::mt19937_64 random(1);
  int rejected = 0;
  int kept = 0;
  for (size_t count = 1; count <= 36; ++count) {
    for (int i = 0; i < 4; ++i) {
      const std::vector<double> a = draw_normal(random, count, i * 0.3);
      const std::vector<double> b = draw_normal(random, 1 + count * 2 / 3, 0);
      const double p_one = signed_rank_test(a).p_two_sided;
      const double p_two = rank_sum_test(a, b).p_two_sided;
      for (const double confidence : kShiftConfidences) {
        const double alpha = 1 - confidence;
        ASSERT_EQ(has_inside(location_shift(a, confidence), 0), p_one > alpha);
        ASSERT_EQ(has_inside(two_sample_shift(a, b, confidence), 0), p_two > alpha);
        rejected += static_cast<int>(p_one <= alpha) + static_cast<int>(p_two <= alpha);
        kept += static_cast<int>(p_one > alpha) + static_cast<int>(p_two > alpha);
      }
    }
  }
  EXPECT_GT(rejected, 500);
  EXPECT_GT(kept, 500);
}

TEST(Shift, IntervalHasZeroOutsideWhenTheTestRejectsBeyondTheExactLimit) {
  std::mt19937_64 random(2);
  for (int i = 0; i <= 4; ++i) {
    const std::vector<double> a = draw_normal(random, 200, i * 0.1);
    const std::vector<double> b = draw_normal(random, 150, 0);
    const double p = rank_sum_test(a, b).p_two_sided;
    EXPECT_EQ(has_inside(two_sample_shift(a, b, 0.95), 0), p > 0.05) << p;
  }
}

TEST(Shift, MovesAndTurnsAsItsSamplesDo) {
  std::mt19937_64 random(3);
  for (size_t count = 1; count <= 40; ++count) {
    const std::vector<double> a = draw_normal(random, count, 0);
    const std::vector<double> b = draw_normal(random, 1 + count / 2, 0);
    const auto expect_moved = [](const Estimate &estimate, const Estimate &from) {
      EXPECT_NEAR(estimate.value, from.value + 2, 1e-12);
      if (std::isinf(from.low)) {
        EXPECT_EQ(estimate.low, from.low);
        EXPECT_EQ(estimate.high, from.high);
        return;
      }
      EXPECT_NEAR(estimate.low, from.low + 2, 1e-12);
      EXPECT_NEAR(estimate.high, from.high + 2, 1e-12);
    };
    const auto expect_turned = [](const Estimate &estimate, const Estimate &from) {
      EXPECT_NEAR(estimate.value, -from.value, 1e-12);
      EXPECT_EQ(estimate.low, -from.high);
      EXPECT_EQ(estimate.high, -from.low);
    };
    const Estimate one = location_shift(a, 0.9);
    expect_moved(location_shift(moved(a, 2), 0.9), one);
    expect_turned(location_shift(mirrored(a), 0.9), one);
    const Estimate two = two_sample_shift(a, b, 0.9);
    expect_moved(two_sample_shift(moved(a, 2), b, 0.9), two);
    expect_moved(two_sample_shift(a, moved(b, -2), 0.9), two);
    expect_turned(two_sample_shift(mirrored(a), mirrored(b), 0.9), two);
    expect_turned(two_sample_shift(b, a, 0.9), two);
  }
}

TEST(Shift, HoldsItsValueAndWidensWithConfidence) {
  std::mt19937_64 random(4);
  for (size_t count = 1; count <= 40; count += 3) {
    const std::vector<double> a = draw_normal(random, count, 0);
    const std::vector<double> b = draw_normal(random, count, 0);
    Estimate narrower_one = location_shift(a, 1e-9);
    Estimate narrower_two = two_sample_shift(a, b, 1e-9);
    for (const double confidence : kShiftConfidences) {
      const Estimate one = location_shift(a, confidence);
      EXPECT_LE(one.low, narrower_one.low);
      EXPECT_GE(one.high, narrower_one.high);
      EXPECT_TRUE(has_inside(one, one.value));
      const Estimate two = two_sample_shift(a, b, confidence);
      EXPECT_LE(two.low, narrower_two.low);
      EXPECT_GE(two.high, narrower_two.high);
      EXPECT_TRUE(has_inside(two, two.value));
      narrower_one = one;
      narrower_two = two;
    }
  }
}

// With and without ties, which rounding makes.
TEST(Shift, CoversTheTrueShiftAsOftenAsItSays) {
  constexpr int kTrials = 2000;
  std::mt19937_64 random(5);
  for (const double unit : {0.001, 0.5}) {
    int one = 0;
    int two = 0;
    for (int i = 0; i < kTrials; ++i) {
      std::vector<double> a = draw_normal(random, 12, 0);
      std::vector<double> b = draw_normal(random, 9, 0);
      for (double &sample : a) sample = std::round(sample / unit) * unit;
      for (double &sample : b) sample = std::round(sample / unit) * unit;
      one += static_cast<int>(has_inside(location_shift(a, 0.9), 0));
      two += static_cast<int>(has_inside(two_sample_shift(a, b, 0.9), 0));
    }
    const double bound = kTrials * 0.9 - 4 * std::sqrt(kTrials * 0.9 * 0.1);
    EXPECT_GT(one, bound) << unit;
    EXPECT_GT(two, bound) << unit;
    EXPECT_LT(one, kTrials * 0.97) << unit << ": too wide";
    EXPECT_LT(two, kTrials * 0.97) << unit << ": too wide";
  }
}

}  // namespace
}  // namespace sklab
