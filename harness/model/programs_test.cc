// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Properties of the aggregation over every ordered triple of a small alphabet of programs.
#include "harness/model/programs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <functional>

namespace sklab {
namespace {

using testing::ElementsAre;

constexpr size_t kA = 0;
constexpr size_t kB = 1;

ScriptedProgram program(std::vector<AssignOperation> assigns, uint32_t return_code = kSkPass) {
  return {std::move(assigns), return_code};
}

const ScriptedProgram kPass = program({});
const ScriptedProgram kDrop = program({}, kSkDrop);
const ScriptedProgram kAssignA = program({{kA, 0}});
const ScriptedProgram kAssignB = program({{kB, 0}});
const ScriptedProgram kClear = program({{std::nullopt, kAssignReplace}});

std::vector<ScriptedProgram> alphabet() {
  return {kPass,
          kDrop,
          kAssignA,
          kAssignB,
          kClear,
          program({{std::nullopt, 0}}),
          program({{kA, 0}}, kSkDrop),
          program({{kB, kAssignReplace}}),
          program({{kB, kAssignReplace}}, kSkDrop),
          program({{kA, kAssignNoReuseport}}),
          program({{kA, kAssignReplace | kAssignNoReuseport}}),
          program({{kA, 4}}),
          program({{kA, 0}, {kB, 0}}),
          program({{kA, 0}, {std::nullopt, kAssignReplace}})};
}

Scenario scenario_with(std::vector<ScriptedProgram> programs) {
  Scenario scenario;
  for (const uint16_t port : {7007, 8008}) {
    SocketSpec socket;
    socket.local = {*parse_address("127.0.0.1"), port};
    scenario.sockets.push_back(socket);
  }
  scenario.programs = std::move(programs);
  return scenario;
}

struct Decided {
  std::optional<size_t> socket;
  bool no_reuseport = false;
  bool drop = false;
  std::vector<std::vector<int>> assign_results;
};

Decided run(std::vector<ScriptedProgram> programs) {
  const Scenario scenario = scenario_with(std::move(programs));
  Outcome outcome;
  outcome.assign_results.resize(scenario.programs.size());
  outcome.run_counts.resize(scenario.programs.size());
  const Decision verdict = run_programs(scenario, kernel_rules(), outcome);
  return {verdict.selection.socket, verdict.selection.no_reuseport, verdict.drop,
          outcome.assign_results};
}

void for_every_triple(const std::function<void(const std::vector<ScriptedProgram> &)> &check) {
  const auto letters = alphabet();
  for (const auto &first : letters) {
    for (const auto &second : letters) {
      for (const auto &third : letters) check({first, second, third});
    }
  }
}

TEST(RunPrograms, AnyDropWithoutASelectionRefuses) {
  for_every_triple([](const auto &programs) {
    const Decided verdict = run(programs);
    const bool any_drop = std::any_of(programs.begin(), programs.end(),
                                      [](const auto &p) { return p.return_code == kSkDrop; });
    EXPECT_EQ(verdict.drop, any_drop && !verdict.socket);
  });
}

TEST(RunPrograms, OnlyPassingProgramsSelect) {
  for_every_triple([](auto programs) {
    for (ScriptedProgram &p : programs) p.return_code = kSkDrop;
    const Decided verdict = run(programs);
    EXPECT_FALSE(verdict.socket);
    EXPECT_TRUE(verdict.drop);
  });
}

TEST(RunPrograms, AFinalDropChangesNoSelection) {
  for_every_triple([](auto programs) {
    const Decided before = run(programs);
    programs.push_back(kDrop);
    const Decided after = run(programs);
    EXPECT_EQ(after.socket, before.socket);
    EXPECT_EQ(after.no_reuseport, before.no_reuseport);
  });
}

TEST(RunPrograms, PassingAndClearingAddNothing) {
  for_every_triple([](auto programs) {
    const Decided before = run(programs);
    for (const ScriptedProgram &idle : {kPass, kClear}) {
      auto longer = programs;
      longer.push_back(idle);
      const Decided after = run(longer);
      EXPECT_EQ(after.socket, before.socket);
      EXPECT_EQ(after.no_reuseport, before.no_reuseport);
      EXPECT_EQ(after.drop, before.drop);
    }
  });
}

TEST(RunPrograms, AFinalReplacementAlwaysWins) {
  for_every_triple([](auto programs) {
    programs.push_back(program({{kB, kAssignReplace}}));
    const Decided verdict = run(programs);
    EXPECT_EQ(verdict.socket, kB);
    EXPECT_FALSE(verdict.no_reuseport);
    EXPECT_FALSE(verdict.drop);
  });
}

TEST(RunPrograms, EveryAssignHasAResult) {
  for_every_triple([](const auto &programs) {
    const Decided verdict = run(programs);
    ASSERT_EQ(verdict.assign_results.size(), programs.size());
    for (size_t i = 0; i < programs.size(); ++i) {
      EXPECT_EQ(verdict.assign_results[i].size(), programs[i].assigns.size());
    }
  });
}

TEST(RunPrograms, ASelectionOfAnEarlierProgramIsInTheWay) {
  const Decided verdict = run({kAssignA, kAssignB});
  EXPECT_EQ(verdict.socket, kA);
  EXPECT_THAT(verdict.assign_results, ElementsAre(ElementsAre(0), ElementsAre(-EEXIST)));
}

TEST(RunPrograms, NoReuseportIsInheritedUntilReassigned) {
  const ScriptedProgram select = program({{kA, kAssignNoReuseport}});
  EXPECT_TRUE(run({select}).no_reuseport);
  EXPECT_TRUE(run({select, kPass, kDrop}).no_reuseport);
  EXPECT_FALSE(run({select, program({{kA, kAssignReplace}})}).no_reuseport);
}

}  // namespace
}  // namespace sklab
