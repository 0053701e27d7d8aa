// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/process_worker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <csignal>

#include "fuzz/campaign/fuzzer_command.h"

namespace sklab {
namespace {

constexpr double kGraceSeconds = 5;

ChildCommand command_of(const Fuzzer &fuzzer, const CampaignFolder &folder,
                        const Schedule::Slice &slice, const WorkerSettings &settings,
                        const std::string &name, int status_fd) {
  FuzzerCommand fuzz = fuzzer_command(fuzzer, folder, settings, folder.scratch() / (name + "."));
  ChildCommand command;
  command.arguments = std::move(fuzz.arguments);
  command.environment = std::move(fuzz.environment);
  // The campaign ends it before; this is for when the campaign is stopped with SIGSTOP.
  command.arguments.push_back(
      fmt::format("-max_total_time={}", std::lround(std::ceil(slice.seconds + kGraceSeconds))));
  command.arguments.emplace_back("-reload=1");
  command.environment["SKLAB_JOURNAL"] = (folder.journals() / name).string();
  command.environment["SKLAB_JOURNAL_SYNC"] = settings.journal_sync;
  command.environment["SKLAB_STATUS"] = fmt::format("/proc/self/fd/{}", status_fd);
  command.environment["TMPDIR"] = folder.scratch().string();
  command.inherited_fd = status_fd;
  return command;
}

}  // namespace

Result<std::unique_ptr<Worker>> ProcessWorker::start(const Fuzzer &fuzzer,
                                                     const CampaignFolder &folder,
                                                     Schedule::Slice slice,
                                                     const WorkerSettings &settings) {
  std::string name = fmt::format("{}.{}", fuzzer.name, settings.job);
  SKLAB_TRY(SharedStatus status, SharedStatus::create());
  SKLAB_TRY(LogFile log, LogFile::open(folder.logs() / (name + ".log")));
  const ChildCommand command = command_of(fuzzer, folder, slice, settings, name, status.fd());
  SKLAB_CHECK(log.write(fmt::format("$ {}\n", fmt::join(command.arguments, " "))));
  SKLAB_TRY(ChildProcess child, ChildProcess::start(command));
  return std::unique_ptr<Worker>(new ProcessWorker(
      std::move(child), std::move(status), std::move(log), slice, settings.job, std::move(name)));
}

TargetFigures ProcessWorker::figures() const {
  return {seconds(), status_->inputs, status_->checked, status_->kernel_ns,
          status_->known_findings};
}

Result<> ProcessWorker::advance() {
  if (is_over()) stop();
  return take_output(child_.read_output());
}

void ProcessWorker::stop() {
  if (!asked_to_stop_) {
    asked_to_stop_ = true;
    asked_at_s_ = seconds();
    // libFuzzer ends after the current input, with what it has on disk (-handle_usr1).
    child_.signal(SIGUSR1);
  } else if (seconds() > asked_at_s_ + kGraceSeconds) {
    child_.signal(SIGKILL);
  }
}

Result<std::optional<WorkerEnd>> ProcessWorker::ended() {
  exit_code_ = child_.exit_code();
  if (!exit_code_) return std::nullopt;
  SKLAB_CHECK(advance());
  const WorkerEnd end = worker_end(*exit_code_, asked_to_stop_, output());
  const bool did_nothing = figures().executions == 0 && !asked_to_stop_;
  return end == WorkerEnd::kDone && did_nothing ? WorkerEnd::kFailed : end;
}

}  // namespace sklab
