// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/reduce_program.h"

#include <utility>

namespace sklab {
namespace {

class ProgramReducer {
 public:
  ProgramReducer(StepProgram program, const std::function<bool(const StepProgram &)> &fails)
      : program_(std::move(program)), fails_(fails) {}

  StepProgram reduce() {
    do {
      smaller_ = false;
      for (size_t i = program_.steps.size(); i-- > 0;) {
        if (i < program_.steps.size()) simplify(i);
      }
      attempt([](StepProgram &program) { program.given = 0; });
    } while (smaller_);
    return std::move(program_);
  }

 private:
  template <typename Change>
  void attempt(Change &&change) {
    StepProgram changed = program_;
    change(changed);
    complete_program(changed);
    if (changed == program_ || !fails_(changed)) return;
    program_ = std::move(changed);
    smaller_ = true;
  }

  // The step goes, or becomes simpler. A program never grows: what complete_program() adds at its
  // end is never more than was left out.
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
    return step.kind == StepKind::kAssign ? 0 : step.offset;
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
