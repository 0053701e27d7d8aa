// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The clock of a machine that counts instructions instead of time: an emulator whose time stamp
// counter goes up by one with each of them (QEMU with -icount shift=0), and whose kernel was told
// that this is a gigahertz, so that its nanoseconds are instructions, too.
#pragma once

#include <x86intrin.h>

#include <cstdint>
#include <optional>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

class InstructionClock {
 public:
  // Errors: kUnavailable on a machine whose clocks count anything else: a loop of known length is
  // tried, and both clocks are compared.
  static Result<InstructionClock> open();

  // Instructions executed so far.
  [[nodiscard]] static uint64_t now() { return __rdtsc(); }

  // Counts what is executed between begin() and end(): none if an interrupt came between, whose
  // instructions are in no way a part of what was to be counted.
  void begin();
  std::optional<uint64_t> end();

 private:
  explicit InstructionClock(UniqueFd statistics) : statistics_(std::move(statistics)) {}

  // All interrupts since the machine started.
  [[nodiscard]] uint64_t interrupts() const;
  Result<> try_counter();
  static Result<> compare_clocks();

  UniqueFd statistics_;  // /proc/stat
  uint64_t interrupts_before_ = 0;
  uint64_t start_ = 0;
};

}  // namespace sklab
