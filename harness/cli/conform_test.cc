// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A kernel that breaks a rule is hard to come by. Rules that this kernel breaks are not.
#include "harness/cli/conform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>  // mkdtemp

#include <filesystem>

#include "harness/base/file.h"
#include "harness/cli/replay.h"

namespace sklab {
namespace {

using testing::HasSubstr;

Rules without_errors_of_assign() {
  Rules rules = kernel_rules();
  rules.assign_checks.clear();
  return rules;
}

class ConformRunTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "conform.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    options_.output = name;
    options_.filter = "^sequences$";
    options_.quick = true;
  }
  void TearDown() override { std::filesystem::remove_all(options_.output); }

  ConformOptions options_;
};

TEST_F(ConformRunTest, AMismatchIsAFindingWithAScenarioThatCanBeReplayed) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_conform(options_, without_errors_of_assign()), ExitCode::kFinding);
  const std::string ktap = testing::internal::GetCapturedStdout();
  EXPECT_THAT(ktap, HasSubstr("not ok 1 sequences"));
  EXPECT_THAT(ktap, HasSubstr("# scenario 1"));
  const std::string scenario = options_.output + "/latest/mismatch_1.scenario";
  ASSERT_TRUE(std::filesystem::exists(scenario));
  // The kernel does what the right rules say.
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_replay({{scenario}, {}}), ExitCode::kOk);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("probe"));
}

TEST_F(ConformRunTest, CanEndWithTheFirstGroupThatFails) {
  options_.filter = "^(sequences|link_calls)$";
  options_.fail_fast = true;
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_conform(options_, without_errors_of_assign()), ExitCode::kFinding);
  const std::string ktap = testing::internal::GetCapturedStdout();
  EXPECT_THAT(ktap, HasSubstr("not ok 1 sequences"));
  EXPECT_THAT(ktap, HasSubstr("Bail out! --fail-fast"));
  EXPECT_THAT(ktap, testing::Not(HasSubstr("link_calls")));
}

TEST_F(ConformRunTest, TheKernelsRulesAreNoFinding) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_conform(options_), ExitCode::kOk);
  testing::internal::GetCapturedStdout();
}

}  // namespace
}  // namespace sklab
