// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/rank_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace sklab {
namespace {

// The statistics the other way round, without ranks: pairs are counted, and half of those that are
// equal. Doubled, so that they are integers.
size_t pairs_above_zero(const std::vector<double> &differences) {
  size_t above = 0;
  for (size_t i = 0; i < differences.size(); ++i) {
    for (size_t j = i; j < differences.size(); ++j) {
      const double sum = differences[i] + differences[j];
      above += sum > 0 ? 2 : static_cast<size_t>(sum == 0);
    }
  }
  return above;
}

size_t pairs_a_above_b(const std::vector<double> &a, const std::vector<double> &b) {
  size_t above = 0;
  for (const double from_a : a) {
    for (const double from_b : b)
      above += from_a > from_b ? 2 : static_cast<size_t>(from_a == from_b);
  }
  return above;
}

// What a test has to say of the one-th of these equally likely outcomes, given each one's
// statistic.
RankTest enumerated_test(const std::vector<size_t> &statistics, size_t one) {
  size_t greater = 0;
  size_t less = 0;
  for (const size_t other : statistics) {
    greater += static_cast<size_t>(other >= statistics[one]);
    less += static_cast<size_t>(other <= statistics[one]);
  }
  const auto all = static_cast<double>(statistics.size());
  const double p_greater = static_cast<double>(greater) / all;
  const double p_less = static_cast<double>(less) / all;
  return {p_greater, p_less, std::min(1.0, 2 * std::min(p_greater, p_less))};
}

void expect_same_test(const RankTest &test, const RankTest &expected) {
  ASSERT_DOUBLE_EQ(test.p_greater, expected.p_greater);
  ASSERT_DOUBLE_EQ(test.p_less, expected.p_less);
  ASSERT_DOUBLE_EQ(test.p_two_sided, expected.p_two_sided);
}

// Every pattern of signs of these magnitudes, and what the signed rank test says of it.
void expect_signed_rank_tests(const std::vector<double> &magnitudes) {
  std::vector<std::vector<double>> patterns;
  std::vector<size_t> statistics;
  for (uint32_t negative = 0; negative < (1U << magnitudes.size()); ++negative) {
    std::vector<double> differences = magnitudes;
    for (size_t i = 0; i < magnitudes.size(); ++i) {
      if ((negative >> i & 1) != 0) differences[i] = -differences[i];
    }
    statistics.push_back(pairs_above_zero(differences));
    patterns.push_back(differences);
  }
  for (size_t i = 0; i < patterns.size(); ++i) {
    expect_same_test(signed_rank_test(patterns[i]), enumerated_test(statistics, i));
  }
}

// Every split of these samples into two sides, and what the rank sum test says of it.
void expect_rank_sum_tests(const std::vector<double> &samples) {
  const size_t count = samples.size();
  std::vector<std::vector<std::pair<std::vector<double>, std::vector<double>>>> splits(count + 1);
  for (uint32_t in_a = 0; in_a < (1U << count); ++in_a) {
    std::vector<double> a;
    std::vector<double> b;
    for (size_t i = 0; i < count; ++i) ((in_a >> i & 1) != 0 ? a : b).push_back(samples[i]);
    splits[a.size()].emplace_back(a, b);
  }
  for (const auto &of_one_size : splits) {
    std::vector<size_t> statistics;
    for (const auto &[a, b] : of_one_size) statistics.push_back(pairs_a_above_b(a, b));
    for (size_t i = 0; i < of_one_size.size(); ++i) {
      const auto &[a, b] = of_one_size[i];
      expect_same_test(rank_sum_test(a, b), enumerated_test(statistics, i));
    }
  }
}

std::vector<double> draw_integers(std::mt19937_64 &random, size_t count, int least, int most) {
  std::uniform_int_distribution<int> value(least, most);
  std::vector<double> samples(count);
  for (double &sample : samples) sample = value(random);
  return samples;
}

TEST(SignedRankTest, IsExactForEveryPatternOfSigns) {
  std::vector<double> magnitudes;
  for (int count = 1; count <= 10; ++count) {
    magnitudes.push_back(count);
    expect_signed_rank_tests(magnitudes);
  }
}

TEST(SignedRankTest, IsExactForEveryPatternOfTies) {
  // Which neighbours in the order of magnitudes are equal: with one bit each, all there can be.
  for (size_t count = 2; count <= 6; ++count) {
    for (uint32_t steps = 0; steps < (1U << (count - 1)); ++steps) {
      std::vector<double> magnitudes(count, 1);
      for (size_t i = 1; i < count; ++i) magnitudes[i] = magnitudes[i - 1] + (steps >> (i - 1) & 1);
      expect_signed_rank_tests(magnitudes);
    }
  }
}

TEST(SignedRankTest, DropsZeros) {
  expect_same_test(signed_rank_test({0, 3, -1, 0, 2, 2, -0.0}), signed_rank_test({3, -1, 2, 2}));
  expect_same_test(signed_rank_test({}), RankTest{1, 1, 1});
  expect_same_test(signed_rank_test({0, 0, 0}), RankTest{1, 1, 1});
}

TEST(SignedRankTest, IsHalfToTheNWhenAllAreGreater) {
  for (size_t count = 1; count <= 500; count += 83) {
    const double extreme = std::pow(0.5, count);
    const double tied = signed_rank_test(std::vector<double>(count, 1)).p_greater;
    EXPECT_NEAR(tied, extreme, extreme * 1e-13);
    std::vector<double> differences(count);
    for (size_t i = 0; i < count; ++i) differences[i] = static_cast<double>(i + 1);
    EXPECT_NEAR(signed_rank_test(differences).p_greater, extreme, extreme * 1e-13);
  }
}

TEST(RankSumTest, IsExactForEverySplit) {
  std::vector<double> samples;
  for (int count = 1; count <= 10; ++count) {
    samples.push_back(count);
    expect_rank_sum_tests(samples);
  }
}

TEST(RankSumTest, IsExactForEveryPatternOfTies) {
  for (size_t count = 2; count <= 7; ++count) {
    for (uint32_t steps = 0; steps < (1U << (count - 1)); ++steps) {
      std::vector<double> samples(count, 1);
      for (size_t i = 1; i < count; ++i) samples[i] = samples[i - 1] + (steps >> (i - 1) & 1);
      expect_rank_sum_tests(samples);
    }
  }
}

TEST(RankSumTest, EqualSamplesSayNothing) {
  const size_t sizes[] = {0, 1, 2, 9, 100, 250};
  for (const size_t in_a : sizes) {
    for (const size_t in_b : sizes) {
      expect_same_test(rank_sum_test(std::vector<double>(in_a, 4), std::vector<double>(in_b, 4)),
                       RankTest{1, 1, 1});
    }
  }
}

TEST(RankTests, AreAntisymmetric) {
  std::mt19937_64 random(1);
  for (size_t count = 1; count <= 60; ++count) {
    std::vector<double> a = draw_integers(random, count, -20, 30);
    std::vector<double> b = draw_integers(random, 1 + count * 3 / 4, -20, 20);
    const RankTest one_sample = signed_rank_test(a);
    const RankTest two_samples = rank_sum_test(a, b);
    const RankTest swapped = rank_sum_test(b, a);
    for (double &sample : a) sample = -sample;
    for (double &sample : b) sample = -sample;
    const RankTest mirrored = signed_rank_test(a);
    EXPECT_EQ(mirrored.p_greater, one_sample.p_less);
    EXPECT_EQ(mirrored.p_less, one_sample.p_greater);
    EXPECT_EQ(mirrored.p_two_sided, one_sample.p_two_sided);
    EXPECT_NEAR(swapped.p_greater, two_samples.p_less, 1e-12);
    EXPECT_NEAR(swapped.p_less, two_samples.p_greater, 1e-12);
    expect_same_test(rank_sum_test(b, a), two_samples);
  }
}

TEST(RankTests, OnlyOrderCounts) {
  std::mt19937_64 random(2);
  for (size_t count = 1; count <= 40; ++count) {
    std::vector<double> a = draw_integers(random, count, 1, 30);
    std::vector<double> b = draw_integers(random, count, 1, 20);
    const RankTest expected = rank_sum_test(a, b);
    for (double &sample : a) sample = std::exp(sample);
    for (double &sample : b) sample = std::exp(sample);
    expect_same_test(rank_sum_test(a, b), expected);
  }
}

// By chance alone p <= alpha happens with a probability of at most alpha.
TEST(RankTests, RejectNoMoreOftenThanTheySay) {
  constexpr int kTrials = 2000;
  std::mt19937_64 random(3);
  int signed_rank = 0;
  int rank_sum = 0;
  for (int i = 0; i < kTrials; ++i) {
    const std::vector<double> a = draw_integers(random, 15, -9, 9);
    const std::vector<double> b = draw_integers(random, 12, -9, 9);
    signed_rank += static_cast<int>(signed_rank_test(a).p_two_sided <= 0.1);
    rank_sum += static_cast<int>(rank_sum_test(a, b).p_two_sided <= 0.1);
  }
  const double bound = kTrials * 0.1 + 4 * std::sqrt(kTrials * 0.1 * 0.9);
  EXPECT_LT(signed_rank, bound);
  EXPECT_LT(rank_sum, bound);
  EXPECT_GT(signed_rank, kTrials / 20) << "too careful";
  EXPECT_GT(rank_sum, kTrials / 20) << "too careful";
}

}  // namespace
}  // namespace sklab
