// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/decision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sklab {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

TEST(LiesWithin, NeedsTheWholeInterval) {
  EXPECT_TRUE(lies_within({0, -1, 1}, -2, 2));
  EXPECT_TRUE(lies_within({0, -2, 2}, -2, 2));
  EXPECT_FALSE(lies_within({0, -2.1, 1}, -2, 2));
  EXPECT_FALSE(lies_within({0, -1, 2.1}, -2, 2));
  EXPECT_FALSE(lies_within({5, 4, 6}, -2, 2));
  EXPECT_FALSE(lies_within({0, -kEndless, kEndless}, -2, 2));
}

TEST(LiesWithin, CanLeaveOneSideOpen) {
  EXPECT_TRUE(lies_within({0, -kEndless, 1}, -kEndless, 2));
  EXPECT_FALSE(lies_within({0, -kEndless, kEndless}, -kEndless, 2));
}

TEST(FurtherSamples, GrowWithTheSquareOfTheWidth) {
  const Estimate interval = {7, 3, 11};  // half width 4
  EXPECT_EQ(further_samples(10, interval, 2), 30);
  EXPECT_EQ(further_samples(10, interval, 1), 150);
  EXPECT_EQ(further_samples(10, interval, 3), 8);  // 7.8
  EXPECT_EQ(further_samples(10, interval, 3.999), 1);
}

TEST(FurtherSamples, AreNoneForWhatIsNarrowEnough) {
  EXPECT_EQ(further_samples(10, {7, 3, 11}, 4), std::nullopt);
  EXPECT_EQ(further_samples(10, {7, 3, 11}, 5), std::nullopt);
  EXPECT_EQ(further_samples(10, {7, 7, 7}, 5), std::nullopt);
}

TEST(FurtherSamples, AreNoneWhereNobodyCanTell) {
  EXPECT_EQ(further_samples(4, {0, -kEndless, kEndless}, 1), std::nullopt);
  EXPECT_EQ(further_samples(4, {0, 0, kEndless}, 1), std::nullopt);
  EXPECT_EQ(further_samples(0, {0, -kEndless, kEndless}, 1), std::nullopt);
  EXPECT_EQ(further_samples(4, {0, -1, 1}, 1e-300), std::nullopt);
}

TEST(FurtherSamples, WouldDoAndOneFewerWouldNot) {
  for (uint64_t have = 1; have < 50; ++have) {
    for (const double wanted : {0.1, 0.3, 0.7, 0.9}) {
      const std::optional<uint64_t> further = further_samples(have, {0, -1, 1}, wanted);
      ASSERT_TRUE(further);
      const auto half_width = [&](uint64_t samples) {
        return std::sqrt(static_cast<double>(have) / static_cast<double>(samples));
      };
      EXPECT_LE(half_width(have + *further), wanted * (1 + 1e-12));
      EXPECT_GT(half_width(have + *further - 1), wanted * (1 - 1e-12));
    }
  }
}

}  // namespace
}  // namespace sklab
