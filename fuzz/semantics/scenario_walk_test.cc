// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_walk.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "fuzz/semantics/test_scenarios.h"

namespace sklab {
namespace {

// Memory as the kernel's maps have it.
struct BatchMemory {
  std::vector<sklab_run> runs;
  std::vector<sklab_lookup> lookups;

  explicit BatchMemory(size_t programs) : runs(4096 + programs), lookups(4096) {}
  ScriptedPrograms::Batch batch() { return {{}, runs, {}, lookups}; }
};

Scenario scenario_with(size_t programs, uint64_t seed) {
  Scenario scenario = made_up_scenario(seed);
  const ScriptedProgram pass{{}, *code_of(scenario.dialect, scenario.codes, Action::kPass)};
  scenario.programs.resize(programs, pass);
  return scenario;
}

void expect_scripts_of(const ScenarioParts &parts, std::span<const sklab_run> runs) {
  for (const sklab_run &run : runs) {
    EXPECT_LT(run.script, parts.scripts().size());
    EXPECT_EQ(run.count, 0U);
  }
}

TEST(ScenarioWalk, BeginsWithTheInputAndEndsWithTheSweep) {
  for (const size_t programs : {0, 1, 2, 8, 64}) {
    const Scenario scenario = scenario_with(programs, programs);
    ScenarioParts parts;
    parts.use_population(scenario);
    parts.use_scenario(scenario, 7);
    BatchMemory memory(programs);
    const size_t count = write_lookups(memory.batch(), parts, 7);
    ASSERT_GT(count, ScenarioParts::kSweptPackets / 16);
    ASSERT_LE(count * programs, memory.runs.size());
    std::vector<size_t> own(programs);
    for (size_t i = 0; i < programs; ++i) own[i] = memory.runs[i].script;
    EXPECT_EQ(parts.assemble(memory.lookups[0].packet, own), scenario);
    std::vector<size_t> uses(ScenarioParts::kAllPackets);
    for (size_t i = 0; i < count; ++i) {
      ASSERT_LT(memory.lookups[i].packet, ScenarioParts::kAllPackets);
      ++uses[memory.lookups[i].packet];
      expect_scripts_of(parts, std::span(memory.runs).subspan(i * programs, programs));
    }
    // As many as fit into a sixteenth of the batch, one lookup each.
    const size_t swept =
        std::accumulate(uses.begin() + ScenarioParts::kPackets, uses.end(), size_t{0});
    EXPECT_GT(swept, 0U) << programs;
    EXPECT_LE(*std::max_element(uses.begin() + ScenarioParts::kPackets, uses.end()), 1U);
  }
}

TEST(ScenarioWalk, SweptPacketsDifferInAPortOnly) {
  const Scenario scenario = scenario_with(1, 3);
  ScenarioParts parts;
  parts.use_population(scenario);
  parts.use_scenario(scenario, 7);
  for (size_t i = ScenarioParts::kPackets; i < ScenarioParts::kAllPackets; ++i) {
    Packet packet = parts.packets()[i];
    EXPECT_NE(packet, scenario.packet);
    packet.source.port = scenario.packet.source.port;
    packet.destination.port = scenario.packet.destination.port;
    packet.protocol = scenario.packet.protocol;  // UDP where TCP would meet the end of a connection
    EXPECT_EQ(packet, scenario.packet);
  }
}

}  // namespace
}  // namespace sklab
