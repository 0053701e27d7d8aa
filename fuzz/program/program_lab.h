// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fuzz/target/finding.h"
#include "harness/base/result.h"
#include "harness/model/rules.h"
#include "harness/model/step_run.h"
#include "harness/path/step_lab.h"

namespace sklab {

// A program for which kernel and rules disagree.
struct ProgramFinding {
  StepProgram program;
  LoadVerdict verdict;  // by the rules
  int load_error = 0;   // by the kernel; 0 when it loads
  std::string verifier_message;
  // When it loads and should, and what it does can be told.
  std::optional<StepRun> expected;
  std::optional<StepRun> observed;
};

// Compares the kernel with the rules, a program of steps at a time: whether it loads, and if so
// what it does.
class ProgramLab {
 public:
  // To be called in a process that isolate_process() has moved. `rules` are copied.
  static Result<ProgramLab> create(const Rules &rules);

  // Errors: what the kernel or the machine did not let us do, a disagreement that does not repeat
  // among it.
  Result<std::optional<ProgramFinding>> check(const StepProgram &program);

  // What has to come of it; it is not loaded.
  [[nodiscard]] ProgramFinding by_the_rules(const StepProgram &program) const;

  [[nodiscard]] uint64_t programs() const { return programs_; }
  [[nodiscard]] uint64_t loaded() const { return loaded_; }
  [[nodiscard]] uint64_t predicted_runs() const { return predicted_runs_; }
  // That loaded where the kernel is known to be wrong (KnownDeviations), and were not run.
  [[nodiscard]] uint64_t known_deviations() const { return known_deviations_; }
  [[nodiscard]] const StepLab &steps() const { return steps_; }
  // In the system calls that load and run.
  [[nodiscard]] uint64_t kernel_ns() const { return kernel_ns_; }

 private:
  ProgramLab(StepLab steps, Rules rules) : steps_(std::move(steps)), rules_(std::move(rules)) {}

  Result<std::optional<ProgramFinding>> compare(const StepProgram &program);
  Result<ProgramFinding> confirm(const StepProgram &program);

  StepLab steps_;
  Rules rules_;
  uint64_t programs_ = 0;
  uint64_t loaded_ = 0;
  uint64_t predicted_runs_ = 0;
  uint64_t known_deviations_ = 0;
  uint64_t kernel_ns_ = 0;
};

}  // namespace sklab
