// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/open_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace sklab {
namespace {

constexpr uint64_t kMillisecondNs = 1000000;

// One of its requests takes a while.
class StallingExchange final : public Exchange {
 public:
  explicit StallingExchange(uint64_t stalls_at) : stalls_at_(stalls_at) {}
  Result<> prepare() override { return Ok{}; }
  Result<> perform() override {
    if (performed_++ == stalls_at_) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Ok{};
  }
  Result<> finish() override { return Ok{}; }

 private:
  uint64_t stalls_at_;
  uint64_t performed_ = 0;
};

class FailingExchange final : public Exchange {
 public:
  Result<> prepare() override { return Ok{}; }
  Result<> perform() override { return Ok{}; }
  Result<> finish() override { return fail_as(ErrorKind::kMismatch, "see an answer"); }
};

ptrdiff_t longer_than(const std::vector<uint64_t> &latencies_ns, uint64_t limit_ns) {
  return std::count_if(latencies_ns.begin(), latencies_ns.end(),
                       [&](uint64_t latency_ns) { return latency_ns > limit_ns; });
}

// At 10000 a second 200 requests are due in 20 ms, of which 150 then are late by more than 5 ms.
TEST(OpenLoopTest, AStallDelaysAllThatWereDueMeanwhile) {
  StallingExchange exchange(100);
  const auto result = run_open_loop(exchange, {10000, 0, 500});
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->since_due_ns.size(), 500U);
  EXPECT_GE(longer_than(result->since_due_ns, 5 * kMillisecondNs), 140);
  EXPECT_GE(longer_than(result->since_sent_ns, 5 * kMillisecondNs), 1);
  EXPECT_LT(longer_than(result->since_sent_ns, 5 * kMillisecondNs), 20);
}

TEST(OpenLoopTest, WhatWarmsUpIsNotMeasured) {
  StallingExchange exchange(3);
  const auto result = run_open_loop(exchange, {1000, 60, 10});
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->since_due_ns.size(), 10U);
  EXPECT_LT(longer_than(result->since_due_ns, 15 * kMillisecondNs), 10);
  EXPECT_GE(result->elapsed_s, 0.069);
}

TEST(OpenLoopTest, ARequestThatFailsEndsIt) {
  FailingExchange exchange;
  const auto result = run_open_loop(exchange, {1000, 0, 10});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kMismatch);
}

}  // namespace
}  // namespace sklab
