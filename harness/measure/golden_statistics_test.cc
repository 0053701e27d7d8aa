// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Rank tests and shifts against those of SciPy, which golden_statistics.py has written down.
#include "golden_statistics.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "harness/measure/rank_test.h"
#include "harness/measure/shift.h"

namespace sklab {
namespace {

using nlohmann::json;

const json &golden() {
  static const json kGolden = json::parse(golden_statistics::kEmbeddedTexts[0].second);
  return kGolden;
}

void expect_golden_test(const json &expected, const RankTest &test) {
  const auto expect_near = [&](const char *name, double p_value) {
    const double golden_p = expected.at(name);
    EXPECT_NEAR(p_value, golden_p, golden_p * 1e-11) << name;
  };
  expect_near("p_greater", test.p_greater);
  expect_near("p_less", test.p_less);
  expect_near("p_two_sided", test.p_two_sided);
}

void expect_golden_shift(const json &expected, const Estimate &estimate) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto bound_or = [&](const char *name, double unbounded) {
    return expected.at(name).is_null() ? unbounded : expected.at(name).get<double>();
  };
  EXPECT_NEAR(estimate.value, expected.at("value"), 1e-12);
  EXPECT_DOUBLE_EQ(estimate.low, bound_or("low", -kInfinity));
  EXPECT_DOUBLE_EQ(estimate.high, bound_or("high", kInfinity));
}

TEST(GoldenStatistics, OfOneSample) {
  ASSERT_FALSE(golden().at("one_sample").empty());
  for (const json &each : golden().at("one_sample")) {
    SCOPED_TRACE(each.dump());
    const std::vector<double> differences = each.at("differences");
    expect_golden_test(each.at("test"), signed_rank_test(differences));
    for (const json &shift : each.at("shifts")) {
      expect_golden_shift(shift, location_shift(differences, shift.at("confidence")));
    }
  }
}

TEST(GoldenStatistics, OfTwoSamples) {
  ASSERT_FALSE(golden().at("two_sample").empty());
  for (const json &each : golden().at("two_sample")) {
    SCOPED_TRACE(each.dump());
    const std::vector<double> a = each.at("a");
    const std::vector<double> b = each.at("b");
    expect_golden_test(each.at("test"), rank_sum_test(a, b));
    for (const json &shift : each.at("shifts")) {
      expect_golden_shift(shift, two_sample_shift(a, b, shift.at("confidence")));
    }
  }
}

}  // namespace
}  // namespace sklab
