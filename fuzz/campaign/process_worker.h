// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>

#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/worker.h"
#include "fuzz/target/target_status.h"
#include "harness/base/child_process.h"

namespace sklab {

// A fuzzer's process on this kernel.
class ProcessWorker : public Worker {
 public:
  // Errors: no process; a log that cannot be written.
  static Result<std::unique_ptr<Worker>> start(const Fuzzer &fuzzer, const CampaignFolder &folder,
                                               Schedule::Slice slice,
                                               const WorkerSettings &settings);

  [[nodiscard]] int output_fd() const override { return child_.output_fd(); }
  Result<> advance() override;
  void stop() override;
  Result<std::optional<WorkerEnd>> ended() override;
  [[nodiscard]] int exit_code() const override { return exit_code_.value_or(0); }
  [[nodiscard]] TargetFigures figures() const override;

 private:
  ProcessWorker(ChildProcess child, SharedStatus status, LogFile log, Schedule::Slice slice,
                unsigned job, std::string name)
      : Worker(std::move(log), slice, job, std::move(name)),
        child_(std::move(child)),
        status_(std::move(status)) {}

  ChildProcess child_;
  SharedStatus status_;
  std::optional<int> exit_code_;
  bool asked_to_stop_ = false;
  double asked_at_s_ = 0;
};

}  // namespace sklab
