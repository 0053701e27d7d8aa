// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/group_session.h"

#include <algorithm>

#include "bench/group_lanes.h"
#include "harness/measure/calibrate.h"

namespace sklab {
namespace {

// What every LookupsPerIteration divides.
constexpr uint32_t kLookupsMultiple = 16;

uint64_t round_up(uint64_t value, uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

Result<PopulatedNetns> make_netns(const GroupSpec &group) {
  if (group.object) return PopulatedNetns::create(*group.object);
  if (group.flood)
    return PopulatedNetns::create_to_flood(group.family, group.population, group.generator);
  return PopulatedNetns::create(group.family, group.population);
}

}  // namespace

Result<std::unique_ptr<GroupSession>> GroupSession::open(const GroupSpec &group,
                                                         Instruments &instruments, uint64_t seed) {
  SKLAB_TRY(PopulatedNetns netns, make_netns(group));
  SKLAB_TRY(auto lanes, make_lanes(group, netns, instruments.probe, seed));
  SKLAB_TRY(ScopedNetns inside, ScopedNetns::enter(netns.netns));
  std::unique_ptr<GroupSession> session(
      new GroupSession(std::move(netns), std::move(inside), instruments));
  session->lanes = std::move(lanes);
  return session;
}

Result<uint64_t> GroupSession::calibrate(const Lane &lane, double batch_ns) {
  // A second lookup would find warm caches.
  if (lane.spec.caches == Caches::kEvicted) return 1;
  const uint32_t multiple =
      lane.spec.path == RowPath::kFlood ? uint32_t{kFloodBurst} : kLookupsMultiple;
  const auto elapsed_ns = [&](uint64_t iterations) -> Result<uint64_t> {
    SKLAB_TRY(const double elapsed, runner_.run_timed(lane, iterations * multiple));
    return static_cast<uint64_t>(elapsed);
  };
  SKLAB_TRY(const uint64_t iterations,
            calibrate_iterations(elapsed_ns, static_cast<uint64_t>(batch_ns)));
  return round_up(iterations * multiple, std::max(lane.target_count(), multiple));
}

}  // namespace sklab
