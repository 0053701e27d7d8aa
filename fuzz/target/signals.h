// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>

#include "harness/base/result.h"
#include "harness/kernel/kcov.h"

namespace sklab {

// What tells libFuzzer that an input is worth keeping, besides libFuzzer's own: the instrumented
// model's coverage, features of what the model met (note_feature), and the kernel's coverage where
// it has KCOV. All of them by default: leaving some out shows what they are worth.
class Signals {
 public:
  // Names, separated by commas: model, features, kernel; "none" for none of them. Empty for all
  // that there are. Errors: kUsage for another name, kUnavailable for "kernel" without KCOV.
  static Result<Signals> create(std::string_view names);

  // Around each input.
  Result<> begin_input();
  void end_input();

 private:
  Signals(bool model, std::optional<Kcov> kcov) : model_(model), kcov_(std::move(kcov)) {}

  bool model_;
  std::optional<Kcov> kcov_;
};

}  // namespace sklab
