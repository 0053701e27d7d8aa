// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_turn.h"

#include <algorithm>
#include <random>
#include <string>

#include "bench/latency/open_loop.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/program.h"
#include "harness/measure/estimate.h"
#include "harness/measure/histogram.h"

namespace sklab {
namespace {

// In turn, in random order.
constexpr size_t kEndpoints = 1024;
constexpr double kUdpPerSecond = 40000;
constexpr double kTcpPerSecond = 10000;
constexpr double kLatencySeconds = 0.05;
constexpr double kLeastTimed = 1000;  // that ten are slower than p99
constexpr uint64_t kCheckedRequests = 64;
// One after the other, in pieces of which the median counts.
constexpr size_t kPieces = 15;
constexpr uint64_t kPieceRequests = 512;
// All are due at once.
constexpr double kNoPause = 1e12;

// Errors: kUnavailable if so few sockets can be reached that endpoints were not random.
Result<std::vector<ExchangeTarget>> random_targets(const RangeHost &host, uint64_t seed) {
  constexpr size_t kAll = kRangeSize * kRangeSize;
  std::mt19937_64 random(seed);
  std::vector<ExchangeTarget> targets;
  for (size_t tries = 0; targets.size() < kEndpoints; ++tries) {
    if (tries > 4 * kEndpoints) {
      return fail_as(ErrorKind::kUnavailable, "keep so many sockets open:", std::to_string(kAll), 0,
                     "raise the limit of open files (ulimit -n)");
    }
    const auto target = host.target(random() % kAll);
    if (target) targets.push_back(*target);
  }
  return targets;
}

// What looks sockets up has to run once for each, and what sees packets for all of them.
Result<> check_program_runs(RangeMethod method, const RangeHost &host, Exchange &exchange) {
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  const int program_fd = host.program_fd();
  uint64_t before = 0;
  if (program_fd >= 0) {
    SKLAB_TRY(before, run_count(program_fd));
  }
  for (uint64_t i = 0; i < kCheckedRequests; ++i) SKLAB_CHECK(exchange_once(exchange));
  if (program_fd < 0) return Ok{};
  SKLAB_TRY(const uint64_t after, run_count(program_fd));
  const uint64_t runs = after - before;
  const bool sees_packets = method == RangeMethod::kTcAssign;
  if (sees_packets ? runs >= kCheckedRequests : runs == kCheckedRequests) return Ok{};
  return fail_as(
      ErrorKind::kMismatch, "run a program:",
      std::to_string(runs) + " runs of " + std::to_string(kCheckedRequests) + " requests");
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
  SKLAB_TRY(const auto targets, random_targets(host, seed));
  SKLAB_TRY(const auto exchange,
            make_exchange(family.protocol, {family.client, kClientPort}, targets));
  SKLAB_CHECK(check_program_runs(method, host, *exchange));
  RangeSample sample;
  sample.set_up = host.set_up();
  const double rate = range_rate_per_second(family);
  const auto timed = static_cast<uint64_t>(std::max(rate * kLatencySeconds, kLeastTimed));
  SKLAB_TRY(OpenLoopResult latency, run_open_loop(*exchange, {rate, timed / 4, timed}));
  const Histogram histogram(std::move(latency.since_due_ns));
  sample.latency_ns_p50 = histogram.percentile(50);
  sample.latency_ns_p99 = histogram.percentile(99);
  SKLAB_TRY(sample.request_ns, back_to_back_ns(*exchange));
  sample.requests = kCheckedRequests + timed / 4 + timed + kPieces * kPieceRequests;
  return sample;
}

}  // namespace sklab
