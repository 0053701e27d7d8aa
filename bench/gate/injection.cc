// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/injection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "bpf/abi.h"
#include "harness/measure/estimate.h"

namespace sklab {
namespace {

constexpr int kFewestTrials = 15;
constexpr int kMostTrials = 400;
constexpr uint32_t kTrialBurn = 256;
constexpr uint32_t kPrecision = 16;
constexpr uint32_t kMostBurn = SKLAB_MOST_BURN;

// The smaller what is looked for, the more rounds it takes to be told from noise.
int rounds_for(double fraction) {
  return static_cast<int>(std::clamp<double>(2.5 / fraction, kFewestTrials, kMostTrials));
}

// By which fraction so many steps make a lookup slower.
Result<double> measure_slowdown(GroupSession &session, Lane &lane, const Lane &empty,
                                uint32_t steps, int rounds) {
  std::vector<double> plain_ns;
  std::vector<double> slow_ns;
  std::vector<double> empty_ns;
  for (int round = 0; round < rounds; ++round) {
    lane.burn = 0;
    SKLAB_TRY(const double plain, session.runner().run_timed(lane, lane.lookups));
    lane.burn = steps;
    SKLAB_TRY(const double slow, session.runner().run_timed(lane, lane.lookups));
    SKLAB_TRY(const double overhead, session.runner().run_timed(empty, lane.lookups));
    plain_ns.push_back(plain);
    slow_ns.push_back(slow);
    empty_ns.push_back(overhead);
  }
  const double lookups_ns = distribution_of(plain_ns).p50 - distribution_of(empty_ns).p50;
  return paired_difference(slow_ns, plain_ns).value / lookups_ns;
}

}  // namespace

Result<> inject_slowdown(GroupSession &session, Lane &lane, const Lane *empty, double fraction) {
  if (lane.spec.path == RowPath::kTestRun || empty == nullptr) {
    return fail_as(ErrorKind::kUnavailable, "slow down", lane.spec.name, 0,
                   "only lookups that the probe makes can be slowed down");
  }
  // The processor does the first few steps beside the lookups, so halving comes closer than a rule
  // of three: between too few and too many.
  const int rounds = rounds_for(fraction);
  uint32_t few = 0;
  uint32_t many = kTrialBurn;
  SKLAB_TRY(double seen, measure_slowdown(session, lane, *empty, many, rounds));
  while (seen < fraction) {
    if (many >= kMostBurn) {
      return fail("slow down", lane.spec.name, 0, "no needless work of the probe makes it so slow");
    }
    few = std::exchange(many, std::min(4 * many, kMostBurn));
    SKLAB_TRY(seen, measure_slowdown(session, lane, *empty, many, rounds));
  }
  while (many - few > std::max(1U, many / kPrecision)) {
    const uint32_t middle = few + (many - few) / 2;
    SKLAB_TRY(seen, measure_slowdown(session, lane, *empty, middle, rounds));
    (seen < fraction ? few : many) = middle;
  }
  lane.burn = many;
  return Ok{};
}

}  // namespace sklab
