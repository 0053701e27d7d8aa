// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_order.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace sklab {
namespace {

using Kind = RaceCallKind;

RacePlan plan_with_links(std::vector<size_t> programs) {
  RacePlan plan;
  plan.links = std::move(programs);
  return plan;
}

RaceEvent event(uint64_t began, uint64_t ended, RaceCall call, RaceResult result = {}) {
  return {call, began, ended, std::move(result)};
}

RaceCall replace(size_t program, size_t expected) {
  RaceCall call;
  call.kind = Kind::kReplace;
  call.program = program;
  call.expected = expected;
  return call;
}

RaceCall call_of(Kind kind, size_t link = 0, size_t program = 0) {
  RaceCall call;
  call.kind = kind;
  call.link = link;
  call.program = program;
  return call;
}

RaceResult programs(std::vector<size_t> numbers, bool attached = true) {
  RaceResult result;
  result.programs = std::move(numbers);
  result.attached = attached;
  return result;
}

RaceResult error(int number) {
  RaceResult result;
  result.error = number;
  return result;
}

TEST(RaceOrder, OnlyOneReplacementOfAProgramSucceeds) {
  const RacePlan plan = plan_with_links({0});
  const auto first = event(1, 4, replace(1, 0));
  EXPECT_EQ(find_race_order(plan, {{first}, {event(2, 3, replace(2, 0))}}), RaceOrder::kNone);
  EXPECT_EQ(find_race_order(plan, {{first}, {event(2, 3, replace(2, 0), error(-EPERM))}}),
            RaceOrder::kFound);
}

TEST(RaceOrder, WhatEndedBeforeCountsFirst) {
  const RacePlan plan = plan_with_links({0});
  const auto refused = event(3, 4, replace(2, 0), error(-EPERM));
  EXPECT_EQ(find_race_order(plan, {{event(1, 2, replace(1, 0))}, {refused}}), RaceOrder::kFound);
  const auto too_late = event(5, 6, replace(1, 0));
  EXPECT_EQ(find_race_order(plan, {{too_late}, {refused}}), RaceOrder::kNone);
}

TEST(RaceOrder, ALookupMayMeetAnUpdateInTheMiddle) {
  const RacePlan plan = plan_with_links({0, 1});
  const auto first = event(2, 3, call_of(Kind::kUpdate, 0, 2));
  const auto second = event(4, 5, call_of(Kind::kUpdate, 1, 3));
  for (const auto &ran : {std::vector<size_t>{0, 1}, {2, 1}, {2, 3}, {0, 3}}) {
    const auto lookup = event(1, 6, call_of(Kind::kLookUp), programs(ran));
    EXPECT_EQ(find_race_order(plan, {{lookup}, {first, second}}), RaceOrder::kFound);
  }
  // The first program was read first.
  const auto reversed = event(4, 5, call_of(Kind::kUpdate, 0, 2));
  const auto before = event(2, 3, call_of(Kind::kUpdate, 1, 3));
  const auto lookup = event(1, 6, call_of(Kind::kLookUp), programs({2, 1}));
  EXPECT_EQ(find_race_order(plan, {{lookup}, {before, reversed}}), RaceOrder::kNone);
}

TEST(RaceOrder, ALookupHasOneListOfLinks) {
  const RacePlan plan = plan_with_links({0, 1});
  const auto gone = event(2, 3, call_of(Kind::kDetach, 1));
  for (const auto &ran : {std::vector<size_t>{0, 1}, {0}}) {
    const auto lookup = event(1, 6, call_of(Kind::kLookUp), programs(ran));
    EXPECT_EQ(find_race_order(plan, {{lookup}, {gone}}), RaceOrder::kFound);
  }
  const auto other = event(1, 6, call_of(Kind::kLookUp), programs({1}));
  EXPECT_EQ(find_race_order(plan, {{other}, {gone}}), RaceOrder::kNone);
}

TEST(RaceOrder, InfoReadsTheProgramBeforeTheNamespace) {
  const RacePlan plan = plan_with_links({0});
  const std::vector<RaceEvent> changes = {event(2, 3, call_of(Kind::kUpdate, 0, 1)),
                                          event(4, 5, call_of(Kind::kDetach))};
  const auto info = [](size_t program, bool attached) {
    return event(1, 6, call_of(Kind::kInfo), programs({program}, attached));
  };
  EXPECT_EQ(find_race_order(plan, {{info(0, false)}, changes}), RaceOrder::kFound);
  EXPECT_EQ(find_race_order(plan, {{info(1, true)}, changes}), RaceOrder::kFound);
  EXPECT_EQ(find_race_order(plan, {{info(2, true)}, changes}), RaceOrder::kNone);
}

TEST(RaceOrder, LookupsSeeAnUpdateBeforeTheLinkDoes) {
  const RacePlan plan = plan_with_links({0});
  const auto update = event(1, 6, call_of(Kind::kUpdate, 0, 1));
  const auto lookup = event(2, 3, call_of(Kind::kLookUp), programs({1}));
  const auto info = event(4, 5, call_of(Kind::kInfo), programs({0}));
  EXPECT_EQ(find_race_order(plan, {{update}, {lookup, info}}), RaceOrder::kFound);
  // Not the other way round, and not for what takes the lock.
  const auto old_lookup = event(4, 5, call_of(Kind::kLookUp), programs({0}));
  const auto new_info = event(2, 3, call_of(Kind::kInfo), programs({1}));
  EXPECT_EQ(find_race_order(plan, {{update}, {new_info, old_lookup}}), RaceOrder::kNone);
  const auto query = event(4, 5, call_of(Kind::kQuery), programs({0}));
  EXPECT_EQ(find_race_order(plan, {{update}, {lookup, query}}), RaceOrder::kNone);
}

TEST(RaceOrder, AProgramThatGoesHasNoId) {
  const auto update = event(2, 3, call_of(Kind::kUpdate, 0, 1));
  const auto info = event(1, 6, call_of(Kind::kInfo), programs({kGoneProgram}));
  const RacePlan held = plan_with_links({0});
  EXPECT_EQ(find_race_order(held, {{info}, {update}}), RaceOrder::kNone);
  const RacePlan alone = plan_with_links({first_program_of(0)});
  EXPECT_EQ(find_race_order(alone, {{info}, {update}}), RaceOrder::kFound);
}

TEST(RaceOrder, FreshProgramsAreKnownByTheirCall) {
  const RacePlan plan = plan_with_links({0});
  const auto update = event(1, 2, call_of(Kind::kUpdateFresh));
  const auto query = [](size_t program) {
    return event(3, 4, call_of(Kind::kQuery), programs({program}));
  };
  EXPECT_EQ(find_race_order(plan, {{update}, {query(kFirstFreshProgram)}}), RaceOrder::kFound);
  EXPECT_EQ(find_race_order(plan, {{update}, {query(0)}}), RaceOrder::kNone);
  // It leaves no trace when it runs.
  const auto lookup = event(3, 4, call_of(Kind::kLookUp), programs({}));
  EXPECT_EQ(find_race_order(plan, {{update}, {lookup}}), RaceOrder::kFound);
}

}  // namespace
}  // namespace sklab
