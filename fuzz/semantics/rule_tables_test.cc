// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/rule_tables.h"

#include <gtest/gtest.h>

#include <deque>

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

// No result, count or order but the right ones is allowed.
void expect_wrong_runs_are_seen(RuleTables &tables, size_t packet,
                                const std::vector<sklab_run> &right, const Outcome &outcome,
                                uint32_t mark, FuzzRandom &random) {
  const size_t program = random.below(right.size());
  const size_t assigns = outcome.assign_results[program].size();
  std::vector<sklab_run> wrong = right;
  wrong[program].count ^= 1;
  EXPECT_FALSE(tables.allow(packet, wrong, mark));
  if (right[program].count == 0) return;
  wrong = right;
  wrong[program].order += 1;
  EXPECT_FALSE(tables.allow(packet, wrong, mark));
  if (assigns == 0) return;
  wrong = right;
  wrong[program].results[random.below(assigns)] -= 1;
  EXPECT_FALSE(tables.allow(packet, wrong, mark));
}

// Every answer that the rules allow is allowed, and no other.
void compare(RuleTables &tables, const Scenario &scenario, const Outcome &outcome, size_t packet,
             const std::vector<sklab_run> &runs, FuzzRandom &random) {
  std::vector<bool> allowed(scenario.sockets.size() + 1);
  for (const size_t socket : outcome.sockets) allowed[SocketSet::mark_of(socket)] = true;
  allowed[0] = outcome.sockets.empty();
  uint32_t right = 0;
  for (uint32_t mark = 0; mark < allowed.size(); ++mark) {
    if (allowed[mark]) right = mark;
    ASSERT_EQ(tables.allow(packet, runs, mark), allowed[mark])
        << format_scenario(scenario) << describe(outcome, scenario) << " mark " << mark;
  }
  // Which has another way for one program.
  if (runs.size() == 1) {
    const sklab_lookup lookup{static_cast<uint32_t>(packet), right};
    EXPECT_EQ(tables.find_wrong({&lookup, 1}, runs), std::nullopt);
    const sklab_lookup wrong{static_cast<uint32_t>(packet), 31};
    EXPECT_EQ(tables.find_wrong({&wrong, 1}, runs), 0U);
  }
  if (!runs.empty() && random.one_in(4)) {
    expect_wrong_runs_are_seen(tables, packet, runs, outcome, right, random);
  }
}

// Lookups as a walk makes them: the packet and most programs of the one before.
void compare_lookups(RuleTables &tables, const ScenarioParts &parts, const Rules &rules,
                     FuzzRandom &random) {
  constexpr size_t kLookups = 25;
  // What was allowed last has to stay where it was.
  std::deque<std::vector<sklab_run>> made;
  std::vector<size_t> scripts(parts.programs());
  size_t packet = 0;
  tables.forget_last();
  for (size_t lookup = 0; lookup < kLookups; ++lookup) {
    if (random.one_in(4)) packet = random.below(ScenarioParts::kAllPackets);
    for (size_t &script : scripts) {
      if (random.one_in(3)) script = random.below(parts.scripts().size());
    }
    const Scenario scenario = parts.assemble(packet, scripts);
    const Outcome outcome = evaluate(scenario, Arrival::kHelper, rules);
    made.push_back(runs_of(outcome, scripts));
    compare(tables, scenario, outcome, packet, made.back(), random);
    if (testing::Test::HasFatalFailure()) return;
  }
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
      compare_lookups(tables, parts, rules, random);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(RuleTables, AllowWhatTheModelAllows) {
  for (uint64_t seed = 1; seed <= 20; ++seed) compare_with_the_model(kernel_rules(), seed);
}

TEST(RuleTables, KeepEveryWrongRuleWrong) {
  for (const auto list : {mutants(), rare_mutants()}) {
    for (const Mutant &mutant : list) {
      SCOPED_TRACE(mutant.wrong_rule);
      Rules rules = kernel_rules();
      mutant.mutate(rules);
      compare_with_the_model(rules, 1);
    }
  }
}

TEST(RuleTables, DoNotKeepAStageTheyDoNotKnow) {
  Rules rules = kernel_rules();
  rules.stages.push_back([](Lookup &) { return false; });
  EXPECT_FALSE(RuleTables(rules).can_keep());
}

}  // namespace
}  // namespace sklab
