// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/mend_program.h"

#include <algorithm>
#include <optional>

#include "harness/model/load_refusals.h"

namespace sklab {
namespace {

// Branches over the place become longer, those that end there lead to what is new.
void insert_steps(std::vector<Step> &steps, size_t at, const std::vector<Step> &inserted) {
  for (size_t i = 0; i < at; ++i) {
    if (steps[i].kind != StepKind::kIf || i + 1 + steps[i].length <= at) continue;
    steps[i].length = static_cast<uint8_t>(steps[i].length + inserted.size());
  }
  steps.insert(steps.begin() + static_cast<ptrdiff_t>(at), inserted.begin(), inserted.end());
}

// The steps that release one of the references; none when it is in no slot anymore.
std::vector<Step> release_one(const LoadState &state) {
  for (size_t slot = 0; slot < kSlots; ++slot) {
    const KnownValue &value = state.values[slot];
    if (value.reference == 0) continue;
    Step release;
    release.kind = StepKind::kRelease;
    release.source = slot_source(slot);
    if (value.kind == ValueKind::kSocket) return {release};
    Step check = release;
    check.kind = StepKind::kIf;
    check.length = 1;
    return {check, release};
  }
  return {};
}

void leave_out(std::vector<Step> &steps, size_t index) {
  Step &step = steps[index];
  if (step.kind == StepKind::kReturn) {
    const uint64_t code = step.value & 1;
    step = {};
    step.value = code;
    return;
  }
  remove_step(steps, index);
}

void leave_out_last_lookup(std::vector<Step> &steps) {
  const auto found = std::find_if(steps.rbegin(), steps.rend(),
                                  [](const Step &step) { return step.kind == StepKind::kLookUp; });
  if (found != steps.rend()) remove_step(steps, static_cast<size_t>(steps.rend() - found) - 1);
}

// The last ones first, so that the others keep their places.
void leave_out_refused(std::vector<Step> &steps, uint64_t refused, size_t &most) {
  for (size_t i = steps.size(); i-- > 0 && most > 0;) {
    if ((refused >> i & 1) == 0) continue;
    leave_out(steps, i);
    --most;
  }
}

}  // namespace

void mend_program(StepProgram &program, size_t most) {
  while (most > 0) {
    const Refusals refusals = find_refusals(program);
    if (refusals.steps != 0) {
      leave_out_refused(program.steps, refusals.steps, most);
    } else if (refusals.keeps_reference) {
      const std::vector<Step> release = release_one(refusals.state);
      if (release.empty() || program.steps.size() + release.size() > kMostSteps) {
        leave_out_last_lookup(program.steps);
      } else {
        insert_steps(program.steps, *refusals.keeps_reference, release);
      }
      --most;
    } else {
      return;
    }
    // What only a branch led to that is gone now.
    complete_program(program);
  }
}

}  // namespace sklab
