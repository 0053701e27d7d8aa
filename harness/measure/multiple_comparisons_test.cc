// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/multiple_comparisons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sklab {
namespace {

using testing::ElementsAre;

std::vector<double> draw_p_values(std::mt19937_64 &random, size_t count) {
  std::uniform_int_distribution<int> thousandths(0, 200);
  std::vector<double> p_values(count);
  for (double &p_value : p_values) p_value = thousandths(random) / 1000.0;
  return p_values;
}

// Holm's procedure is Bonferroni's, closed: a hypothesis is rejected when every set of hypotheses
// that it is one of is, a set by the smallest P value times their number.
double closed_bonferroni(const std::vector<double> &p_values, size_t one) {
  double adjusted = 0;
  for (uint32_t set = 0; set < (1U << p_values.size()); ++set) {
    if ((set >> one & 1) == 0) continue;
    double smallest = 1;
    int size = 0;
    for (size_t i = 0; i < p_values.size(); ++i) {
      if ((set >> i & 1) == 0) continue;
      smallest = std::min(smallest, p_values[i]);
      ++size;
    }
    adjusted = std::max(adjusted, std::min(1.0, size * smallest));
  }
  return adjusted;
}

TEST(HolmAdjusted, IsBonferroniOverEverySetOfHypotheses) {
  std::mt19937_64 random(1);
  for (size_t count = 1; count <= 9; ++count) {
    for (int i = 0; i < 20; ++i) {
      const std::vector<double> p_values = draw_p_values(random, count);
      const std::vector<double> adjusted = holm_adjusted(p_values);
      ASSERT_EQ(adjusted.size(), count);
      for (size_t j = 0; j < count; ++j) {
        EXPECT_DOUBLE_EQ(adjusted[j], closed_bonferroni(p_values, j));
      }
    }
  }
}

TEST(HolmAdjusted, LeavesOneAloneAndStopsAtOne) {
  EXPECT_THAT(holm_adjusted({}), ElementsAre());
  EXPECT_THAT(holm_adjusted({0.03}), ElementsAre(0.03));
  EXPECT_THAT(holm_adjusted({0.5, 0, 0.75}), ElementsAre(1, 0, 1));
}

TEST(HolmAdjusted, KeepsTheOrderAndLowersNone) {
  std::mt19937_64 random(2);
  for (size_t count = 1; count <= 100; ++count) {
    const std::vector<double> p_values = draw_p_values(random, count);
    const std::vector<double> adjusted = holm_adjusted(p_values);
    for (size_t i = 0; i < count; ++i) {
      EXPECT_GE(adjusted[i], p_values[i]);
      for (size_t j = 0; j < count; ++j) {
        if (p_values[i] <= p_values[j]) {
          EXPECT_LE(adjusted[i], adjusted[j]);
        }
      }
    }
  }
}

TEST(HolmAdjusted, NeverGoesDownWhenAPValueGoesUp) {
  std::mt19937_64 random(3);
  for (size_t count = 1; count <= 30; ++count) {
    std::vector<double> p_values = draw_p_values(random, count);
    const std::vector<double> before = holm_adjusted(p_values);
    p_values[count / 2] += 0.05;
    const std::vector<double> after = holm_adjusted(p_values);
    for (size_t i = 0; i < count; ++i) EXPECT_GE(after[i], before[i]);
  }
}

TEST(SpentAlpha, OfAllLooksSumsUpToAlpha) {
  double spent = 0;
  for (unsigned look = 1; look <= 10'000; ++look) {
    spent += spent_alpha(0.05, look);
    ASSERT_LT(spent, 0.05);
    ASSERT_NEAR(spent, 0.05 * (1 - 1 / (look + 1.0)), 1e-14);
  }
  EXPECT_EQ(spent_alpha(0.05, 1), 0.025);
  EXPECT_GT(spent_alpha(0.05, ~0U), 0);
}

}  // namespace
}  // namespace sklab
