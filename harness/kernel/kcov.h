// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// Two numbers that the kernel compared. The type has their size, and whether one is a constant
// (KCOV_CMP_CONST of linux/kcov.h).
struct KcovComparison {
  uint64_t type = 0;
  uint64_t left = 0;
  uint64_t right = 0;
  uint64_t address = 0;  // of the code that did
};

// Which kernel code the calling thread's system calls run (CONFIG_KCOV, Documentation/dev-tools/
// kcov.rst). What interrupts run is not part of it, and a lookup of the probe path is.
class Kcov {
 public:
  // Errors: kUnavailable on a kernel without KCOV, or without debugfs, or without root.
  static Result<Kcov> open();
  Kcov(Kcov &&other) noexcept;
  Kcov &operator=(Kcov &&) = delete;
  ~Kcov();

  // From here on, what the calling thread makes the kernel run is recorded. Errors: KCOV_ENABLE's.
  Result<> start();
  // The addresses of basic blocks since start(), in the order in which they ran, repeated as often;
  // as many as there is room for (65535). Valid until the next start().
  std::span<const uint64_t> stop();

  // The same for what is compared, instead of what runs; there is room for 16383. Errors:
  // kUnavailable without CONFIG_KCOV_ENABLE_COMPARISONS.
  Result<> start_comparisons();
  std::span<const KcovComparison> stop_comparisons();

 private:
  Kcov(UniqueFd fd, uint64_t *records) : fd_(std::move(fd)), records_(records) {}
  Result<> enable(unsigned mode);
  uint64_t disable();

  UniqueFd fd_;
  uint64_t *records_;  // their count, then the records
};

}  // namespace sklab
