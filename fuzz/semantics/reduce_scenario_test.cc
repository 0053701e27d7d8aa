// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/reduce_scenario.h"

#include <gtest/gtest.h>

#include "harness/model/model.h"
#include "harness/model/mutants.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

// What a wrong rule does differently stands for what a kernel does.
TEST(ReduceScenario, LeavesWhatTheDifferenceNeeds) {
  Rules wrong = kernel_rules();
  find_mutant("pass_drop: a later program can clear the selection")->mutate(wrong);
  const auto differs = [&](const Scenario &scenario) {
    EXPECT_FALSE(find_contradiction(scenario));
    return evaluate(scenario) != evaluate(scenario, Arrival::kHelper, wrong);
  };
  const auto scenario = parse_scenario(
      "scenario 1\ndialect pass_drop\n"
      "socket a tcp4 127.0.0.1:7007\nsocket b tcp6 [::]:8008 reuseport=1\n"
      "socket c tcp6 [::]:8008 reuseport=1\n"
      "program pass\nprogram assign a; assign b; assign b replace no_reuseport; pass\n"
      "program drop\nprogram assign null no_reuseport replace; pass\nprogram pass\n"
      "packet tcp4 127.0.0.9:40000 -> 127.0.0.2:9\n");
  ASSERT_TRUE(differs(*scenario));
  EXPECT_EQ(format_scenario(reduce_scenario(*scenario, differs)),
            "scenario 1\ndialect pass_drop\nsocket a tcp4 127.0.0.1:7007\n"
            "program assign a; pass\nprogram assign null replace; pass\n"
            "packet tcp4 127.0.0.9:40000 -> 127.0.0.2:9\n");
}

TEST(ReduceScenario, WhatCannotBeSmallerStays) {
  const auto scenario = parse_scenario(
      "scenario 1\ndialect pass_drop\nprogram drop\n"
      "packet tcp4 127.0.0.9:40000 -> 127.0.0.2:9\n");
  const auto is_same = [&](const Scenario &other) { return other == *scenario; };
  EXPECT_EQ(reduce_scenario(*scenario, is_same), *scenario);
}

}  // namespace
}  // namespace sklab
