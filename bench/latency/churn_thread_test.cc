// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/churn_thread.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "harness/measure/cpu.h"

namespace sklab {
namespace {

class CountingChurn final : public Churn {
 public:
  explicit CountingChurn(uint64_t fails_at) : fails_at_(fails_at) {}
  Result<> operate() override {
    if (++done == fails_at_) return fail("operate", "for the third time");
    return Ok{};
  }
  uint64_t done = 0;

 private:
  uint64_t fails_at_;
};

Result<ChurnResult> operate_for_a_while(Churn &churn, double rate_per_second) {
  ChurnThread thread(churn, rate_per_second, allowed_cpus()->front(), 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  return thread.stop();
}

TEST(ChurnThreadTest, OperatesAtTheRate) {
  CountingChurn churn(0);
  const auto result = operate_for_a_while(churn, 1000);
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->operations_ns.size(), churn.done);
  // Four standard deviations of as many random events.
  EXPECT_NEAR(static_cast<double>(churn.done), 1000 * result->elapsed_s, 4 * 20);
}

TEST(ChurnThreadTest, WhatCannotBeDoneEndsItAndIsTold) {
  CountingChurn churn(3);
  const auto result = operate_for_a_while(churn, 10000);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().object, "for the third time");
  EXPECT_EQ(churn.done, 3U);
}

}  // namespace
}  // namespace sklab
