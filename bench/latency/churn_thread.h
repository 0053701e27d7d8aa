// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "bench/latency/churn.h"

namespace sklab {

struct ChurnResult {
  double elapsed_s = 0;
  std::vector<uint64_t> operations_ns;  // what each of them took
};

// Operates a churn at a rate, in a thread of its own on a CPU of its own. The times between
// operations are random (exponentially distributed): at even ones they would meet the requests,
// which come evenly, always in the same way. An operation that is late is made up for.
class ChurnThread {
 public:
  // `churn` is borrowed.
  ChurnThread(Churn &churn, double rate_per_second, unsigned cpu, uint64_t seed);
  ChurnThread(const ChurnThread &) = delete;
  ChurnThread &operator=(const ChurnThread &) = delete;
  ~ChurnThread();

  // Errors: what an operation could not do.
  Result<ChurnResult> stop();

 private:
  Result<> operate(double rate_per_second, unsigned cpu, uint64_t seed);

  Churn &churn_;
  uint64_t start_ns_;
  ChurnResult result_;
  Result<> outcome_{Ok{}};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace sklab
