// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/path/exchange.h"

namespace sklab {

struct OpenLoopPlan {
  double rate_per_second = 1;
  uint64_t warm_up = 0;  // requests before those that are measured
  uint64_t requests = 1;
};

// In nanoseconds, one a request.
struct OpenLoopResult {
  // Since the request was due: what a client waits that does not know how busy the server is.
  std::vector<uint64_t> since_due_ns;
  // Since it was sent, which may have been later: what a client sees that waits for one answer
  // before it sends the next request, and so leaves out whatever a stall held up (G. Tene's
  // "coordinated omission").
  std::vector<uint64_t> since_sent_ns;
  double elapsed_s = 0;
};

// Sends requests when they are due, evenly spaced, whatever became of those before. The thread
// waits by reading the clock, so nothing has to wake it. Errors: those of the exchange, and EINTR
// when interrupted.
Result<OpenLoopResult> run_open_loop(Exchange &exchange, const OpenLoopPlan &plan);

// One request, and nothing measured.
Result<> exchange_once(Exchange &exchange);

// An exchange that does nothing: what the loop itself shows as latency.
std::unique_ptr<Exchange> make_empty_exchange();

}  // namespace sklab
