// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_parts.h"

#include <gtest/gtest.h>

#include <numeric>

#include "fuzz/semantics/test_scenarios.h"
#include "fuzz/target/random.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

TEST(ScenarioParts, HoldTheScenarioItself) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    const Scenario scenario = made_up_scenario(seed);
    ScenarioParts parts;
    parts.use_population(scenario);
    parts.use_scenario(scenario, seed);
    std::vector<size_t> own(scenario.programs.size());
    std::iota(own.begin(), own.end(), size_t{0});
    EXPECT_EQ(parts.assemble(0, own), scenario) << format_scenario(scenario);
  }
}

TEST(ScenarioParts, MakeValidScenarios) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    const Scenario scenario = made_up_scenario(seed);
    ScenarioParts parts;
    parts.use_population(scenario);
    parts.use_scenario(scenario, seed);
    FuzzRandom random(seed);
    for (size_t packet = 0; packet < parts.packets().size(); ++packet) {
      std::vector<size_t> scripts;
      for (size_t i = 0; i < parts.programs(); ++i) {
        scripts.push_back(random.below(parts.scripts().size()));
      }
      const Scenario made = parts.assemble(packet, scripts);
      const auto valid = validate_scenario(made);
      EXPECT_TRUE(valid) << valid.error().message() << "\n" << format_scenario(made);
    }
  }
}

TEST(ScenarioParts, AreTheSameWhateverWasBefore) {
  const Scenario first = made_up_scenario(1);
  const Scenario second = made_up_scenario(2);
  ScenarioParts fresh;
  fresh.use_population(second);
  fresh.use_scenario(second, 7);
  ScenarioParts used;
  used.use_population(first);
  used.use_scenario(first, 3);
  used.use_population(second);
  used.use_scenario(second, 4);
  used.use_scenario(second, 7);
  for (size_t packet = 0; packet < ScenarioParts::kAllPackets; ++packet) {
    EXPECT_EQ(fresh.packets()[packet], used.packets()[packet]) << packet;
  }
  ASSERT_EQ(fresh.scripts().size(), used.scripts().size());
  for (size_t i = 0; i < fresh.scripts().size(); ++i) {
    EXPECT_EQ(fresh.program(fresh.scripts()[i]), used.program(used.scripts()[i])) << i;
  }
}

}  // namespace
}  // namespace sklab
