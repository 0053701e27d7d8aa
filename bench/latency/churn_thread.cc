// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/churn_thread.h"

#include <sys/prctl.h>

#include <cerrno>
#include <cmath>
#include <ctime>
#include <random>

#include "harness/measure/calibrate.h"
#include "harness/measure/cpu.h"

namespace sklab {
namespace {

constexpr uint64_t kNsPerSecond = 1000000000;
// Between looks at whether to stop.
constexpr uint64_t kLongestSleepNs = 20000000;

void sleep_until(uint64_t due_ns) {
  const timespec due{static_cast<time_t>(due_ns / kNsPerSecond),
                     static_cast<long>(due_ns % kNsPerSecond)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
}

// Exponentially distributed, of the same numbers with every library.
uint64_t gap_ns(double rate_per_second, std::mt19937_64 &random) {
  constexpr double kHalfStep = 0x1p-54;
  const double uniform = static_cast<double>(random() >> 11U) * 0x1p-53 + kHalfStep;
  return static_cast<uint64_t>(-std::log(uniform) / rate_per_second *
                               static_cast<double>(kNsPerSecond));
}

}  // namespace

ChurnThread::ChurnThread(Churn &churn, double rate_per_second, unsigned cpu, uint64_t seed)
    : churn_(churn),
      start_ns_(monotonic_ns()),
      thread_([=, this] { outcome_ = operate(rate_per_second, cpu, seed); }) {}

ChurnThread::~ChurnThread() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

Result<ChurnResult> ChurnThread::stop() {
  const uint64_t end_ns = monotonic_ns();
  stopping_ = true;
  thread_.join();
  SKLAB_CHECK(outcome_);
  // Not until the thread noticed: what was due meanwhile it left.
  result_.elapsed_s = static_cast<double>(end_ns - start_ns_) / static_cast<double>(kNsPerSecond);
  return std::move(result_);
}

Result<> ChurnThread::operate(double rate_per_second, unsigned cpu, uint64_t seed) {
  SKLAB_CHECK(pin_thread(cpu));
  // A timer may be 50 microseconds late otherwise.
  if (::prctl(PR_SET_TIMERSLACK, 1) != 0) return fail("set", "PR_SET_TIMERSLACK", errno);
  std::mt19937_64 random(seed);
  uint64_t now_ns = monotonic_ns();
  uint64_t due_ns = start_ns_ + gap_ns(rate_per_second, random);
  while (!stopping_) {
    if (due_ns > now_ns) {
      sleep_until(std::min(due_ns, now_ns + kLongestSleepNs));
      now_ns = monotonic_ns();
      continue;
    }
    const uint64_t begin_ns = monotonic_ns();
    SKLAB_CHECK(churn_.operate());
    now_ns = monotonic_ns();
    result_.operations_ns.push_back(now_ns - begin_ns);
    due_ns += gap_ns(rate_per_second, random);
  }
  return Ok{};
}

}  // namespace sklab
