// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/self_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sklab {
namespace {

struct Costs {
  double loop_ns = 10;
  double lookup_ns = 80;
  double hidden_ns = 0;  // that an iteration with lookups has and an empty one has not
  double control_shift_ns = 0;
  double fixed_ns = 0;  // that every batch has once
};

Lane lane_of(Role role, LookupsPerIteration per_iteration, uint64_t lookups, bool empty = false) {
  Lane lane;
  lane.spec.name = "row";
  lane.spec.role = role;
  lane.per_iteration = per_iteration;
  lane.is_empty_loop = empty;
  lane.lookups = lookups;
  lane.expectation.targets.resize(1);
  return lane;
}

// Lanes as a group would have them, with noise that all lanes of a round share and some of their
// own.
std::vector<Lane> lanes_with(const Costs &costs) {
  constexpr auto kEight = LookupsPerIteration::kEight;
  constexpr auto kSixteen = LookupsPerIteration::kSixteen;
  std::vector<Lane> lanes;
  lanes.push_back(lane_of(Role::kRow, kEight, 1000));
  lanes.push_back(lane_of(Role::kControl, kEight, 1000));
  lanes.push_back(lane_of(Role::kUnrolled, kSixteen, 1000));
  lanes.push_back(lane_of(Role::kDouble, kEight, 2000));
  lanes.push_back(lane_of(Role::kRow, kEight, 9000, true));
  lanes.push_back(lane_of(Role::kRow, kSixteen, 9000, true));
  std::mt19937_64 random(1);
  std::normal_distribution<double> shared(0, 5);
  std::normal_distribution<double> own(0, 0.5);
  for (int round = 0; round < 200; ++round) {
    const double drift = shared(random);
    for (Lane &lane : lanes) {
      const auto unrolled = static_cast<double>(lane.per_iteration);
      double ns = costs.loop_ns / unrolled + own(random) +
                  costs.fixed_ns / static_cast<double>(lane.lookups);
      if (!lane.is_empty_loop) ns += costs.lookup_ns + drift + costs.hidden_ns / unrolled;
      if (lane.spec.role == Role::kControl) ns += costs.control_shift_ns;
      lane.samples_ns.push_back(ns);
    }
  }
  return lanes;
}

SelfCheck check_named(const Costs &costs, const std::string &name) {
  const auto checks = run_self_checks(lanes_with(costs), 0.4);
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [&](const SelfCheck &check) { return check.name == name; });
  EXPECT_NE(found, checks.end()) << name;
  return *found;
}

TEST(SelfChecks, PassWhenTheMeasurementIsRight) {
  for (const SelfCheck &check : run_self_checks(lanes_with({}), 0.4)) {
    EXPECT_TRUE(check.passed) << check.name << " " << check.value.value;
  }
  EXPECT_EQ(run_self_checks(lanes_with({}), 0.4).size(), 3U);
}

TEST(SelfChecks, ControlSeesAShiftBelowTheDrift) {
  Costs costs;
  costs.control_shift_ns = 1;
  EXPECT_FALSE(check_named(costs, "a_a_control").passed);
}

TEST(SelfChecks, ControlMustBePreciseEnough) {
  EXPECT_FALSE(run_self_checks(lanes_with({}), 0.01).front().passed);
}

TEST(SelfChecks, ResidualSeesOverheadThatTheEmptyLoopLacks) {
  Costs costs;
  costs.hidden_ns = 40;
  const SelfCheck check = check_named(costs, "residual_overhead");
  EXPECT_FALSE(check.passed);
  EXPECT_NEAR(check.value.value, 40.0 / 8, 0.5);
}

TEST(SelfChecks, ProportionalitySeesACostThatIsPaidOnceABatch) {
  Costs costs;
  costs.fixed_ns = 10000;
  EXPECT_FALSE(check_named(costs, "proportionality").passed);
}

TEST(SelfChecks, NoneOnARowThatFailed) {
  auto lanes = lanes_with({});
  lanes.front().failure = "wrong socket";
  EXPECT_TRUE(run_self_checks(lanes, 0.4).empty());
}

}  // namespace
}  // namespace sklab
