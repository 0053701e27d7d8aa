// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/campaign_record.h"
#include "fuzz/campaign/fuzzer_output.h"
#include "fuzz/campaign/log_file.h"
#include "fuzz/campaign/schedule.h"
#include "fuzz/target/target_status.h"
#include "harness/base/child_process.h"

namespace sklab {

// How a fuzzer's process ended.
enum class WorkerEnd {
  kDone,     // its time was over
  kFinding,  // it wrote one
  kCrash,    // it crashed by itself, hung, or took too much memory
  kSkip,     // it cannot run here
  kFailed,   // anything else
};

// `asked_to_stop`: a signal of ours may have ended it.
WorkerEnd worker_end(int exit_code, bool asked_to_stop, const FuzzerOutput &output);

struct WorkerSettings {
  unsigned job = 0;
  uint32_t seed = 1;         // not 0
  std::string mutant;        // "" for the kernel's rules
  std::string journal_sync;  // "" for what the target takes by itself
};

// A fuzzer's process for a slice of time.
class Worker {
 public:
  // Errors: no process; a log that cannot be written.
  static Result<Worker> start(const Fuzzer &fuzzer, const CampaignFolder &folder,
                              Schedule::Slice slice, const WorkerSettings &settings);

  [[nodiscard]] int output_fd() const { return child_.output_fd(); }
  // Reads what it wrote, and ends it when its time is over. Errors: a log that cannot be written.
  Result<> advance();
  // Asks it to end, and kills it if it takes too long. To be called again and again.
  void stop();
  // Its exit code once it has ended and all of its output was read.
  Result<std::optional<int>> ended();

  [[nodiscard]] const Schedule::Slice &slice() const { return slice_; }
  [[nodiscard]] unsigned job() const { return job_; }
  [[nodiscard]] const std::string &name() const { return name_; }  // TARGET.JOB
  [[nodiscard]] const FuzzerOutput &output() const { return output_; }
  [[nodiscard]] bool asked_to_stop() const { return asked_to_stop_; }
  [[nodiscard]] double seconds() const;
  [[nodiscard]] TargetFigures figures() const;

 private:
  Worker(ChildProcess child, SharedStatus status, LogFile log, Schedule::Slice slice, unsigned job,
         std::string name);

  ChildProcess child_;
  SharedStatus status_;
  LogFile log_;
  Schedule::Slice slice_;
  unsigned job_;
  std::string name_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  FuzzerOutput output_;
  bool asked_to_stop_ = false;
  double asked_at_s_ = 0;
};

}  // namespace sklab
