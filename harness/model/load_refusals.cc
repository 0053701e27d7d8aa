// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/load_refusals.h"

#include <algorithm>
#include <utility>

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

class FirstRefusal final : public RefusalObserver {
 public:
  explicit FirstRefusal(const StepProgram &program) : steps_(program.steps) {}

  void refused(LoadReason reason, size_t index, const LoadState &state) override {
    if (std::exchange(seen_, true) || reason != LoadReason::kAssign) return;
    const StepSource source = steps_[index].source;
    if (!is_kept(source)) return;
    const bool is_on_a_branch =
        std::any_of(steps_.begin(), steps_.begin() + static_cast<ptrdiff_t>(index),
                    [](const Step &step) { return step.kind == StepKind::kIf; });
    is_number =
        is_on_a_branch && state.values[static_cast<size_t>(source)].kind == ValueKind::kNumber;
  }

  bool is_number = false;

 private:
  const std::vector<Step> &steps_;
  bool seen_ = false;
};

}  // namespace

bool refuses_number_as_socket(const StepProgram &program, const LoadRules &rules) {
  FirstRefusal first(program);
  judge_program(program, rules, &first);
  return first.is_number;
}

Refusals find_refusals(const StepProgram &program) {
  RefusalNotes notes(program);
  judge_program(program, kernel_load_rules(), &notes);
  return notes.noted;
}

}  // namespace sklab
