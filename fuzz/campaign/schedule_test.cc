// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace sklab {
namespace {

constexpr double kMostSliceS = 300;

// Runs a schedule as if every process took exactly its slice. Returns each target's seconds.
std::vector<double> run(Schedule schedule, size_t targets, unsigned jobs, double total_s) {
  std::vector<double> given(targets, 0);
  std::vector<double> free_at(jobs, 0);
  while (true) {
    const auto worker = std::min_element(free_at.begin(), free_at.end());
    const auto slice = schedule.next(*worker);
    if (!slice) break;
    EXPECT_GT(slice->seconds, 0);
    EXPECT_LE(*worker + slice->seconds, total_s + 1e-6);
    given[slice->target] += slice->seconds;
    *worker += slice->seconds;
    schedule.end(*slice, slice->seconds);
  }
  return given;
}

// Guests boot first.
TEST(Schedule, WhatPassesBeforeASliceIsTakenOffIt) {
  constexpr double kStartS = 10;
  for (const double total_s : {60.0, 80.0, 360.0}) {
    Schedule schedule(4, 1, total_s, kMostSliceS, kStartS);
    std::vector<double> given(4, 0);
    double now_s = 0;
    while (const auto slice = schedule.next(now_s)) {
      given[slice->target] += slice->seconds;
      now_s += kStartS + slice->seconds;
      schedule.end(*slice, slice->seconds);
    }
    EXPECT_GT(*std::min_element(given.begin(), given.end()), 0);
    EXPECT_LE(now_s, total_s + 2 * kStartS);
  }
}

TEST(Schedule, AllTimeIsUsedAndAllTargetsGetTheSame) {
  for (const size_t targets : {1U, 2U, 3U, 6U, 10U}) {
    for (const unsigned jobs : {1U, 2U, 3U, 8U, 20U}) {
      for (const double total_s : {1.0, 5.0, 60.0, 3600.0}) {
        const Schedule schedule(targets, jobs, total_s, kMostSliceS, 0);
        const std::vector<double> given = run(schedule, targets, jobs, total_s);
        const double sum = std::accumulate(given.begin(), given.end(), 0.0);
        const std::string what =
            std::to_string(targets) + " " + std::to_string(jobs) + " " + std::to_string(total_s);
        EXPECT_GT(sum, 0.7 * total_s * jobs) << what;
        if (total_s < 60) continue;  // too short for more than one slice each
        const auto [least, most] = std::minmax_element(given.begin(), given.end());
        EXPECT_LE(*most - *least, std::max(kMostSliceS, total_s) + 1) << what;
        EXPECT_GT(*least, 0) << what;
      }
    }
  }
}

TEST(Schedule, TargetsTakeTurnsOnOneWorker) {
  Schedule schedule(3, 1, 60, kMostSliceS, 0);
  for (size_t i = 0; i < 3; ++i) {
    const auto slice = schedule.next(20.0 * static_cast<double>(i));
    ASSERT_TRUE(slice);
    EXPECT_EQ(slice->target, i);
    EXPECT_DOUBLE_EQ(slice->seconds, 20);
    schedule.end(*slice, slice->seconds);
  }
  EXPECT_FALSE(schedule.next(60));
}

TEST(Schedule, WorkersAtTheSameTimeTakeDifferentTargets) {
  Schedule schedule(2, 4, 60, kMostSliceS, 0);
  std::vector<size_t> targets;
  for (int i = 0; i < 4; ++i) targets.push_back(schedule.next(0)->target);
  EXPECT_EQ(std::count(targets.begin(), targets.end(), 0), 2);
}

TEST(Schedule, WhoEndedEarlyIsNextAgain) {
  Schedule schedule(2, 1, 100, kMostSliceS, 0);
  const auto first = schedule.next(0);
  schedule.end(*first, 1);  // a finding, for example
  const auto second = schedule.next(1);
  EXPECT_NE(second->target, first->target);
  schedule.end(*second, second->seconds);
  EXPECT_EQ(schedule.next(51)->target, first->target);
}

TEST(Schedule, WhatWasDroppedIsNeverNext) {
  Schedule schedule(2, 1, 60, kMostSliceS, 0);
  schedule.drop(0);
  EXPECT_EQ(schedule.next(0)->target, 1);
  EXPECT_EQ(schedule.next(10)->target, 1);
  EXPECT_FALSE(schedule.empty());
  schedule.drop(1);
  EXPECT_TRUE(schedule.empty());
  EXPECT_FALSE(schedule.next(20));
}

TEST(Schedule, WithoutAnEndItGoesOnInSlices) {
  Schedule schedule(2, 1, std::nullopt, kMostSliceS, 0);
  const auto slice = schedule.next(1e9);
  ASSERT_TRUE(slice);
  EXPECT_DOUBLE_EQ(slice->seconds, kMostSliceS);
  EXPECT_TRUE(schedule.time_left(1e9));
}

TEST(Schedule, AVeryShortRunStillRuns) {
  Schedule schedule(1, 1, 0.2, kMostSliceS, 0);
  EXPECT_DOUBLE_EQ(schedule.next(0)->seconds, 0.2);
}

}  // namespace
}  // namespace sklab
