// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/campaign/campaign_record.h"
#include "fuzz/campaign/fuzzer_output.h"
#include "fuzz/campaign/log_file.h"
#include "fuzz/campaign/schedule.h"

namespace sklab {

// How a fuzzer ended.
enum class WorkerEnd {
  kDone,     // its time was over
  kFinding,  // it wrote one
  kFell,     // the guest's kernel did not survive it
  kCrash,    // it crashed by itself, hung, or took too much memory
  kSkip,     // it cannot run here
  kFailed,   // anything else
};

// Of libFuzzer's process. `asked_to_stop`: a signal of ours may have ended it.
WorkerEnd worker_end(int exit_code, bool asked_to_stop, const FuzzerOutput &output);

// What libFuzzer is told to end with.
inline constexpr int kCrashExitCode = 77;
inline constexpr int kTimeoutExitCode = 78;

struct WorkerSettings {
  unsigned job = 0;
  uint32_t seed = 1;         // not 0
  std::string mutant;        // "" for the kernel's rules
  std::string journal_sync;  // "" for what the target takes by itself
};

// A fuzzer that runs somewhere for a slice of time.
class Worker {
 public:
  virtual ~Worker() = default;

  // To be waited for; -1 if there is nothing.
  [[nodiscard]] virtual int output_fd() const = 0;
  // Takes what it wrote, and ends it when its time is over. Errors: a file that cannot be written.
  virtual Result<> advance() = 0;
  // Asks it to end, and makes it end if it takes too long. To be called again and again.
  virtual void stop() = 0;
  // How it ended, once it has and everything of it was taken.
  virtual Result<std::optional<WorkerEnd>> ended() = 0;
  // Once it has ended: of its process.
  [[nodiscard]] virtual int exit_code() const = 0;
  [[nodiscard]] virtual TargetFigures figures() const = 0;

  [[nodiscard]] const Schedule::Slice &slice() const { return slice_; }
  [[nodiscard]] unsigned job() const { return job_; }
  [[nodiscard]] const std::string &name() const { return name_; }  // TARGET.JOB
  [[nodiscard]] const FuzzerOutput &output() const { return output_; }
  [[nodiscard]] double seconds() const;

 protected:
  Worker(LogFile log, Schedule::Slice slice, unsigned job, std::string name)
      : log_(std::move(log)), slice_(slice), job_(job), name_(std::move(name)) {}

  // What the fuzzer printed. Errors: a log that cannot be written.
  Result<> take_output(std::string_view written);
  [[nodiscard]] bool is_over() const { return seconds() > slice_.seconds; }
  // What came before was no part of its time.
  void begin_now() { started_ = std::chrono::steady_clock::now(); }

 private:
  LogFile log_;
  Schedule::Slice slice_;
  unsigned job_;
  std::string name_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  FuzzerOutput output_;
};

}  // namespace sklab
