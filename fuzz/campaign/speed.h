// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How fast semantics_fuzzer is, everything included, and how much of that is the kernel's own time.
#pragma once

#include <string>
#include <vector>

#include "fuzz/campaign/fuzzers.h"
#include "harness/base/result.h"
#include "harness/measure/estimate.h"

namespace sklab {

struct SpeedSettings {
  double total_s = 60;
  std::vector<unsigned> programs = {1, 8};  // of every scenario, a row each
};

struct SpeedRow {
  unsigned programs = 0;
  size_t rounds = 0;
  Estimate scenarios_per_s;
  Estimate kernel_ns;          // of a scenario's lookup, the system call included
  Estimate total_over_kernel;  // time that passed, over the time of the lookups
};

// Rows take turns, round after round, each time in a process of its own that begins without a
// corpus; its first second does not count. Uses harness/measure/interrupt.h and shows its progress
// on stderr. Errors: kUnavailable where the fuzzer cannot run; a fuzzer that found something or
// failed.
Result<std::vector<SpeedRow>> measure_speed(const Fuzzer &semantics_fuzzer,
                                            const SpeedSettings &settings);

std::string speed_text(const std::vector<SpeedRow> &rows);
std::string speed_json(const std::vector<SpeedRow> &rows);

}  // namespace sklab
