// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "fuzz/lifecycle/lifecycle_model.h"
#include "fuzz/lifecycle/operation.h"

namespace sklab {

// Tells libFuzzer, by its extra counters, which operations followed which, in which state, and what
// came of them.
class LifecycleFeatures {
 public:
  void note_before(const Operation &operation, const LifecycleModel &model);
  void note_after(const Operation &operation, const ExpectedResult &expected);

 private:
  uint64_t previous_ = 0;
  uint64_t state_ = 0;
};

}  // namespace sklab
