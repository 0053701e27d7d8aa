// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <limits>

namespace sklab {
namespace {

using RunElapsed = std::function<Result<uint64_t>(uint64_t)>;

constexpr int kClockReads = 4096;
constexpr uint64_t kNsPerSecond = 1'000'000'000;

// BPF_PROG_TEST_RUN takes its repeat count as 32 bits; half of that leaves room for rounding up.
constexpr uint64_t kMaxIterations = uint64_t{1} << 31U;

// From here on even a tick of 10 ms would have been seen, and nothing takes less than a picosecond.
constexpr uint64_t kStuckIterations = uint64_t{1} << 24U;
constexpr uint64_t kMaxIterationsPerNs = 1000;

bool is_stuck(uint64_t iterations, uint64_t elapsed_ns) {
  return iterations >= kStuckIterations && elapsed_ns < iterations / kMaxIterationsPerNs;
}

tl::unexpected<Error> stuck_clock(uint64_t iterations, uint64_t elapsed_ns) {
  return fail("calibrate a batch", fmt::format("of {} iterations", iterations), 0,
              fmt::format("it took {} ns: the clock does not advance", elapsed_ns));
}

Result<uint64_t> median_of_three(const RunElapsed &run_elapsed_ns, uint64_t iterations) {
  std::array<uint64_t, 3> elapsed_ns{};
  for (uint64_t &elapsed : elapsed_ns) {
    SKLAB_TRY(elapsed, run_elapsed_ns(iterations));
  }
  std::sort(elapsed_ns.begin(), elapsed_ns.end());
  return elapsed_ns[1];
}

uint64_t scale(uint64_t iterations, uint64_t elapsed_ns, uint64_t batch_ns) {
  const double exact = static_cast<double>(iterations) * static_cast<double>(batch_ns) /
                       static_cast<double>(elapsed_ns);
  return static_cast<uint64_t>(
      std::llround(std::clamp(exact, 1.0, static_cast<double>(kMaxIterations))));
}

struct TimedRun {
  uint64_t iterations = 0;
  uint64_t elapsed_ns = 0;
};

// The shortest power of two that lasts `enough_ns`, not only by being interrupted.
Result<TimedRun> find_long_enough(const RunElapsed &run_elapsed_ns, uint64_t enough_ns) {
  for (TimedRun trial{1, 0};; trial.iterations *= 2) {
    SKLAB_TRY(trial.elapsed_ns, run_elapsed_ns(trial.iterations));
    if (trial.elapsed_ns >= enough_ns) {
      SKLAB_TRY(trial.elapsed_ns, median_of_three(run_elapsed_ns, trial.iterations));
      if (trial.elapsed_ns >= enough_ns) return trial;
    }
    const bool too_many = trial.iterations >= kMaxIterations;
    if (too_many || is_stuck(trial.iterations, trial.elapsed_ns)) {
      return stuck_clock(trial.iterations, trial.elapsed_ns);
    }
  }
}

}  // namespace

uint64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * kNsPerSecond + static_cast<uint64_t>(now.tv_nsec);
}

uint64_t clock_resolution_ns() {
  uint64_t smallest = std::numeric_limits<uint64_t>::max();
  uint64_t previous = monotonic_ns();
  for (int i = 0; i < kClockReads; ++i) {
    const uint64_t now = monotonic_ns();
    if (now != previous) smallest = std::min(smallest, now - previous);
    previous = now;
  }
  if (smallest != std::numeric_limits<uint64_t>::max()) return smallest;
  // A clock that ticks with the timer interrupt stood still all the while; the kernel knows its
  // step.
  timespec step{};
  ::clock_getres(CLOCK_MONOTONIC, &step);
  return std::max<uint64_t>(
      1, static_cast<uint64_t>(step.tv_sec) * kNsPerSecond + static_cast<uint64_t>(step.tv_nsec));
}

Result<uint64_t> calibrate_iterations(const RunElapsed &run_elapsed_ns, uint64_t batch_ns,
                                      uint64_t resolution_ns) {
  const uint64_t enough_ns = std::max({uint64_t{1}, 1000 * resolution_ns, batch_ns / 8});
  SKLAB_TRY(const TimedRun trial, find_long_enough(run_elapsed_ns, enough_ns));
  const uint64_t iterations = scale(trial.iterations, trial.elapsed_ns, batch_ns);
  SKLAB_TRY(const uint64_t elapsed_ns, median_of_three(run_elapsed_ns, iterations));
  if (elapsed_ns == 0) return stuck_clock(iterations, elapsed_ns);
  return scale(iterations, elapsed_ns, batch_ns);
}

}  // namespace sklab
