// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/load_refusals.h"

namespace sklab {
namespace {

class RefusalNotes final : public RefusalObserver {
 public:
  explicit RefusalNotes(const StepProgram &program) : steps_(program.steps) {}

  void refused(LoadReason reason, size_t index, const LoadState &state) override {
    if (reason != LoadReason::kReference) {
      if (!steps_[index].is_fixed) noted.steps |= uint64_t{1} << index;
    } else if (!noted.keeps_reference) {
      noted.keeps_reference = index;
      noted.state = state;
    }
  }

  Refusals noted;

 private:
  const std::vector<Step> &steps_;
};

}  // namespace

Refusals find_refusals(const StepProgram &program) {
  RefusalNotes notes(program);
  judge_program(program, kernel_load_rules(), &notes);
  return notes.noted;
}

}  // namespace sklab
