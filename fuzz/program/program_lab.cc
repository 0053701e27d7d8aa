// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_lab.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "fuzz/program/program_features.h"
#include "fuzz/program/reduce_program.h"
#include "harness/model/load_refusals.h"
#include "harness/model/step_text.h"

namespace sklab {
namespace {

// Adds the time that passes while it lives.
class AddTime {
 public:
  explicit AddTime(uint64_t &total_ns) : total_ns_(total_ns) {}
  AddTime(const AddTime &) = delete;
  AddTime &operator=(const AddTime &) = delete;
  ~AddTime() {
    total_ns_ += static_cast<uint64_t>(std::chrono::nanoseconds(Clock::now() - start_).count());
  }

 private:
  using Clock = std::chrono::steady_clock;
  uint64_t &total_ns_;
  Clock::time_point start_ = Clock::now();
};

// Which of the two it is has changed between kernels.
bool is_refusal(int error) { return error == EINVAL || error == EACCES; }

// KnownDeviations::takes_unchecked_sockets.
bool may_be_assigned_unchecked(const KnownValue &value) {
  return value.kind == ValueKind::kMapped || may_be_assigned(value);
}

// Of 1 or 2 bytes. Linux 6.15 brought other instructions with these codes
// (BPF_LOAD_ACQ, BPF_STORE_REL); before that the verifier refuses them also where nobody gets to.
bool has_small_atomic(const StepProgram &program) {
  return std::any_of(program.steps.begin(), program.steps.end(), [](const Step &step) {
    return step.kind == StepKind::kStore &&
           static_cast<StoreForm>(step.form) == StoreForm::kAtomicAdd && step.size < 4;
  });
}

}  // namespace

Result<ProgramLab> ProgramLab::create(const Rules &rules) {
  SKLAB_TRY(StepLab steps, StepLab::create());
  Rules of_kernel = rules;
  of_kernel.load.learns_inequality = !steps.deviations().forgets_inequality;
  const bool is_mutant = rules.load.may_be_assigned != may_be_assigned;
  if (steps.deviations().takes_unchecked_sockets && !is_mutant) {
    of_kernel.load.may_be_assigned = may_be_assigned_unchecked;
  }
  return ProgramLab(std::move(steps), of_kernel);
}

Result<std::optional<ProgramFinding>> ProgramLab::compare(const StepProgram &program) {
  const LoadVerdict verdict = judge_program(program, rules_.load);
  LoadAttempt attempt;
  {
    const AddTime time(kernel_ns_);
    attempt = steps_.load(program);
  }
  ++programs_;
  note_load_features(program, verdict);
  if (attempt.accepted() && steps_.deviations().takes_numbers_for_null &&
      refuses_number_as_socket(program, rules_.load)) {
    ++known_deviations_;
    return std::nullopt;
  }
  // The rules refuse it as well, unless no path leads there.
  if (!attempt.accepted() && verdict.loads() && has_small_atomic(program)) {
    ++known_deviations_;
    return std::nullopt;
  }
  if (attempt.accepted() != verdict.loads() ||
      (!attempt.accepted() && !is_refusal(attempt.error_number))) {
    return ProgramFinding{program, verdict, attempt.error_number, {}, {}, {}};
  }
  if (!attempt.accepted()) return std::nullopt;
  ++loaded_;
  // With a wrong rule both may let load what must not be run.
  if (!StepLab::may_run(program)) return std::nullopt;
  const auto expected = run_program(program, rules_, steps_.deviations());
  if (!expected) return std::nullopt;
  ++predicted_runs_;
  note_run_features(program, *expected);
  const AddTime time(kernel_ns_);
  SKLAB_TRY(StepRun observed, steps_.run(attempt.fd.get(), program, *expected));
  if (observed == *expected) return std::nullopt;
  return ProgramFinding{program, verdict, 0, {}, expected, std::move(observed)};
}

ProgramFinding ProgramLab::by_the_rules(const StepProgram &program) const {
  return {program,
          judge_program(program, rules_.load),
          0,
          {},
          run_program(program, rules_, steps_.deviations()),
          {}};
}

Result<std::optional<ProgramFinding>> ProgramLab::check(const StepProgram &program) {
  SKLAB_TRY(const auto found, compare(program));
  if (!found) return std::nullopt;
  SKLAB_TRY(ProgramFinding finding, confirm(program));
  return finding;
}

// In fresh maps, with fresh sockets.
Result<ProgramFinding> ProgramLab::confirm(const StepProgram &program) {
  SKLAB_TRY(ProgramLab fresh, create(rules_));
  SKLAB_TRY(auto finding, fresh.compare(program));
  if (!finding) {
    return fail_as(ErrorKind::kMismatch, "see again, with fresh sockets and maps, what was wrong",
                   "\n" + describe(program));
  }
  reduce_program(program, [&](const StepProgram &smaller) {
    auto seen = fresh.compare(smaller);
    if (!seen || !*seen) return false;
    finding = std::move(*seen);
    return true;
  });
  finding->verifier_message = steps_.load_with_message(finding->program).verifier_message;
  return *std::move(finding);
}

}  // namespace sklab
