// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <csignal>

#include "harness/base/exit_code.h"

namespace sklab {
namespace {

// libFuzzer's exit codes: the first two are chosen here, the third is fixed (FuzzerOptions.h).
constexpr int kCrashExitCode = 77;
constexpr int kTimeoutExitCode = 78;
constexpr int kOutOfMemoryExitCode = 71;

// An input takes milliseconds, also with sanitizers and on a machine that does other things.
constexpr int kMostInputSeconds = 60;
constexpr double kGraceSeconds = 5;

ChildCommand command_of(const Fuzzer &fuzzer, const CampaignFolder &folder,
                        const Schedule::Slice &slice, const WorkerSettings &settings,
                        const std::string &name, int status_fd) {
  ChildCommand command;
  command.arguments = {
      fuzzer.program.string(),
      fmt::format("-seed={}", settings.seed),
      fmt::format("-max_len={}", fuzzer.most_input_bytes),
      fmt::format("-timeout={}", kMostInputSeconds),
      fmt::format("-error_exitcode={}", kCrashExitCode),
      fmt::format("-timeout_exitcode={}", kTimeoutExitCode),
      // The campaign ends it before; this is for when the campaign is stopped with SIGSTOP.
      fmt::format("-max_total_time={}", std::lround(std::ceil(slice.seconds + kGraceSeconds))),
      "-print_final_stats=1",
      "-reload=1",
      fmt::format("-artifact_prefix={}/{}.", folder.scratch().string(), name),
  };
  if (!fuzzer.dictionary.empty()) {
    command.arguments.push_back(fmt::format("-dict={}", fuzzer.dictionary.string()));
  }
  command.arguments.push_back(folder.corpus(fuzzer).string());
  if (!fuzzer.seeds.empty()) command.arguments.push_back(fuzzer.seeds.string());
  command.environment = {{"SKLAB_FINDINGS", folder.findings().string()},
                         {"SKLAB_JOURNAL", (folder.journals() / name).string()},
                         {"SKLAB_JOURNAL_SYNC", settings.journal_sync},
                         {"SKLAB_MODEL_MUTANT", settings.mutant},
                         {"SKLAB_STATUS", fmt::format("/proc/self/fd/{}", status_fd)},
                         {"TMPDIR", folder.scratch().string()}};
  command.inherited_fd = status_fd;
  return command;
}

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

Worker::Worker(ChildProcess child, SharedStatus status, LogFile log, Schedule::Slice slice,
               unsigned job, std::string name)
    : child_(std::move(child)),
      status_(std::move(status)),
      log_(std::move(log)),
      slice_(slice),
      job_(job),
      name_(std::move(name)) {}

Result<Worker> Worker::start(const Fuzzer &fuzzer, const CampaignFolder &folder,
                             Schedule::Slice slice, const WorkerSettings &settings) {
  std::string name = fmt::format("{}.{}", fuzzer.name, settings.job);
  SKLAB_TRY(SharedStatus status, SharedStatus::create());
  SKLAB_TRY(LogFile log, LogFile::open(folder.logs() / (name + ".log")));
  const ChildCommand command = command_of(fuzzer, folder, slice, settings, name, status.fd());
  SKLAB_CHECK(log.write(fmt::format("$ {}\n", fmt::join(command.arguments, " "))));
  SKLAB_TRY(ChildProcess child, ChildProcess::start(command));
  return Worker(std::move(child), std::move(status), std::move(log), slice, settings.job,
                std::move(name));
}

double Worker::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

TargetFigures Worker::figures() const {
  return {seconds(), status_->inputs, status_->checked, status_->kernel_ns,
          status_->known_findings};
}

Result<> Worker::advance() {
  if (seconds() > slice_.seconds) stop();
  const std::string written = child_.read_output();
  output_.add(written);
  return log_.write(written);
}

void Worker::stop() {
  if (!asked_to_stop_) {
    asked_to_stop_ = true;
    asked_at_s_ = seconds();
    // libFuzzer ends after the current input, with what it has on disk (-handle_usr1).
    child_.signal(SIGUSR1);
  } else if (seconds() > asked_at_s_ + kGraceSeconds) {
    child_.signal(SIGKILL);
  }
}

Result<std::optional<int>> Worker::ended() {
  const std::optional<int> code = child_.exit_code();
  if (code) SKLAB_CHECK(advance());
  return code;
}

}  // namespace sklab
