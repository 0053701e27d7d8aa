// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/deviations.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <array>

#include "harness/conform/assign_arguments.h"
#include "harness/conform/assign_sockets.h"
#include "harness/conform/context_values.h"
#include "harness/conform/step_programs.h"

namespace sklab {
namespace {

CaseGroupRecord group_of(std::vector<CaseRecord> cases) {
  return {"group", "", 0, std::move(cases)};
}

constexpr std::array kPresent = {Deviation{"older", "group/half.*", [] { return true; }}};
constexpr std::array kAbsent = {Deviation{"older", "group/half.*", [] { return false; }}};

TEST(Deviations, ExcuseFailedCasesThatTheyName) {
  CaseGroupRecord group = group_of({{"half a", CaseStatus::kFail, "wrong", 2, 1, {}},
                                    {"half b", CaseStatus::kPass, "", 2, 0, {}},
                                    {"half c", CaseStatus::kSkip, "none", 0, 0, {}},
                                    {"whole", CaseStatus::kFail, "wrong", 2, 1, {}}});
  excuse_known_deviations(group, kPresent);
  EXPECT_EQ(group.cases[0].status, CaseStatus::kExpectedFail);
  EXPECT_EQ(group.cases[0].reason, "older");
  EXPECT_EQ(group.cases[1].status, CaseStatus::kPass);
  EXPECT_EQ(group.cases[2].status, CaseStatus::kSkip);
  EXPECT_EQ(group.cases[3].status, CaseStatus::kFail);
}

TEST(Deviations, DoNotExcuseWhatCouldNotBeRun) {
  CaseGroupRecord group = group_of({{"half a", CaseStatus::kFail, "cannot open", 2, 0, {}}});
  excuse_known_deviations(group, kPresent);
  EXPECT_EQ(group.cases[0].status, CaseStatus::kFail);
}

TEST(Deviations, ExcuseNothingThatThisKernelDoesNotHave) {
  CaseGroupRecord group = group_of({{"half a", CaseStatus::kFail, "wrong", 2, 1, {}}});
  excuse_known_deviations(group, kAbsent);
  EXPECT_EQ(group.cases[0].status, CaseStatus::kFail);
}

CaseGroupRecord run_without_excuse(const char *name, void (*check)(CaseLog &)) {
  CaseLog log;
  check(log);
  return {name, "", 0, log.take()};
}

// Each of them names cases that there are, and a probe says yes exactly where they fail.
TEST(Deviations, AreProbedForWhatTheyExcuse) {
  std::vector<CaseGroupRecord> groups = {
      run_without_excuse("context_values", check_context_values),
      run_without_excuse("assign_arguments", check_assign_arguments),
      run_without_excuse("assign_sockets", check_assign_sockets),
      run_without_excuse("step_programs",
                         [](CaseLog &log) { check_step_programs(log, ConformSettings{}); })};
  for (const Deviation &deviation : known_deviations()) {
    const RE2 cases(deviation.cases);
    size_t named = 0;
    size_t failed = 0;
    for (const CaseGroupRecord &group : groups) {
      for (const CaseRecord &record : group.cases) {
        if (!RE2::FullMatch(group.name + "/" + record.name, cases)) continue;
        ++named;
        failed += record.status == CaseStatus::kFail ? 1 : 0;
      }
    }
    EXPECT_GT(named, 0U) << deviation.cases;
    // A deviation may explain some of the cases that it names; without it none of these groups
    // fails.
    if (!deviation.present()) continue;
    EXPECT_GT(failed, 0U) << deviation.reason;
  }
  for (CaseGroupRecord &group : groups) {
    excuse_known_deviations(group);
    for (const CaseRecord &record : group.cases) {
      EXPECT_NE(record.status, CaseStatus::kFail) << record.name;
    }
  }
}

}  // namespace
}  // namespace sklab
