// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/worker.h"

#include <gtest/gtest.h>

#include <csignal>

namespace sklab {
namespace {

WorkerEnd end_with(int exit_code, bool asked_to_stop, const char *output = "") {
  FuzzerOutput lines;
  lines.add(output);
  return worker_end(exit_code, asked_to_stop, lines);
}

TEST(WorkerEnd, IsToldFromExitCodeAndOutput) {
  EXPECT_EQ(end_with(0, false), WorkerEnd::kDone);
  EXPECT_EQ(end_with(77, false, "finding: /a\n"), WorkerEnd::kFinding);
  EXPECT_EQ(end_with(77, true, "finding: /a\n"), WorkerEnd::kFinding);
  EXPECT_EQ(end_with(77, false), WorkerEnd::kCrash);
  EXPECT_EQ(end_with(78, false), WorkerEnd::kCrash);  // a timeout
  EXPECT_EQ(end_with(71, false), WorkerEnd::kCrash);  // memory
  EXPECT_EQ(end_with(128 + SIGSEGV, true), WorkerEnd::kCrash);
  EXPECT_EQ(end_with(1, false, "SUMMARY: UndefinedBehaviorSanitizer: ...\n"), WorkerEnd::kCrash);
  EXPECT_EQ(end_with(4, false), WorkerEnd::kSkip);
  EXPECT_EQ(end_with(128 + SIGUSR1, true), WorkerEnd::kDone);
  EXPECT_EQ(end_with(128 + SIGKILL, true), WorkerEnd::kDone);
  EXPECT_EQ(end_with(128 + SIGKILL, false), WorkerEnd::kFailed);  // the kernel had no memory left
  EXPECT_EQ(end_with(70, false), WorkerEnd::kFailed);
  EXPECT_EQ(end_with(70, true), WorkerEnd::kFailed);
  EXPECT_EQ(end_with(127, false), WorkerEnd::kFailed);
}

}  // namespace
}  // namespace sklab
