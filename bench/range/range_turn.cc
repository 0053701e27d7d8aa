// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_turn.h"

#include <random>

#include "bench/latency/open_loop.h"
#include "harness/measure/estimate.h"
#include "harness/measure/histogram.h"

namespace sklab {
namespace {

// In random order again and again: their sockets are more than caches of the first level hold, and
// what this process keeps of each is not.
constexpr size_t kEndpoints = 1024;
constexpr double kUdpPerSecond = 40000;
constexpr double kTcpPerSecond = 10000;
constexpr double kLatencySeconds = 0.05;
// One after the other, in pieces of which the median counts.
constexpr size_t kPieces = 15;
constexpr uint64_t kPieceRequests = 512;
// All are due at once.
constexpr double kNoPause = 1e12;

std::vector<ExchangeTarget> random_targets(const RangeHost &host, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<ExchangeTarget> targets;
  while (targets.size() < kEndpoints) {
    const auto target = host.target(random() % (kRangeSize * kRangeSize));
    if (target) targets.push_back(*target);
  }
  return targets;
}

Result<double> back_to_back_ns(Exchange &exchange) {
  std::vector<double> pieces;
  for (size_t i = 0; i < kPieces; ++i) {
    SKLAB_TRY(const OpenLoopResult piece, run_open_loop(exchange, {kNoPause, 0, kPieceRequests}));
    pieces.push_back(1e9 * piece.elapsed_s / static_cast<double>(kPieceRequests));
  }
  return median_estimate(std::move(pieces)).value;
}

}  // namespace

double range_rate_per_second(const FamilyCase &family) {
  return family.protocol == Protocol::kUdp ? kUdpPerSecond : kTcpPerSecond;
}

Result<RangeSample> take_range_turn(RangeMethod method, const FamilyCase &family, uint64_t seed) {
  constexpr uint16_t kClientPort = 30000;
  SKLAB_TRY(const RangeHost host, RangeHost::create(method, family));
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(host.client()));
  SKLAB_TRY(const auto exchange, make_exchange(family.protocol, {family.client, kClientPort},
                                               random_targets(host, seed)));
  RangeSample sample;
  sample.set_up = host.set_up();
  const double rate = range_rate_per_second(family);
  const auto timed = static_cast<uint64_t>(rate * kLatencySeconds);
  SKLAB_TRY(OpenLoopResult latency, run_open_loop(*exchange, {rate, timed / 4, timed}));
  const Histogram histogram(std::move(latency.since_due_ns));
  sample.latency_ns_p50 = histogram.percentile(50);
  sample.latency_ns_p99 = histogram.percentile(99);
  SKLAB_TRY(sample.request_ns, back_to_back_ns(*exchange));
  sample.requests = timed / 4 + timed + kPieces * kPieceRequests;
  return sample;
}

}  // namespace sklab
