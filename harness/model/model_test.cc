// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "harness/model/random_scenario.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

std::string outcome_of(const std::string &programs, const std::string &packet) {
  const auto scenario = parse_scenario(
      "scenario 1\ndialect pass_drop\n"
      "socket server udp4 127.0.0.1:7007\n"
      "socket other udp4 127.0.0.2:8008\n"
      "socket c udp4 127.0.0.1:7009 peer=127.0.0.9:4000\n"
      "socket g udp4 127.0.0.1:9009 reuseport=1\n"
      "socket h udp4 127.0.0.1:9009 reuseport=1\n" +
      programs + "packet udp4 127.0.0.9:4000 -> " + packet + "\n");
  if (!scenario) return scenario.error().message();
  return describe(evaluate(*scenario), *scenario);
}

TEST(Evaluate, ConnectedSocketsComeBeforeTheHook) {
  EXPECT_EQ(outcome_of("program drop\n", "127.0.0.1:7009"),
            "socket=c by=connected runs=0 assigns=[]");
}

TEST(Evaluate, TheHookComesBeforeTheHashtable) {
  EXPECT_EQ(outcome_of("program assign other; pass\n", "127.0.0.1:7007"),
            "socket=other by=hook runs=1 assigns=[0]");
  EXPECT_EQ(outcome_of("program drop\n", "127.0.0.1:7007"),
            "socket=none by=refused runs=1 assigns=[]");
  EXPECT_EQ(outcome_of("program pass\n", "127.0.0.1:7007"),
            "socket=server by=hashtable runs=1 assigns=[]");
  EXPECT_EQ(outcome_of("program pass\n", "127.0.0.1:7008"),
            "socket=none by=nothing runs=1 assigns=[]");
}

TEST(Evaluate, ReuseportChoosesAfterTheHookUnlessToldNotTo) {
  EXPECT_EQ(outcome_of("program assign g; pass\n", "127.0.0.1:7007"),
            "socket=g|h by=hook runs=1 assigns=[0]");
  EXPECT_EQ(outcome_of("program assign h no_reuseport; pass\n", "127.0.0.1:7007"),
            "socket=h by=hook runs=1 assigns=[0]");
}

TEST(Evaluate, AllProgramsRunOrNone) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const Scenario scenario = random_scenario(random);
    const Outcome outcome = evaluate(scenario);
    const uint64_t runs = outcome.decided_by == DecidedBy::kConnected ? 0 : 1;
    EXPECT_EQ(outcome.run_counts, std::vector<uint64_t>(scenario.programs.size(), runs));
    EXPECT_EQ(outcome.assign_results.size(), scenario.programs.size());
    EXPECT_TRUE(std::is_sorted(outcome.sockets.begin(), outcome.sockets.end()));
    for (const size_t index : outcome.sockets) ASSERT_LT(index, scenario.sockets.size());
  }
}

TEST(Evaluate, WithoutProgramsTheHookDecidesNothing) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20000; ++i) {
    Scenario scenario = random_scenario(random);
    const Outcome with = evaluate(scenario);
    const uint32_t pass = *code_of(scenario.dialect, scenario.codes, Action::kPass);
    for (ScriptedProgram &program : scenario.programs) program = {{}, pass};
    const Outcome passing = evaluate(scenario);
    scenario.programs.clear();
    const Outcome without = evaluate(scenario);
    EXPECT_EQ(passing.sockets, without.sockets);
    EXPECT_NE(without.decided_by, DecidedBy::kHook);
    EXPECT_NE(without.decided_by, DecidedBy::kRefused);
    if (with.decided_by == DecidedBy::kConnected) {
      EXPECT_EQ(with.sockets, without.sockets);
    }
  }
}

}  // namespace
}  // namespace sklab
