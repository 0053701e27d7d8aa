// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Exit codes are an interface: CI jobs branch on them. 4 is kselftest's KSFT_SKIP; 3 is left out
// because kselftest reads it as an unexpected pass.
#pragma once

#include "harness/base/result.h"

namespace sklab {

enum class ExitCode : int {
  kOk = 0,
  kFinding = 1,          // a regression, a mismatch, a row that failed its check
  kUsage = 2,            // unknown flag, row or file; a filter that matches nothing; what cannot
                         // be compared
  kSkip = 4,             // cannot run here, for the reason printed
  kInconclusive = 5,     // ran, but too noisy to tell
  kHarnessFailure = 70,  // sklab itself failed (EX_SOFTWARE of sysexits.h)
  kInterrupted = 130,    // 128 + SIGINT, as shells expect
  // For `git bisect run`, to which all others up to 127 are a bad commit.
  kCannotTest = 125,    // of this commit nothing can be said
  kCannotBisect = 255,  // nor of any other
};

constexpr ExitCode exit_code_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return ExitCode::kUsage;
    case ErrorKind::kUnavailable:
      return ExitCode::kSkip;
    case ErrorKind::kInconclusive:
      return ExitCode::kInconclusive;
    case ErrorKind::kMismatch:
      return ExitCode::kFinding;
    case ErrorKind::kHarness:
      break;
  }
  return ExitCode::kHarnessFailure;
}

}  // namespace sklab
