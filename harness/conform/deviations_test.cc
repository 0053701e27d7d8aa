// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/deviations.h"

#include <gtest/gtest.h>

#include <array>

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

TEST(Deviations, ExcuseNothingThatThisKernelDoesNotHave) {
  CaseGroupRecord group = group_of({{"half a", CaseStatus::kFail, "wrong", 2, 1, {}}});
  excuse_known_deviations(group, kAbsent);
  EXPECT_EQ(group.cases[0].status, CaseStatus::kFail);
}

// A probe that fails must not excuse: each says yes or no here, and those it names exist.
TEST(Deviations, CanBeProbed) {
  for (const Deviation &deviation : known_deviations()) {
    (void)deviation.present();
    EXPECT_NE(std::string(deviation.reason), "");
  }
}

}  // namespace
}  // namespace sklab
