// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/block_set.h"
#include "harness/kernel/kcov.h"

namespace sklab {

// What tells libFuzzer that an input is worth keeping, besides libFuzzer's own: the instrumented
// model's coverage, features of what the model met (note_feature), the kernel's coverage where it
// has KCOV, and, of some inputs, how near to each other numbers were that the kernel compared. All
// but the last by default (it is not known to help: results/studies/kernel-coverage.md): leaving
// some out shows what they are worth.
class Signals {
 public:
  // Names, separated by commas: model, features, kernel, comparisons; "none" for none of them.
  // Empty for the usual ones that there are. Errors: kUsage for another name, kUnavailable for
  // "kernel" without KCOV, or "comparisons" without KCOV's.
  static Result<Signals> create(std::string_view names);

  // Around each input.
  Result<> begin_input(std::span<const uint8_t> input);
  void end_input();

  // Keeps in mind which of the kernel's code ran. Without KCOV there is none, nor of inputs whose
  // comparisons are looked at.
  void collect_blocks() { collects_ = true; }
  // What ran for the first time since the last call: addresses of basic blocks.
  std::vector<uint64_t> take_new_blocks() { return blocks_.take_new(); }

 private:
  Signals(unsigned wanted, std::optional<Kcov> kcov) : wanted_(wanted), kcov_(std::move(kcov)) {}

  unsigned wanted_;
  std::optional<Kcov> kcov_;
  bool compares_ = false;  // this input
  bool collects_ = false;
  BlockSet blocks_;
};

}  // namespace sklab
