// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/record/compare/compare_record.h"

namespace sklab {

enum class CompareClock : uint8_t { kInstructions, kWall };

struct CompareOptions {
  std::vector<std::string> kernels;  // NAME=KERNEL, the base first
  std::string filter;                // of rows
  bool quick = false;
  bool rows_only = false;
  bool why = false;  // also which functions changed
  CompareClock clock = CompareClock::kInstructions;
  unsigned boots = 8;  // of each kernel, where times are measured
  uint64_t seed = 1;
  uint64_t guest_seed = 1;
  unsigned jobs = 0;  // guests at once; 0: one a CPU
  std::string command_line;
  // Called often, with the share that is done and what is running.
  std::function<void(double share, const std::string &what)> progress;
};

// Runs `sklab bench` and `sklab conform` in guests of each kernel. Errors: kUsage for a kernel that
// is not there, or is none; kMismatch for one that did not come through, with its log's place. The
// record's run_id is the caller's to fill in.
Result<CompareRecord> compare_kernels(const CompareOptions &options);

}  // namespace sklab
