// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "harness/model/load_rules.h"

namespace sklab {

// Is told of everything that is refused on any path, where judge_program() ends at the first.
class RefusalObserver {
 public:
  RefusalObserver() = default;
  RefusalObserver(const RefusalObserver &) = delete;
  RefusalObserver &operator=(const RefusalObserver &) = delete;

  // `state` is what is known before step `index`.
  virtual void refused(LoadReason reason, size_t index, const LoadState &state) = 0;

 protected:
  ~RefusalObserver() = default;
};

// With an observer (borrowed, or null for none) the verdict is without meaning.
LoadVerdict judge_program(const StepProgram &program, const LoadRules &rules,
                          RefusalObserver *observer);

// All that is wrong with a program, but for its fixed steps (Step::is_fixed).
struct Refusals {
  uint64_t steps = 0;  // a bit each; they are passed over
  // The first step at which a reference is kept, and what was known there.
  std::optional<size_t> keeps_reference;
  LoadState state;
};

Refusals find_refusals(const StepProgram &program);

// Whether what is refused first is an assign of a number, behind a branch. Where it is NULL on
// another path, some kernels let the program load: check_func_arg() takes NULL without marking the
// register as precise, so that states_equal() takes any number for it
// (results/studies/findings/null-argument-pruning.md).
bool refuses_number_as_socket(const StepProgram &program, const LoadRules &rules);

}  // namespace sklab
