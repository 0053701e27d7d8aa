// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

struct ProcessorCounts {
  uint64_t cycles = 0;
  uint64_t instructions = 0;
};

// The processor's own counters of what the calling thread does, in the kernel and out of it
// (perf_event_open(2)).
class ProcessorCounters {
 public:
  // Errors: kUnavailable where there are none, as in most virtual machines, or without the right
  // to.
  static Result<ProcessorCounters> open();

  // Since the counters were opened. Errors: kUnavailable when they had to be shared meanwhile, so
  // that not everything was counted.
  [[nodiscard]] Result<ProcessorCounts> read() const;

 private:
  ProcessorCounters(UniqueFd cycles, UniqueFd instructions)
      : cycles_(std::move(cycles)), instructions_(std::move(instructions)) {}

  UniqueFd cycles_;  // leads the group, which is read at once
  UniqueFd instructions_;
};

}  // namespace sklab
