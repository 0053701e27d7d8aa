// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/worker.h"

#include <algorithm>
#include <csignal>

#include "harness/base/child_process.h"
#include "harness/base/exit_code.h"

namespace sklab {
namespace {

// What it ends with by itself (FuzzerOptions.h).
constexpr int kOutOfMemoryExitCode = 71;

bool crashed(int exit_code, const FuzzerOutput &output) {
  for (const int code : {kCrashExitCode, kTimeoutExitCode, kOutOfMemoryExitCode}) {
    if (exit_code == code) return true;
  }
  for (const int signal_number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    if (exit_code == kSignalExitCodes + signal_number) return true;
  }
  // Sanitizers end with a code of their own.
  const auto &lines = output.last_lines();
  return std::any_of(lines.begin(), lines.end(),
                     [](const std::string &line) { return line.starts_with("SUMMARY: "); });
}

}  // namespace

WorkerEnd worker_end(int exit_code, bool asked_to_stop, const FuzzerOutput &output) {
  if (exit_code == 0) return WorkerEnd::kDone;
  if (exit_code == kCrashExitCode && output.wrote_finding()) return WorkerEnd::kFinding;
  if (crashed(exit_code, output)) return WorkerEnd::kCrash;
  if (exit_code == static_cast<int>(ExitCode::kSkip)) return WorkerEnd::kSkip;
  // Before libFuzzer is ready for it the signal's default ends the process.
  return asked_to_stop && exit_code > kSignalExitCodes ? WorkerEnd::kDone : WorkerEnd::kFailed;
}

double Worker::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

Result<> Worker::take_output(std::string_view written) {
  output_.add(written);
  return log_.write(written);
}

}  // namespace sklab
