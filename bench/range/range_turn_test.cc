// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_turn.h"

#include <gtest/gtest.h>

#include <tuple>

namespace sklab {
namespace {

// Of 65536 sockets sklab range's own test is enough.
constexpr RangeMethod kSmall[] = {RangeMethod::kWildcards, RangeMethod::kReuseport,
                                  RangeMethod::kTcAssign, RangeMethod::kTproxy,
                                  RangeMethod::kSkLookup};

class RangeTurnTest : public testing::TestWithParam<std::tuple<RangeMethod, const char *>> {};

INSTANTIATE_TEST_SUITE_P(Methods, RangeTurnTest,
                         testing::Combine(testing::ValuesIn(kSmall),
                                          testing::Values("udp4", "udp6", "tcp4", "tcp6")));

TEST_P(RangeTurnTest, GetsEveryRequestToItsSocket) {
  const auto &[method, family] = GetParam();
  const auto sample = take_range_turn(method, as_host(family_case(family)), 1);
  if (!sample && sample.error().kind == ErrorKind::kUnavailable) {
    GTEST_SKIP() << sample.error().message();
  }
  ASSERT_TRUE(sample) << sample.error().message();
  EXPECT_GT(sample->requests, 1000U);
  EXPECT_GT(sample->latency_ns_p99, sample->latency_ns_p50);
  EXPECT_GT(sample->set_up.setup_ms, 0);
}

}  // namespace
}  // namespace sklab
