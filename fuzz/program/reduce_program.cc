// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/reduce_program.h"

#include <bit>
#include <utility>

#include "fuzz/program/mend_program.h"

namespace sklab {
namespace {

// Every change makes this less, so that reducing ends: what complete_program() adds can be more
// than what was left out.
size_t complexity(const StepProgram &program) {
  constexpr size_t kStep = 1000;
  auto sum = static_cast<size_t>(std::popcount(program.given));
  for (const Step &step : program.steps) {
    sum += kStep + static_cast<size_t>(std::popcount(step.value)) + step.length +
           static_cast<size_t>(step.offset != 0);
  }
  return sum;
}

class ProgramReducer {
 public:
  ProgramReducer(StepProgram program, const std::function<bool(const StepProgram &)> &fails)
      : program_(std::move(program)), fails_(fails) {}

  StepProgram reduce() {
    do {
      smaller_ = false;
      for (size_t count = program_.steps.size() / 2; count > 1; count /= 2) drop_runs(count);
      for (size_t i = program_.steps.size(); i-- > 0;) {
        if (i < program_.steps.size()) simplify(i);
      }
      attempt([](StepProgram &program) { program.given = 0; });
    } while (smaller_);
    return std::move(program_);
  }

 private:
  // As it is, or with what else has to go then: a release without its lookup does not load.
  template <typename Change>
  void attempt(Change &&change) {
    StepProgram changed = program_;
    change(changed);
    complete_program(changed);
    if (take_over(changed)) return;
    mend_program(changed, kMostSteps);
    take_over(changed);
  }

  bool take_over(const StepProgram &changed) {
    if (complexity(changed) >= complexity(program_) || !fails_(changed)) return false;
    program_ = changed;
    smaller_ = true;
    return true;
  }

  void drop_runs(size_t count) {
    for (size_t first = 0; first + count < program_.steps.size(); ++first) {
      attempt([=](StepProgram &program) {
        for (size_t i = 0; i < count; ++i) remove_step(program.steps, first);
      });
    }
  }

  // The step goes, or becomes simpler.
  void simplify(size_t index) {
    attempt([=](StepProgram &program) { remove_step(program.steps, index); });
    if (index >= program_.steps.size()) return;
    attempt([=](StepProgram &program) { program.steps[index].length = 0; });
    attempt([=](StepProgram &program) {
      program.steps[index].offset = simpler_offset(program.steps[index]);
    });
    for (unsigned bit = 64; bit-- > 0;) {
      if (index >= program_.steps.size() || (program_.steps[index].value >> bit & 1) == 0) continue;
      if (program_.steps[index].kind == StepKind::kMask) continue;
      attempt([=](StepProgram &program) { program.steps[index].value &= ~(uint64_t{1} << bit); });
    }
  }

  // Only that of an assign is no place.
  static int16_t simpler_offset(const Step &step) {
    return step.kind == StepKind::kAssign ? int16_t{0} : step.offset;
  }

  StepProgram program_;
  const std::function<bool(const StepProgram &)> &fails_;
  bool smaller_ = false;
};

}  // namespace

StepProgram reduce_program(StepProgram program,
                           const std::function<bool(const StepProgram &)> &fails) {
  return ProgramReducer(std::move(program), fails).reduce();
}

}  // namespace sklab
