// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "harness/conform/suite.h"
#include "harness/model/assign_rules.h"
#include "harness/record/conform_record.h"

namespace sklab {
namespace {

// The first case that reports a mismatch, "group/case"; empty when none does. What comes after it
// is not run.
std::string first_mismatch(const ConformSettings &settings,
                           std::span<const ConformGroup> groups = conform_groups()) {
  std::string found;
  for (const ConformGroup &group : groups) {
    if (!group.depends_on_rules) continue;
    CaseLog log([&](const CaseRecord &one) {
      if (one.mismatches > 0) {
        found = std::string(group.name) + "/" + one.name;
        log.stop();
      } else {
        EXPECT_NE(one.status, CaseStatus::kFail) << one.name << ": " << one.reason;
      }
    });
    group.check(log, settings);
    if (!found.empty()) return found;
  }
  return {};
}

TEST(Mutants, TheKernelsRulesAreRight) {
  ConformSettings settings;
  settings.depth = Depth::kQuick;
  EXPECT_EQ(first_mismatch(settings), "");
}

// A quick run ends at the first mismatch, which another group reports.
TEST(Mutants, TheGroupOfFlagsNoticesEveryWrongRuleOfFlags) {
  const auto groups = select_conform_groups("^assign_flags$");
  ASSERT_TRUE(groups);
  size_t wrong_rules = 0;
  for (const Mutant &mutant : mutants()) {
    Rules rules = kernel_rules();
    mutant.mutate(rules);
    const auto &checks = rules.assign_checks;
    if (std::find(checks.begin(), checks.end(), check_flags) != checks.end()) continue;
    ++wrong_rules;
    ConformSettings settings;
    settings.rules = &rules;
    EXPECT_NE(first_mismatch(settings, *groups), "") << mutant.wrong_rule;
  }
  EXPECT_GE(wrong_rules, 4U);
}

TEST(Mutants, TheGroupOfStepProgramsNoticesEveryWrongRuleOfLoading) {
  const auto groups = select_conform_groups("^step_programs$");
  ASSERT_TRUE(groups);
  size_t wrong_rules = 0;
  for (const Mutant &mutant : mutants()) {
    if (!std::string_view(mutant.wrong_rule).starts_with("load: ")) continue;
    ++wrong_rules;
    Rules rules = kernel_rules();
    mutant.mutate(rules);
    ConformSettings settings;
    settings.rules = &rules;
    EXPECT_NE(first_mismatch(settings, *groups), "") << mutant.wrong_rule;
  }
  EXPECT_GE(wrong_rules, 20U);
}

TEST(Mutants, AQuickRunNoticesEveryWrongRule) {
  EXPECT_GE(mutants().size(), 30U);
  for (const Mutant &mutant : mutants()) {
    Rules rules = kernel_rules();
    mutant.mutate(rules);
    ConformSettings settings;
    settings.depth = Depth::kQuick;
    settings.rules = &rules;
    const std::string noticed_by = first_mismatch(settings);
    std::printf("%-62s %s\n", mutant.wrong_rule,
                noticed_by.empty() ? "NOT NOTICED" : noticed_by.c_str());
    EXPECT_FALSE(noticed_by.empty()) << mutant.wrong_rule;
  }
}

}  // namespace
}  // namespace sklab
