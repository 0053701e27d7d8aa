// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/rule_tables.h"

#include <gtest/gtest.h>

#include "fuzz/semantics/test_scenarios.h"
#include "fuzz/target/random.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/model.h"
#include "harness/model/mutants.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// What the kernel would leave behind if it kept these rules.
std::vector<sklab_run> runs_of(const Outcome &outcome, const std::vector<size_t> &scripts) {
  std::vector<sklab_run> runs(scripts.size());
  for (size_t i = 0; i < scripts.size(); ++i) {
    runs[i].script = static_cast<uint32_t>(scripts[i]);
    runs[i].count = static_cast<uint16_t>(outcome.run_counts[i]);
    runs[i].order = static_cast<uint16_t>(i + 1);
    std::copy(outcome.assign_results[i].begin(), outcome.assign_results[i].end(), runs[i].results);
  }
  return runs;
}

// Every answer that the rules allow is allowed, and no other; nor is any other result of an assign,
// count or order.
void compare(RuleTables &tables, const Scenario &scenario, const Outcome &outcome, size_t packet,
             const std::vector<size_t> &scripts, FuzzRandom &random) {
  std::vector<sklab_run> runs = runs_of(outcome, scripts);
  std::vector<bool> allowed(scenario.sockets.size() + 1);
  for (const size_t socket : outcome.sockets) allowed[SocketSet::mark_of(socket)] = true;
  allowed[0] = outcome.sockets.empty();
  for (uint32_t mark = 0; mark < allowed.size(); ++mark) {
    ASSERT_EQ(tables.allow(packet, runs, mark), allowed[mark])
        << format_scenario(scenario) << describe(outcome, scenario) << " mark " << mark;
  }
  if (runs.empty()) return;
  const auto right =
      static_cast<uint32_t>(std::find(allowed.begin(), allowed.end(), true) - allowed.begin());
  sklab_run &run = runs[random.below(runs.size())];
  run.count ^= 1;
  EXPECT_FALSE(tables.allow(packet, runs, right)) << format_scenario(scenario);
  run.count ^= 1;
  const size_t assigns = outcome.assign_results[static_cast<size_t>(&run - runs.data())].size();
  if (run.count == 0) return;
  run.order += 1;
  EXPECT_FALSE(tables.allow(packet, runs, right)) << format_scenario(scenario);
  run.order -= 1;
  if (assigns == 0) return;
  run.results[random.below(assigns)] -= 1;
  EXPECT_FALSE(tables.allow(packet, runs, right)) << format_scenario(scenario);
}

void compare_with_the_model(const Rules &rules, uint64_t seed) {
  FuzzRandom random(seed);
  RuleTables tables(rules);
  ASSERT_TRUE(tables.can_keep());
  ScenarioParts parts;
  for (int population = 0; population < 20; ++population) {
    Scenario scenario = made_up_scenario(random.next());
    parts.use_population(scenario);
    tables.forget_population(parts);
    for (int input = 0; input < 4; ++input) {
      // Other programs with the same sockets, as inputs that follow each other have.
      Scenario other = made_up_scenario(random.next());
      if (other.dialect == scenario.dialect && other.codes == scenario.codes &&
          other.sockets == scenario.sockets) {
        scenario.programs = other.programs;
      }
      parts.use_scenario(scenario, random.next());
      tables.forget_scenario(parts);
      for (int lookup = 0; lookup < 25; ++lookup) {
        std::vector<size_t> scripts;
        for (size_t i = 0; i < parts.programs(); ++i)
          scripts.push_back(random.below(parts.scripts().size()));
        const size_t packet = random.below(ScenarioParts::kPackets);
        const Scenario made = parts.assemble(packet, scripts);
        const Outcome outcome = evaluate(made, Arrival::kHelper, rules);
        compare(tables, made, outcome, packet, scripts, random);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(RuleTables, AllowWhatTheModelAllows) {
  for (uint64_t seed = 1; seed <= 20; ++seed) compare_with_the_model(kernel_rules(), seed);
}

TEST(RuleTables, KeepEveryWrongRuleWrong) {
  for (const Mutant &mutant : mutants()) {
    SCOPED_TRACE(mutant.wrong_rule);
    Rules rules = kernel_rules();
    mutant.mutate(rules);
    compare_with_the_model(rules, 1);
  }
}

TEST(RuleTables, DoNotKeepAStageTheyDoNotKnow) {
  Rules rules = kernel_rules();
  rules.stages.push_back([](Lookup &) { return false; });
  EXPECT_FALSE(RuleTables(rules).can_keep());
}

}  // namespace
}  // namespace sklab
