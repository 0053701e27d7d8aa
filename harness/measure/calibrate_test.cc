// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/calibrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <random>

namespace sklab {
namespace {

constexpr uint64_t kBatchNs = 1'500'000;
constexpr uint64_t kResolutionNs = 25;

// Work with a fixed cost per batch and one per iteration, seen through a clock that ticks.
struct FakeWork {
  double per_iteration_ns = 75;
  double per_batch_ns = 0;
  uint64_t tick_ns = 1;
  uint64_t longest_batch = 0;
  int batches = 0;

  Result<uint64_t> operator()(uint64_t iterations) {
    ++batches;
    longest_batch = std::max(longest_batch, iterations);
    const double exact = per_batch_ns + per_iteration_ns * static_cast<double>(iterations);
    return static_cast<uint64_t>(exact) / tick_ns * tick_ns;
  }
};

uint64_t calibrated(const std::function<Result<uint64_t>(uint64_t)> &run,
                    uint64_t batch_ns = kBatchNs, uint64_t resolution_ns = kResolutionNs) {
  const Result<uint64_t> iterations = calibrate_iterations(run, batch_ns, resolution_ns);
  EXPECT_TRUE(iterations.has_value()) << iterations.error().message();
  return iterations.value_or(0);
}

TEST(CalibrateIterations, FillsTheBatchWhateverTheWorkCosts) {
  for (const double per_iteration_ns : {0.3, 1.0, 16.5, 75.0, 1234.0, 20'000.0}) {
    for (const uint64_t batch_ns : {700'000U, 1'500'000U, 50'000'000U}) {
      FakeWork work{per_iteration_ns};
      const uint64_t iterations = calibrated(std::ref(work), batch_ns);
      const double expected = static_cast<double>(batch_ns) / per_iteration_ns;
      EXPECT_NEAR(static_cast<double>(iterations), expected, 1 + expected * 1e-4)
          << per_iteration_ns << " ns an iteration, batch of " << batch_ns;
    }
  }
}

TEST(CalibrateIterations, IsOneForWorkLongerThanTheBatch) {
  for (const double per_iteration_ns : {1.6e6, 2.9e6, 1e9}) {
    FakeWork work{per_iteration_ns};
    EXPECT_EQ(calibrated(std::ref(work)), 1U);
    EXPECT_LE(work.batches, 7) << "long work was repeated needlessly";
  }
}

TEST(CalibrateIterations, RoundsToTheNearest) {
  FakeWork work{400'000};
  EXPECT_EQ(calibrated(std::ref(work)), 4U);  // 3.75
  work.per_iteration_ns = 440'000;
  EXPECT_EQ(calibrated(std::ref(work)), 3U);  // 3.41
}

TEST(CalibrateIterations, ConfirmationCorrectsForTheFixedCost) {
  FakeWork work{75, 100'000};
  const uint64_t iterations = calibrated(std::ref(work));
  EXPECT_NEAR(75.0 * static_cast<double>(iterations) + 100'000, kBatchNs, kBatchNs * 0.05)
      << "scaling once is 18 % off";
}

TEST(CalibrateIterations, NeverRunsMuchLongerThanABatch) {
  FakeWork work{75};
  const uint64_t iterations = calibrated(std::ref(work));
  EXPECT_LE(work.longest_batch, iterations * 11 / 10);
}

TEST(CalibrateIterations, LastsAThousandClockSteps) {
  // A batch as short as the tick is no measure: the trial must outlast it.
  FakeWork work{75, 0, 4000};
  calibrated(std::ref(work), 10'000, 4000);
  EXPECT_GE(work.longest_batch * 75, 4'000'000U);
}

TEST(CalibrateIterations, CoarseClockIsStillAccurate) {
  for (const uint64_t tick_ns : {100U, 1000U, 10'000U}) {
    FakeWork work{75, 0, tick_ns};
    const uint64_t iterations = calibrated(std::ref(work), 50'000'000, tick_ns);
    EXPECT_NEAR(static_cast<double>(iterations), 50e6 / 75, 50e6 / 75 * 0.01) << tick_ns;
  }
}

TEST(CalibrateIterations, OneInterruptAnywhereDoesNotFoolIt) {
  for (const double per_batch_ns : {0.0, 100'000.0}) {
    FakeWork quiet{75, per_batch_ns};
    const auto expected = static_cast<double>(calibrated(std::ref(quiet)));
    for (int interrupted_batch = 1; interrupted_batch <= quiet.batches; ++interrupted_batch) {
      FakeWork work{75, per_batch_ns};
      const auto run = [&](uint64_t iterations) -> Result<uint64_t> {
        SKLAB_TRY(const uint64_t elapsed_ns, work(iterations));
        return elapsed_ns + (work.batches == interrupted_batch ? 10'000'000 : 0);
      };
      EXPECT_NEAR(static_cast<double>(calibrated(run)), expected, expected * 0.001)
          << "interrupt in batch " << interrupted_batch;
    }
  }
}

TEST(CalibrateIterations, NoiseOfAPercentStaysAPercent) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 200; ++trial) {
    FakeWork work;
    const auto run = [&](uint64_t iterations) -> Result<uint64_t> {
      SKLAB_TRY(const uint64_t elapsed_ns, work(iterations));
      return elapsed_ns + elapsed_ns * (random() % 100) / 10'000;
    };
    EXPECT_NEAR(static_cast<double>(calibrated(run)), kBatchNs / 75.0, kBatchNs / 75.0 * 0.011);
  }
}

TEST(CalibrateIterations, StuckClockIsAnErrorSoon) {
  for (const uint64_t stuck_at_ns : {0U, 1U, 5U, 10'000U}) {
    uint64_t total_iterations = 0;
    const auto run = [&](uint64_t iterations) -> Result<uint64_t> {
      total_iterations += iterations;
      return stuck_at_ns;
    };
    const auto iterations = calibrate_iterations(run, kBatchNs, kResolutionNs);
    ASSERT_FALSE(iterations.has_value()) << stuck_at_ns;
    EXPECT_THAT(iterations.error().message(), testing::HasSubstr("does not advance"));
    EXPECT_EQ(iterations.error().kind, ErrorKind::kHarness);
    EXPECT_LT(total_iterations, uint64_t{1} << 26U) << "seconds of work for nothing";
  }
}

TEST(CalibrateIterations, ClockThatStopsIsAnError) {
  FakeWork work;
  int readings = 0;
  const auto run = [&](uint64_t iterations) -> Result<uint64_t> {
    return ++readings > 16 ? Result<uint64_t>(0) : work(iterations);
  };
  EXPECT_FALSE(calibrate_iterations(run, kBatchNs, kResolutionNs).has_value());
}

TEST(CalibrateIterations, PassesEveryErrorOn) {
  FakeWork complete;
  calibrated(std::ref(complete));
  for (int failing_batch = 1; failing_batch <= complete.batches; ++failing_batch) {
    FakeWork work;
    const auto run = [&](uint64_t iterations) -> Result<uint64_t> {
      auto elapsed_ns = work(iterations);
      if (work.batches == failing_batch) return fail_as(ErrorKind::kMismatch, "look up", "", EINTR);
      return elapsed_ns;
    };
    const auto iterations = calibrate_iterations(run, kBatchNs, kResolutionNs);
    ASSERT_FALSE(iterations.has_value()) << failing_batch;
    EXPECT_EQ(iterations.error().kind, ErrorKind::kMismatch);
    EXPECT_EQ(iterations.error().error_number, EINTR);
    EXPECT_EQ(work.batches, failing_batch) << "went on after the error";
  }
}

TEST(CalibrateIterations, StaysWithinThirtyTwoBits) {
  // 5e9 iterations would fill this batch.
  FakeWork work{0.002};
  EXPECT_EQ(calibrated(std::ref(work), 10'000'000), uint64_t{1} << 31U);
}

TEST(CalibrateIterations, BatchThatThirtyTwoBitsCannotFillIsAnError) {
  FakeWork work{0.002};
  EXPECT_FALSE(calibrate_iterations(std::ref(work), 1'000'000'000'000, kResolutionNs).has_value());
  EXPECT_LE(work.longest_batch, uint64_t{1} << 31U);
}

TEST(CalibrateIterations, BatchOfNothingIsOneIteration) {
  FakeWork work;
  EXPECT_EQ(calibrated(std::ref(work), 0), 1U);
}

TEST(MonotonicNs, NeverGoesBackAndAdvances) {
  const uint64_t start_ns = monotonic_ns();
  uint64_t previous_ns = start_ns;
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t now_ns = monotonic_ns();
    ASSERT_GE(now_ns, previous_ns);
    previous_ns = now_ns;
  }
  EXPECT_GT(previous_ns, start_ns);
}

TEST(ClockResolution, IsAStepOfTheRealClock) {
  const uint64_t resolution_ns = clock_resolution_ns();
  EXPECT_GE(resolution_ns, 1U);
  EXPECT_LE(resolution_ns, 10'000'000U);  // the slowest tick, HZ=100
}

}  // namespace
}  // namespace sklab
