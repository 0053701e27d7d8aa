// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace sklab {
namespace {

TEST(RacePlan, ASeedMakesThePlan) {
  EXPECT_EQ(random_race_plan(7), random_race_plan(7));
  EXPECT_NE(random_race_plan(7), random_race_plan(8));
}

TEST(RacePlan, PlansAreWhatTheLabCanDo) {
  std::set<RaceCallKind> kinds;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const RacePlan plan = random_race_plan(seed);
    ASSERT_GE(plan.threads.size(), 2U);
    ASSERT_FALSE(plan.links.empty());
    std::set<size_t> attached;
    for (size_t i = 0; i < plan.links.size(); ++i) attached.insert(i);
    for (const auto &thread : plan.threads) {
      ASSERT_LE(thread.size(), kMostRaceCalls);
      for (const RaceCall &call : thread) {
        kinds.insert(call.kind);
        ASSERT_LT(call.link, kRaceLinks);
        ASSERT_TRUE(!plan.links_only || info_of(call.kind).weight_of_links > 0);
        // Nobody else names a link before it is there.
        const bool is_new = call.kind == RaceCallKind::kAttach;
        ASSERT_EQ(is_new, attached.insert(call.link).second && is_new) << format_race_plan(plan);
        ASSERT_TRUE(is_new || call.link < plan.links.size());
      }
    }
  }
  EXPECT_EQ(kinds.size(), kRaceCalls.size());
}

TEST(RacePlan, IsReadByPeople) {
  RacePlan plan;
  plan.links = {1};
  plan.scripts[0] = {2, 1, 0, 50};
  plan.threads = {{{.kind = RaceCallKind::kReplace, .program = 2, .expected = 1, .delay = 120}}};
  EXPECT_THAT(format_race_plan(plan),
              testing::HasSubstr("thread 0: replace link 0 program 2 expected 1 after 120\n"));
  EXPECT_THAT(
      format_race_plan(plan),
      testing::HasSubstr("program 0: assign key 2 flags 1, drop, waiting 50 turns at each step\n"));
}

}  // namespace
}  // namespace sklab
