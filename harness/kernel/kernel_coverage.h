// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <set>

#include "harness/base/result.h"
#include "harness/kernel/block_set.h"
#include "harness/kernel/kcov.h"

namespace sklab {

// What of the kernel's code has run since the beginning, as far as this thread made it.
class KernelCoverage {
 public:
  // Errors: those of Kcov.
  static Result<KernelCoverage> begin() {
    SKLAB_TRY(Kcov kcov, Kcov::open());
    SKLAB_CHECK(kcov.start());
    return KernelCoverage(std::move(kcov));
  }

  // To be called often: between two calls there is room for so many only.
  void sample() {
    seen_.add(kcov_.stop());
    for (const uint64_t block : seen_.take_new()) blocks_.insert(block);
    // It could be started before, and nobody else has this thread.
    static_cast<void>(kcov_.start());
  }

  const std::set<uint64_t> &blocks() {
    sample();
    return blocks_;
  }

 private:
  explicit KernelCoverage(Kcov kcov) : kcov_(std::move(kcov)) {}

  Kcov kcov_;
  BlockSet seen_;
  std::set<uint64_t> blocks_;
};

}  // namespace sklab
