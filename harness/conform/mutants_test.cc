// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutants.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "harness/conform/suite.h"
#include "harness/record/conform_record.h"

namespace sklab {
namespace {

// The first case that reports a mismatch, "group/case"; empty when none does.
std::string first_mismatch(const ConformSettings &settings) {
  for (const ConformGroup &group : conform_groups()) {
    if (!group.depends_on_rules) continue;
    const CaseGroupRecord record = run_group(group, settings, [](const std::string &) {});
    for (const CaseRecord &one : record.cases) {
      if (one.mismatches > 0) return record.name + "/" + one.name;
      EXPECT_NE(one.status, CaseStatus::kFail) << one.name << ": " << one.reason;
    }
  }
  return {};
}

TEST(Mutants, TheKernelsRulesAreRight) {
  ConformSettings settings;
  settings.depth = Depth::kQuick;
  EXPECT_EQ(first_mismatch(settings), "");
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
