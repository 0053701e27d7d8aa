// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/rank_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "harness/measure/ranks.h"

namespace sklab {
namespace {

std::vector<size_t> draw_ranks(std::mt19937_64 &random, size_t count) {
  std::uniform_int_distribution<int> value(0, static_cast<int>(count));
  std::vector<double> values(count);
  for (double &each : values) each = value(random);
  return doubled_ranks(values);
}

// Of sums up to `largest`, each of which exactly one step is made of: P(S <= s) + P(S >= s + 1) is
// 1, and neither ever goes the wrong way.
void expect_a_distribution(const RankSums &sums, size_t largest) {
  EXPECT_EQ(sums.at_least(sums.smallest()), 1);
  EXPECT_EQ(sums.at_most(largest), 1);
  EXPECT_EQ(sums.at_least(largest + 1), 0);
  if (sums.smallest() > 0) {
    EXPECT_EQ(sums.at_most(sums.smallest() - 1), 0);
    EXPECT_EQ(sums.at_most(0), 0);
  }
  for (size_t sum = sums.smallest(); sum < largest; ++sum) {
    ASSERT_NEAR(sums.at_most(sum) + sums.at_least(sum + 1), 1, 1e-13) << sum;
    ASSERT_LE(sums.at_most(sum), sums.at_most(sum + 1)) << sum;
  }
}

TEST(RankSums, TailsAddUpToOne) {
  std::mt19937_64 random(2);
  for (size_t count = 1; count <= 20; ++count) {
    const std::vector<size_t> ranks = draw_ranks(random, count);
    expect_a_distribution(RankSums::of_signs(ranks), count * (count + 1));
    std::vector<size_t> sorted = ranks;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    size_t largest = 0;
    for (size_t chosen = 0; chosen <= count; ++chosen) {
      SCOPED_TRACE(testing::Message() << chosen << " of " << count);
      expect_a_distribution(RankSums::of_choices(ranks, chosen), largest);
      if (chosen < count) largest += sorted[chosen];
    }
  }
}

TEST(RankSums, FirstAboveIsNotTheOneThatIsJustAsLikely) {
  const RankSums sums = RankSums::of_signs(untied_doubled_ranks(3));  // 0, 2, 4, 6 twice, 8, 10, 12
  EXPECT_EQ(sums.first_above(0.124), 0);
  EXPECT_EQ(sums.first_above(0.125), 2);
  EXPECT_EQ(sums.first_above(0.375), 6);
  EXPECT_EQ(sums.first_above(0.999), 12);
}

TEST(RankSums, FirstAboveIsTheFirstThatIsLikelier) {
  std::mt19937_64 random(3);
  for (const double probability : {0.0, 0.025, 0.1, 0.5, 0.9, 0.999}) {
    const std::vector<size_t> ranks = draw_ranks(random, 12);
    for (const RankSums &sums : {RankSums::of_signs(ranks), RankSums::of_choices(ranks, 5)}) {
      const size_t first = sums.first_above(probability);
      EXPECT_GT(sums.at_most(first), probability);
      if (first > sums.smallest()) {
        EXPECT_LE(sums.at_most(first - 1), probability);
      }
    }
  }
}

// A step across a limit of the exact distribution changes little: the sums lie at about the same
// distance from the mean of theirs.
TEST(RankSums, TheNormalDistributionTakesOverSmoothly) {
  constexpr size_t kSigns = RankSums::kMostExactSigns;
  constexpr size_t kChoices = RankSums::kMostExactChoices;
  const RankSums exact_signs = RankSums::of_signs(untied_doubled_ranks(kSigns));
  const RankSums normal_signs = RankSums::of_signs(untied_doubled_ranks(kSigns + 1));
  const RankSums exact_choices = RankSums::of_choices(untied_doubled_ranks(kChoices), 100);
  const RankSums normal_choices = RankSums::of_choices(untied_doubled_ranks(kChoices + 1), 100);
  for (const double probability : {0.005, 0.1}) {
    // Means are a quarter, and a third, of n (n + 1) and its like.
    const auto below_mean = [&](const RankSums &sums, size_t mean) {
      return static_cast<double>(mean) - static_cast<double>(sums.first_above(probability));
    };
    const double signs = below_mean(exact_signs, kSigns * (kSigns + 1) / 2);
    EXPECT_NEAR(below_mean(normal_signs, (kSigns + 1) * (kSigns + 2) / 2), signs,
                signs * 0.003 + 4);
    const double choices = below_mean(exact_choices, 100 * (kChoices + 1));
    EXPECT_NEAR(below_mean(normal_choices, 100 * (kChoices + 2)), choices, choices * 0.01 + 4);
  }
}

TEST(RankSums, TheNormalDistributionLeavesNothingBetweenTwoSums) {
  const RankSums sums = RankSums::of_signs(untied_doubled_ranks(RankSums::kMostExactSigns + 3));
  const size_t mean = (RankSums::kMostExactSigns + 3) * (RankSums::kMostExactSigns + 4) / 2;
  for (size_t sum = mean - 40'000; sum < mean + 40'000; sum += 400) {
    ASSERT_NEAR(sums.at_most(sum) + sums.at_least(sum + 2), 1, 1e-12) << sum;
  }
}

TEST(RankSums, TheNormalDistributionKnowsTies) {
  // A thousand and more ranks that are all equal: signs are coins, and count / 2 of them is the
  // mean.
  const std::vector<size_t> equal(RankSums::kMostExactSigns + 24, 1025);
  const RankSums signs = RankSums::of_signs(equal);
  EXPECT_NEAR(signs.at_most(1025 * 512), 0.5, 0.001);
  EXPECT_NEAR(signs.at_most(1025 * (512 - 16)), 0.1587, 0.001);  // a deviation lower
  const RankSums choices = RankSums::of_choices(equal, 10);
  EXPECT_EQ(choices.at_most(10250), 1);
  EXPECT_EQ(choices.at_least(10250), 1);
}

}  // namespace
}  // namespace sklab
