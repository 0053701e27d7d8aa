// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/tool_run.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

constexpr double kLimitS = 20;

ChildCommand shell(const std::string &script) { return {{"/bin/sh", "-c", script}, {}, -1}; }

TEST(RunTool, KeepsTheStreamsApartAndTheExitCode) {
  const auto run = run_tool(shell("echo a; echo $LC_ALL >&2; exit 3"), kLimitS, {});
  ASSERT_TRUE(run) << run.error().message();
  EXPECT_EQ(run->output, "a\n");
  EXPECT_EQ(run->errors, "C\n");
  EXPECT_EQ(run->exit_code, 3);
}

TEST(RunTool, ReadsAllOfMuch) {
  const auto run = run_tool(shell("seq 1000000; exec >&-; sleep 0.2; echo late >&2"), kLimitS, {});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->output.size(), 6888896U);
  EXPECT_EQ(run->errors, "late\n");
}

TEST(RunTool, TicksMeanwhileAndEndsInTime) {
  int ticks = 0;
  const auto run = run_tool(shell("exec sleep 30"), 0.3, [&] { ++ticks; });
  EXPECT_FALSE(run);
  EXPECT_GT(ticks, 1);
}

TEST(RunTool, RunsInAFolder) {
  ChildCommand command = shell("pwd");
  command.folder = "/usr";
  EXPECT_EQ(run_tool(command, kLimitS, {})->output, "/usr\n");
  command.folder = "/no/such";
  EXPECT_EQ(run_tool(command, kLimitS, {})->exit_code, 127);
}

}  // namespace
}  // namespace sklab
