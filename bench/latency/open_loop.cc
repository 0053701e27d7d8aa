// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/open_loop.h"

#include <cerrno>

#include "harness/measure/calibrate.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

class EmptyExchange final : public Exchange {
 public:
  Result<> prepare() override { return Ok{}; }
  Result<> perform() override { return Ok{}; }
  Result<> finish() override { return Ok{}; }
};

}  // namespace

std::unique_ptr<Exchange> make_empty_exchange() { return std::make_unique<EmptyExchange>(); }

Result<> exchange_once(Exchange &exchange) {
  SKLAB_CHECK(exchange.prepare());
  SKLAB_CHECK(exchange.perform());
  return exchange.finish();
}

Result<OpenLoopResult> run_open_loop(Exchange &exchange, const OpenLoopPlan &plan) {
  OpenLoopResult result;
  result.since_due_ns.reserve(plan.requests);
  result.since_sent_ns.reserve(plan.requests);
  const double interval_ns = 1e9 / plan.rate_per_second;
  const uint64_t start_ns = monotonic_ns();
  for (uint64_t i = 0; i < plan.warm_up + plan.requests; ++i) {
    if (interrupted()) return fail("send requests", "", EINTR, "interrupted");
    const uint64_t due_ns = start_ns + static_cast<uint64_t>(static_cast<double>(i) * interval_ns);
    SKLAB_CHECK(exchange.prepare());
    uint64_t sent_ns = monotonic_ns();
    while (sent_ns < due_ns) sent_ns = monotonic_ns();
    SKLAB_CHECK(exchange.perform());
    const uint64_t end_ns = monotonic_ns();
    SKLAB_CHECK(exchange.finish());
    if (i < plan.warm_up) continue;
    result.since_due_ns.push_back(end_ns - due_ns);
    result.since_sent_ns.push_back(end_ns - sent_ns);
  }
  result.elapsed_s = static_cast<double>(monotonic_ns() - start_ns) / 1e9;
  return result;
}

}  // namespace sklab
