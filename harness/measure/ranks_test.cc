// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/ranks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace sklab {
namespace {

using testing::ElementsAre;

TEST(DoubledRanks, KeepTheOrderOfTheValues) {
  EXPECT_THAT(doubled_ranks({}), ElementsAre());
  EXPECT_THAT(doubled_ranks({7}), ElementsAre(2));
  EXPECT_THAT(doubled_ranks({3, 1, 2}), ElementsAre(6, 2, 4));
  EXPECT_EQ(doubled_ranks({-1, 0, 1, 2}), untied_doubled_ranks(4));
}

TEST(DoubledRanks, EqualValuesShareTheMiddleOfTheirRanks) {
  EXPECT_THAT(doubled_ranks({5, 5}), ElementsAre(3, 3));
  EXPECT_THAT(doubled_ranks({5, 1, 5, 5}), ElementsAre(6, 2, 6, 6));
  EXPECT_THAT(doubled_ranks({0.0, -0.0, 1}), ElementsAre(3, 3, 6));
}

TEST(DoubledRanks, SumUpToTheSameWithAndWithoutTies) {
  std::mt19937_64 random(1);
  for (size_t count = 0; count <= 50; ++count) {
    std::uniform_int_distribution<int> value(0, 20);
    std::vector<double> values(count);
    for (double &each : values) each = value(random);
    const std::vector<size_t> ranks = doubled_ranks(values);
    EXPECT_EQ(std::accumulate(ranks.begin(), ranks.end(), size_t{0}), count * (count + 1));
  }
}

}  // namespace
}  // namespace sklab
